/** What the page sees of earning, and what it may ask for. */
import type { Hex } from '../../base/index.ts'
import type { Outcome, Problem } from '../../kernel/index.ts'
import type { Amount, FeeSun } from '../../units/index.ts'

/** Payers that close their channels: what is not redeemed in time goes back to them. */
export interface ClosingPayer {
  readonly problem: Problem
  readonly due: Amount
  /** When the first of them may settle, by the chain's clock. */
  readonly closeAtSec: bigint
}

interface Earnings {
  /** All that this browser earned for the connected account; 0 until there is one. */
  readonly earned: Amount
  /** Of it, what is still due: of earlier visits, too. */
  readonly redeemable: Amount
  /** null while nobody closes, and where the wallet redeems by itself. */
  readonly closing: ClosingPayer | null
}

export type EarnSnapshot =
  | (Earnings & {
      readonly status: 'off'
      /** Sold before, until a signature of the wallet ran out: starting again asks for one. null: nothing was. */
      readonly keptAskPerMiB: Amount | null
      /** The wallet will be asked for a signature, once a month: its owner is told before. */
      readonly asksForSignature: boolean
      readonly problem: Problem | null
    })
  | (Earnings & {
      readonly status: 'on'
      readonly askPerMiB: Amount
      readonly payers: number
      readonly problem: Problem | null
    })
  | (Earnings & {
      readonly status: 'redeeming'
      /** null when nothing is being sold. */
      readonly askPerMiB: Amount | null
      readonly txId: Hex | null
    })

export interface RedeemPreview {
  /** All that is due now, and what of it is worth its fee. */
  readonly due: Amount
  readonly brings: Amount
  readonly feeSun: FeeSun
  readonly transactions: number
  /** Set when nothing is worth its fee, or the wallet holds too little TRX for it. */
  readonly problem: Problem | null
}

export type RedeemPreviewOutcome =
  | { readonly status: 'known'; readonly preview: RedeemPreview }
  | { readonly status: 'unknown'; readonly problem: Problem }

export interface EarnCommands {
  startEarning(terms: { readonly askPerMiB: Amount }): Promise<Outcome>
  stopEarning(): void
  previewRedeem(): Promise<RedeemPreviewOutcome>
  redeem(): Promise<Outcome>
}
