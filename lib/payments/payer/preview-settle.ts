/** What settling the budget in hand costs, before anything is signed. */

import { burnOf, type FeeQuote, type Priced, quoteFee } from '../../tron/index.ts'
import type { FeeSun } from '../../units/index.ts'
import { BOUND, sumCalls } from './call-bounds.ts'
import { isLive } from './channel-state.ts'
import { packSettlements } from './close-out-batches.ts'
import { type PayerContext, requireSession } from './context.ts'

export interface SettlePreview {
  /** TRX that it burns at most when each seller answers, once staked energy and free bandwidth are used. */
  readonly feeSun: FeeSun
  /** Transactions that the wallet signs then. */
  readonly signatures: number
  /** Where one does not answer, on top of it: the close delay is begun now, and the channel settled after it. */
  readonly silent: FeeQuote
  readonly balanceSun: FeeSun
}

/** Upper bounds at the chain's prices, for the channels as they stand. Throws ChainError 'no-session', or when the node is away. */
export async function previewSettle(context: PayerContext): Promise<SettlePreview> {
  const { book, chain } = context
  const { payer } = requireSession(context)
  const [prices, means] = await Promise.all([chain.getPrices(), chain.getMeans(payer)])
  const live = book.getChannels().filter(({ state }) => isLive(state))
  const batches = packSettlements(live, ({ leaves }) => ({ seats: leaves.length, releases: leaves.length }))
  // Without a channel, one transaction still empties the purse.
  const transactions = (batches.length > 0 ? batches : [[]]).map(
    (channels): Priced =>
      sumCalls([
        BOUND.closeOut,
        ...channels.flatMap(({ leaves }) => [BOUND.closedChannel, ...leaves.map(() => BOUND.closedSeat)]),
      ]),
  )
  const { energy, bandwidthBytes } = sumCalls([BOUND.startClose, BOUND.closeOut])
  return {
    feeSun: burnOf(transactions, means, prices),
    signatures: transactions.length,
    silent: quoteFee(energy, bandwidthBytes, prices),
    balanceSun: means.balanceSun,
  }
}
