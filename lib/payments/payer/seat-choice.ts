/**
 * Who gets a seat in the next channel, and how large. Invariant: who delivers comes before who only quotes, who was paid
 * before who was not; all seats of sellers that were never paid, beyond the first channel, are an eighth of the budget.
 */

import { bytesToHex, type Hex } from '../../base/index.ts'
import { MAX_SEATS, type SeatLeaf } from '../../channels/index.ts'
import { type Amount, priceOf, toAmount, ZERO_AMOUNT } from '../../units/index.ts'
import type { SellerId, SellerTerms } from '../ports.ts'
import type { PayerSeatRecord, SessionRecord } from '../records.ts'
import { type PayerBook, remainingOf } from './book.ts'
import {
  FIRST_SEATS,
  getFirstTotal,
  getNewcomersTotal,
  getTopUpTotal,
  type IsWorthOpening,
  isInReach,
  isTrialTotal,
  rankSellers,
  type SeatCandidate,
  splitTotal,
  takeEachPayeeOnce,
} from './seat-plan.ts'
import { promisedOf } from './seat-state.ts'

/** A seat with less than this share of its cap left asks for a further one … */
const LOW_SHARE = 4n
/** … or with less than this many of the dearest pieces. */
const LOW_PIECES = 4n
/** A piece whose length nobody told us. */
const ASSUMED_PIECE_BYTES = 1_048_576

/** The seats of a session's first channel, over sellers known at its start; empty while none delivered. */
export function chooseFirstLeaves(
  total: Amount,
  sellers: Iterable<SellerTerms>,
  maxAskPerMiB: Amount,
): readonly SeatLeaf[] {
  const ranked = takeEachPayeeOnce(rankSellers(sellers, maxAskPerMiB), FIRST_SEATS)
  return splitTotal(
    total,
    ranked.map((seller) => ({ ...seller, least: assumedPrice(seller) })),
  )
}

/** The seats of the session's next channel out of `available`; empty when nobody needs one that it could fill. */
export function chooseLeaves(
  book: PayerBook,
  session: SessionRecord,
  sellers: Iterable<SellerTerms>,
  available: Amount,
  isWorth: IsWorthOpening,
): readonly SeatLeaf[] {
  const { budget, maxAskPerMiB } = session
  const channels = book.getChannels().filter(({ state }) => state.status !== 'failed')
  const needy = rankSellers(sellers, maxAskPerMiB).filter((seller) => isNeedy(book, seller))
  if (hasOnlyTrials(book, budget))
    return chooseFirstLeaves(getFirstTotal(available, isWorth), needy, maxAskPerMiB)
  const paid = needy.filter((seller) => promisedTo(book, seller) > 0n)
  const grown = takeEachPayeeOnce(paid, MAX_SEATS).map((seller) => toCandidate(book, seller))
  const growth = fillOrAll(getTopUpTotal(available, budget, isWorth), available, grown)
  const taken = new Set(growth.map(({ payee }) => payee))
  const rest = needy.filter((seller) => !paid.includes(seller) && !taken.has(seller.payee))
  // One opening at a time for those that nobody has paid yet: each is a fee, and perhaps a question to the user.
  const isOpening = channels.some(({ state }) => state.status === 'planned' || state.status === 'opening')
  if (isOpening) return growth
  const left = toAmount(available - growth.reduce((sum, { cap }) => sum + cap, 0n))
  const fresh = takeEachPayeeOnce(rest, MAX_SEATS - growth.length).map((seller) => toCandidate(book, seller))
  return [...growth, ...seatNewcomers(budget, left, sumUnproven(book, budget), fresh)]
}

/**
 * Small seats for a few sellers that only quote, by chance: where nobody delivers, one of them may be a seller that gives
 * nothing for free. Empty while anybody delivers.
 */
