/** What a settlement came to, read from the chain. */

import type { Hex } from '../../base/index.ts'
import type { Address } from '../../tron/index.ts'
import type { Amount, FeeSun } from '../../units/index.ts'

/** Invariant: funded = paid + refunded, to the base unit; paid is the sum over the payees. */
export interface SettleSummary {
  readonly funded: Amount
  readonly paid: Amount
  readonly refunded: Amount
  readonly payees: readonly { readonly payee: Address; readonly amount: Amount }[]
  /** Every transaction of the session that we know by number, from approving to the refund. */
  readonly txIds: readonly Hex[]
  readonly feeSun: FeeSun
}

export type SettleOutcome =
  | { readonly status: 'settled'; readonly summary: SettleSummary }
  /** Some seats were not released: call `finish` after this time. */
  | { readonly status: 'closing'; readonly closeAtSec: bigint }
