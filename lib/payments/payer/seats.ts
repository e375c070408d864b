/** Which of a payer's seats is shown to a seller, and which one a payment goes through. */

import { type Hex, nowSec } from '../../base/index.ts'
import { buildSeatTree, type SeatTree } from '../../channels/index.ts'
import { type Amount, ZERO_AMOUNT } from '../../units/index.ts'
import { type OfferedSeat, type SellerId, type SellerTerms, sellerKey } from '../ports.ts'
import type { ChannelRecord, PayerSeatRecord } from '../records.ts'
import { remainingOf } from './book.ts'
import { isLocked } from './budget-state.ts'
import type { PayerContext } from './context.ts'
import type { PayerPlanner } from './planner.ts'
import { refreshChannel } from './refresh-channel.ts'

/** An unopened channel is looked up at most this often for a payment. */
const LOOK_INTERVAL_MS = 1_000

export interface PayerSeats {
  /** The seat to show a seller; null when there is none with something left. */
  getOffered(seller: SellerId): OfferedSeat | null
  /** What is left in that seat. */
  getRemaining(seller: SellerId): Amount
  /** A seat that covers `amount` in an open channel; looks up unopened ones when there is none. */
  findCovering(seller: SellerId, amount: Amount): Promise<PayerSeatRecord | null>
  /** Neither a seat nor the purse has anything left that could buy. */
  isExhausted(): boolean
  /** Why; null while it is not so. */
  getExhaustion(): Exhaustion | null
}

/** 'expired': its time is over. 'elsewhere': what is left waits for sellers that are not in sight. 'spent': all of it was promised. */
export type Exhaustion = 'expired' | 'elsewhere' | 'spent'

export function createPayerSeats(
  context: PayerContext,
  sellers: ReadonlyMap<string, SellerTerms>,
  planner: PayerPlanner,
): PayerSeats {
  const { book, clock } = context
  const trees = new Map<Hex, SeatTree>()
  const lookedAtMs = new Map<Hex, number>()

  const channelOf = (seat: PayerSeatRecord): ChannelRecord | null => book.getChannel(seat.channelId)
  const isOpen = (seat: PayerSeatRecord): boolean =>
    seat.state.status === 'open' && channelOf(seat)?.state.status === 'open'
  /**
   * The seat to show a seller: the newest open one that covers its dearest piece, so that a top-up is known to its
   * seller (who must release it) before it is needed; else one that the seller may open; else any with something left.
   */
  function currentSeat(seller: SellerId): PayerSeatRecord | null {
    const usable = book.getSeatsOf(seller).filter((seat) => isOpen(seat) || isOffered(seat))
    const needed = book.getDearestPiece(seller.payee)
    const covering = usable.filter((seat) => remainingOf(seat) > 0n && remainingOf(seat) >= needed)
    return covering.findLast(isOpen) ?? covering[0] ?? usable.find((seat) => remainingOf(seat) > 0n) ?? null
  }

  /** Not on the chain yet, but this seller said that it opens channels itself. */
  function isOffered(seat: PayerSeatRecord): boolean {
    const channel = channelOf(seat)
    const isWaiting = channel?.state.status === 'planned' || channel?.state.status === 'opening'
    const relayFrom = sellers.get(sellerKey(seat))?.relayFrom ?? null
    return isWaiting && channel.openSignature !== null && relayFrom !== null && seat.cap >= relayFrom
  }

  function treeOf(channel: ChannelRecord): SeatTree {
    const tree = trees.get(channel.channelId) ?? buildSeatTree(channel.leaves)
    trees.set(channel.channelId, tree)
    return tree
  }

  function isExhausted(): boolean {
    const session = book.getSession()
    if (!session || session.funded === 0n || !isLocked(session.state)) return false
    const met: readonly SellerId[] = [...sellers.values()].filter(
      ({ askPerMiB }) => askPerMiB <= session.maxAskPerMiB,
    )
    const known = met.length > 0 ? met : book.getChannels().flatMap(({ leaves }) => leaves)
    if (known.length === 0) return false
    return known.every((seller) => {
      if (planner.mayGrow(seller)) return false
      const needed = book.getDearestPiece(seller.payee)
      return !book
        .getSeatsOf(seller)
        .some((seat) => isOpen(seat) && remainingOf(seat) > 0n && remainingOf(seat) >= needed)
    })
  }

  function getExhaustion(): Exhaustion | null {
    if (!isExhausted()) return null
    const session = book.getSession()
    if (session && session.untilSec <= nowSec(clock) && book.getFreePurse() > 0n) return 'expired'
    const isElsewhere = book
      .getChannels()
      .filter(({ state }) => state.status === 'open')
      .flatMap(({ channelId, leaves }) => leaves.flatMap(({ payee }) => book.getSeat(channelId, payee) ?? []))
      .some((seat) => !sellers.has(sellerKey(seat)) && remainingOf(seat) > book.getDearestPiece(seat.payee))
    return isElsewhere ? 'elsewhere' : 'spent'
  }

  async function findCovering(seller: SellerId, amount: Amount): Promise<PayerSeatRecord | null> {
    const covers = (seat: PayerSeatRecord): boolean => remainingOf(seat) >= amount
    const find = (): PayerSeatRecord | null =>
      book.getSeatsOf(seller).find((seat) => isOpen(seat) && covers(seat)) ?? null
    const found = find()
    if (found) return found
    for (const seat of book.getSeatsOf(seller)) {
      const isLate = clock.nowMs() - (lookedAtMs.get(seat.channelId) ?? 0) >= LOOK_INTERVAL_MS
      if (!isOffered(seat) || !covers(seat) || !isLate) continue
      lookedAtMs.set(seat.channelId, clock.nowMs())
      await refreshChannel(context, seat.channelId, 'background').catch(context.report)
    }
    return find()
  }

  return {
    getOffered(seller) {
      const seat = currentSeat(seller)
      const channel = seat && channelOf(seat)
      const leaf = channel?.leaves.find((one) => one.payee === seller.payee)
      if (!channel || !leaf) return null
      const { channelId, fields, note, openSignature, state } = channel
      const isOpenable = state.status !== 'open' && openSignature !== null
      const path = treeOf(channel).proofOf(seller.payee)
      return {
        channelId,
        channel: fields,
        leaf,
        path,
        opening: isOpenable ? { signature: openSignature, note } : null,
      }
    },
    getRemaining(seller) {
      const seat = currentSeat(seller)
      return seat ? remainingOf(seat) : ZERO_AMOUNT
    },
    findCovering,
    isExhausted,
    getExhaustion,
  }
}
