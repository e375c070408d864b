import { ZERO_AMOUNT } from '../../units/index.ts'
import type { EarnSnapshot } from './snapshot.ts'

export const INITIAL_EARN: EarnSnapshot = {
  status: 'off',
  earned: ZERO_AMOUNT,
  redeemable: ZERO_AMOUNT,
  closing: null,
  keptAskPerMiB: null,
  asksForSignature: false,
  problem: null,
}
