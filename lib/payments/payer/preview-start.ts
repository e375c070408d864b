/** What a budget costs in fees, before anything is signed: every transaction that its plan may send has a line here. */

import { MAX_SEATS } from '../../channels/index.ts'
import type { Address, FeeQuote } from '../../tron/index.ts'
import { type Amount, toFeeSun } from '../../units/index.ts'
import type { SellerTerms } from '../ports.ts'
import { packSettlements } from './close-out-batches.ts'
import type { PayerContext } from './context.ts'
import { FIRST_SEATS } from './seat-plan.ts'

export interface StartPreview {
  /** null when the allowance suffices. */
  readonly approve: FeeQuote | null
  readonly open: FeeQuote
  /** Each further channel: seats for late sellers, and for those that ran low. */
  readonly further: FeeQuote
  /** Of settling later, when each seller answers; with the sellers that are known now. */
  readonly settle: FeeQuote
  /** On top of it where one does not: emptying the purse first, and the beginning of the close delay. */
  readonly silent: FeeQuote
}

/**
 * Upper bounds, since nothing can be simulated before the approval stands: what a devnet counts where every slot that a call
 * writes is new (20,000 energy), and the bytes of the longest call. `preview.test.ts` holds them.
 */
const BOUND = {
  fundAndOpen: { energy: 105_000, bytes: 900 },
  open: { energy: 30_500, bytes: 1_650 },
  startClose: { energy: 8_000, bytes: 500 },
  closeOut: { energy: 35_000, bytes: 400 },
  closedChannel: { energy: 12_000, bytes: 450 },
  closedSeat: { energy: 40_000, bytes: 355 },
} as const
/** The chain's prices since August 2025; what a simulated call quotes is taken instead where there is one. */
const SUN_PER_ENERGY = 100
const SUN_PER_BYTE = 1_000

/** Throws ChainError when the node is away. */
export async function previewStart(
  { chain }: PayerContext,
  budget: Amount,
  wallet: Address,
  sellers: Iterable<SellerTerms>,
): Promise<StartPreview> {
  const open = quote([BOUND.fundAndOpen])
  const further = quote([BOUND.open])
  const settle = quoteSettlement([...sellers])
  const silent = quote([BOUND.startClose, BOUND.closeOut])
  const isAllowed = (await chain.getAllowance(wallet)) >= budget
  const approve = isAllowed ? null : await chain.estimateFee({ kind: 'approve', amount: budget }, wallet)
  return { approve, open, further, settle, silent }
}

function quoteSettlement(sellers: readonly SellerTerms[]): FeeQuote {
  const delivering = sellers.filter(({ deliveredBytes }) => deliveredBytes > 0).length
  const seats = Math.max(1, delivering, Math.min(sellers.length, FIRST_SEATS))
  const channels = [Math.min(seats, FIRST_SEATS)]
  for (let left = seats - FIRST_SEATS; left > 0; left -= MAX_SEATS) channels.push(Math.min(left, MAX_SEATS))
  const batches = packSettlements(channels, (count) => ({ seats: count, releases: count }))
  return quote([
    ...batches.map(() => BOUND.closeOut),
    ...channels.map(() => BOUND.closedChannel),
    ...Array.from({ length: seats }, () => BOUND.closedSeat),
  ])
}

function quote(parts: readonly { readonly energy: number; readonly bytes: number }[]): FeeQuote {
  const energy = parts.reduce((sum, part) => sum + part.energy, 0)
  const bandwidthBytes = parts.reduce((sum, part) => sum + part.bytes, 0)
  const feeSun = toFeeSun(BigInt(energy * SUN_PER_ENERGY + bandwidthBytes * SUN_PER_BYTE))
  return { energy, bandwidthBytes, feeSun }
}
