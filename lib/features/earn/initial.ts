import { ZERO_AMOUNT } from '../../units/index.ts'
import type { EarnSnapshot } from './snapshot.ts'

export const INITIAL_EARN: EarnSnapshot = {
  status: 'off',
  redeemable: ZERO_AMOUNT,
  asksForSignature: false,
  problem: null,
}
