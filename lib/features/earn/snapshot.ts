/** What the page sees of earning, and what it may ask for. */
import type { Hex } from '../../base/index.ts'
import type { Outcome, Problem } from '../../kernel/index.ts'
import type { Amount } from '../../units/index.ts'

export type EarnSnapshot =
  /** `redeemable`: earned on an earlier visit and still due; 0 until a wallet is connected. */
  | {
      readonly status: 'off'
      readonly redeemable: Amount
      /** The wallet will be asked for a signature, once a month: its owner is told before. */
      readonly asksForSignature: boolean
      readonly problem: Problem | null
    }
  | {
      readonly status: 'on'
      readonly askPerMiB: Amount
      readonly earned: Amount
      readonly redeemable: Amount
      readonly payers: number
      readonly problem: Problem | null
    }
  | {
      readonly status: 'redeeming'
      /** null when nothing is being sold. */
      readonly askPerMiB: Amount | null
      readonly earned: Amount
      readonly redeemable: Amount
      readonly txId: Hex | null
    }

export interface EarnCommands {
  startEarning(terms: { readonly askPerMiB: Amount }): Promise<Outcome>
  stopEarning(): void
  redeem(): Promise<Outcome>
}