export function chooseTrialLeaves(
  book: PayerBook,
  session: SessionRecord,
  sellers: Iterable<SellerTerms>,
  available: Amount,
  random: (lengthBytes: number) => Uint8Array,
): readonly SeatLeaf[] {
  const { budget, maxAskPerMiB } = session
  const inReach = [...sellers].filter((seller) => isInReach(seller, maxAskPerMiB))
  if (inReach.some(({ deliveredBytes }) => deliveredBytes > 0)) return []
  const drawn = inReach
    .filter((seller) => seatsOf(book, seller).length === 0)
    .map((seller) => ({ seller, lot: bytesToHex(random(8)) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .map(({ seller }): SeatCandidate => ({ ...toCandidate(book, seller), deliveredBytes: 1 }))
  const candidates = takeEachPayeeOnce(drawn, FIRST_SEATS)
  return seatNewcomers(budget, available, sumUnproven(book, budget), candidates)
}

/** Whether no channel of this session is more than a trial: what is planned next is the first that counts. */
export function hasOnlyTrials(book: PayerBook, budget: Amount): boolean {
  return findFirstChannel(book, budget) === null
}

/** Whether a purse of `available` could still give this seller a seat, once it has delivered something. */
export function mayBeSeated(book: PayerBook, seller: SellerTerms, available: Amount): boolean {
  if (hasOnlyTrials(book, book.getSession()?.budget ?? ZERO_AMOUNT)) return available > 0n
  return available > 0n && available >= toCandidate(book, seller).least
}

/** `share` over the candidates, or all that there is for the first of them where the share buys nothing. */
function fillOrAll(
  share: Amount,
  available: Amount,
  candidates: readonly SeatCandidate[],
): readonly SeatLeaf[] {
  const [first] = candidates
  if (!first || available < first.least) return []
  return share >= first.least ? splitTotal(share, candidates) : splitTotal(available, [first])
}

/** Sellers that nobody has paid yet. While none of them waits to prove itself, one may have a whole piece in any case. */
function seatNewcomers(
  budget: Amount,
  left: Amount,
  unproven: Amount,
  candidates: readonly SeatCandidate[],
): readonly SeatLeaf[] {
  const [first] = candidates
  if (!first || left < first.least) return []
  const room = getNewcomersTotal(budget, unproven)
  const share = room < left ? room : left
  if (share >= first.least) return splitTotal(share, candidates)
  return unproven === 0n ? splitTotal(first.least, [first]) : []
}

function toCandidate(book: PayerBook, seller: SellerTerms): SeatCandidate {
  const own = book.getDearestPiece(seller.payee)
  const known = own > 0n ? own : dearestOfAll(book)
  return { ...seller, least: known > 0n ? known : assumedPrice(seller) }
}

function assumedPrice({ pieceLengthBytes, askPerMiB }: SellerTerms): Amount {
  return priceOf(pieceLengthBytes ?? ASSUMED_PIECE_BYTES, askPerMiB)
}

function dearestOfAll(book: PayerBook): Amount {
  let dearest = ZERO_AMOUNT
  for (const { payee } of book.getChannels().flatMap(({ leaves }) => leaves)) {
    const own = book.getDearestPiece(payee)
    if (own > dearest) dearest = own
  }
  return dearest
}

/** Seats that still count for a seller: of channels that were not given up, not ended by it. */
function seatsOf(book: PayerBook, seller: SellerId): readonly PayerSeatRecord[] {
  return book.getSeatsOf(seller).filter(({ channelId, state }) => {
    const channel = book.getChannel(channelId)
    return channel !== null && channel.state.status !== 'failed' && state.status !== 'released'
  })
}

function isNeedy(book: PayerBook, seller: SellerId): boolean {
  const seats = seatsOf(book, seller)
  if (seats.some(({ state }) => state.status === 'planned')) return false
  const left = seats.reduce((sum, seat) => sum + remainingOf(seat), 0n)
  const byShare = (seats.at(-1)?.cap ?? 0n) / LOW_SHARE
  const byPieces = book.getDearestPiece(seller.payee) * LOW_PIECES
  return seats.length === 0 || left < (byShare > byPieces ? byShare : byPieces)
}

function promisedTo(book: PayerBook, seller: SellerId): bigint {
  return book.getSeatsOf(seller).reduce((sum, { state }) => sum + promisedOf(state), 0n)
}

/** The session's first channel that is larger than seats on trial may be. */
function findFirstChannel(book: PayerBook, budget: Amount): Hex | null {
  const channels = book.getChannels().filter(({ state }) => state.status !== 'failed')
  return channels.find(({ fields }) => !isTrialTotal(fields.total, budget))?.channelId ?? null
}

/** What rests in seats of other channels than the first whose sellers were paid nothing yet. */
function sumUnproven(book: PayerBook, budget: Amount): Amount {
  const firstId = findFirstChannel(book, budget)
  const others = book
    .getChannels()
    .filter(({ channelId, state }) => state.status !== 'failed' && channelId !== firstId)
  const seats = others.flatMap(({ channelId, leaves }) =>
    leaves.flatMap(({ payee }) => book.getSeat(channelId, payee) ?? []),
  )
  const unproven = seats.filter((seat) => promisedTo(book, seat) === 0n)
  return toAmount(unproven.reduce((sum, { cap }) => sum + cap, 0n))
}
