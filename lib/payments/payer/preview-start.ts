/** What a budget costs in fees, before anything is signed: every transaction that its plan may send has a line here. */

import { MAX_SEATS } from '../../channels/index.ts'
import {
  type Address,
  burnOf,
  type ChainPrices,
  type FeeQuote,
  type Priced,
  quoteFee,
} from '../../tron/index.ts'
import { type Amount, type FeeSun, toAmount, toFeeSun } from '../../units/index.ts'
import type { SellerTerms } from '../ports.ts'
import { BOUND, sumCalls } from './call-bounds.ts'
import { packSettlements } from './close-out-batches.ts'
import type { PayerContext } from './context.ts'
import { FIRST_SEATS, getFirstTotal, getTopUpTotal } from './seat-plan.ts'

export interface StartPreview {
  /** null when the allowance suffices. */
  readonly approve: FeeQuote | null
  readonly open: FeeQuote
  /** Each further channel: seats for late sellers, and for those that ran low. */
  readonly further: FeeQuote
  /** What each of them adds to the settlement. */
  readonly furtherSettle: FeeQuote
  /** So many further channels a wallet that signs by itself may open unasked: each can buy ten times its fee. */
  readonly furtherMost: number
  /** Of settling later, when each seller answers; with the sellers that are known now. */
  readonly settle: FeeQuote
  /** On top of it where one does not: emptying the purse first, and the beginning of the close delay. */
  readonly silent: FeeQuote
  /** The account's TRX, and what of it all this burns once its staked energy and free bandwidth are used: at once, and to settle. */
  readonly balanceSun: FeeSun
  readonly nowSun: FeeSun
  readonly settleSun: FeeSun
}

/** Upper bounds at the chain's prices. Throws ChainError when the node is away. */
export async function previewStart(
  { chain, isWorthOpening }: PayerContext,
  budget: Amount,
  wallet: Address,
  sellers: Iterable<SellerTerms>,
): Promise<StartPreview> {
  const [prices, means, allowance] = await Promise.all([
    chain.getPrices(),
    chain.getMeans(wallet),
    chain.getAllowance(wallet),
  ])
  const approve =
    allowance >= budget ? null : await chain.estimateFee({ kind: 'approve', amount: budget }, wallet)
  const seats = countSeats([...sellers])
  const settlement = planSettlement(seats)
  const atOnce = [...(approve ? [approve] : []), BOUND.fundAndOpen]
  const nowSun = burnOf(atOnce, means, prices)
  return {
    approve,
    open: quote([BOUND.fundAndOpen], prices),
    further: quote([BOUND.open], prices),
    furtherSettle: quote(
      [BOUND.closedChannel, ...Array.from({ length: seats }, () => BOUND.closedSeat)],
      prices,
    ),
    furtherMost: countFurther(budget, isWorthOpening),
    settle: quote(settlement, prices),
    silent: quote([BOUND.startClose, BOUND.closeOut], prices),
    balanceSun: means.balanceSun,
    nowSun,
    settleSun: toFeeSun(burnOf([...atOnce, sumCalls(settlement)], means, prices) - nowSun),
  }
}

/** How the purse is used up by channels that are each worth their fee. */
function countFurther(budget: Amount, isWorth: PayerContext['isWorthOpening']): number {
  let purse = toAmount(budget - getFirstTotal(budget, isWorth))
  let count = 0
  for (; purse > 0n; count++) {
    const total = getTopUpTotal(purse, budget, isWorth)
    if (!isWorth(total)) break
    purse = toAmount(purse - total)
  }
  return count
}

/** How many sellers get seats as things stand: those that delivered, and the few that are tried at first. */
function countSeats(sellers: readonly SellerTerms[]): number {
  const delivering = sellers.filter(({ deliveredBytes }) => deliveredBytes > 0).length
  return Math.max(1, delivering, Math.min(sellers.length, FIRST_SEATS))
}

/** The parts of the transactions that settle a budget. */
function planSettlement(seats: number): readonly Priced[] {
  const channels = [Math.min(seats, FIRST_SEATS)]
  for (let left = seats - FIRST_SEATS; left > 0; left -= MAX_SEATS) channels.push(Math.min(left, MAX_SEATS))
  const batches = packSettlements(channels, (count) => ({ seats: count, releases: count }))
  return [
    ...batches.map(() => BOUND.closeOut),
    ...channels.map(() => BOUND.closedChannel),
    ...Array.from({ length: seats }, () => BOUND.closedSeat),
  ]
}

function quote(parts: readonly Priced[], prices: ChainPrices): FeeQuote {
  const { energy, bandwidthBytes } = sumCalls(parts)
  return quoteFee(energy, bandwidthBytes, prices)
}
