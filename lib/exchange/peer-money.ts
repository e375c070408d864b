/** How one peer's row stands with money: what the page shows of a wire. */
import type { Address } from '../tron/index.ts'
import type { Amount } from '../units/index.ts'

interface PaidSeller {
  readonly payee: Address
  readonly askPerMiB: Amount
  readonly paid: Amount
  readonly tipped: Amount
  readonly paidPieces: number
  readonly paidBytes: number
  /** What its seat still covers: pieces and tips. */
  readonly remaining: Amount
}

export type PeerMoney =
  | { readonly status: 'free' }
  /** Sells, we do not pay it (yet). */
  | {
      readonly status: 'quoted'
      readonly payee: Address
      readonly askPerMiB: Amount
      readonly tooDear: boolean
    }
  /** The payer's own account: it is never paid. */
  | { readonly status: 'own'; readonly payee: Address }
  /** A seat is being opened or checked. */
  | { readonly status: 'opening'; readonly payee: Address; readonly askPerMiB: Amount }
  | (PaidSeller & { readonly status: 'paying' })
  /** The seat's cap or the budget is used up: served free now. */
  | (PaidSeller & { readonly status: 'exhausted' })
  /** It took our bid and then sent nothing: served free until we try again. */
  | (PaidSeller & { readonly status: 'stalled' })
  /** We sell to it. */
  | {
      readonly status: 'buyer'
      readonly earned: Amount
      readonly paidBytes: number
      readonly unpaidBytes: number
    }
  | { readonly status: 'refused'; readonly payee: Address | null; readonly reason: string }

/** What came of a tip. */
export type TipOutcome =
  | { readonly status: 'sent' }
  /** `code`: 'not-selling', 'no-seat', 'too-little', 'bad-memo', 'gone'. Nothing was paid. */
  | { readonly status: 'refused'; readonly code: string; readonly message: string }
