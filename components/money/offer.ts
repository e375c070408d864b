/** What a budget could buy on the torrent on screen: nothing is offered where nothing would be gained. */
import type { WatchSnapshot } from '@/lib/features/library/index.ts'
import { type Amount, priceOf } from '@/lib/units/index.ts'
import { findHighestAsk, getAsk } from '../peers/peer-words.ts'

export type Offer =
  /** No torrent is on screen. */
  | { readonly status: 'noTorrent' }
  /** Its contents are not known yet. */
  | { readonly status: 'unknown' }
  /** Every byte of it is here. */
  | { readonly status: 'complete' }
  /** Nobody in sight asks for money. */
  | { readonly status: 'noSeller' }
  | {
      readonly status: 'open'
      readonly missingBytes: number
      /** The highest price that a seeder in sight asks, per MiB. */
      readonly askPerMiB: Amount
      /** What all that is still to come costs at that price. */
      readonly rest: Amount
    }

export function findOffer(torrent: WatchSnapshot | null, isOnScreen: boolean): Offer {
  if (!isOnScreen) return { status: 'noTorrent' }
  if (!torrent || torrent.lengthBytes === 0) return { status: 'unknown' }
  const missingBytes = torrent.lengthBytes - torrent.verifiedBytes
  if (missingBytes === 0) return { status: 'complete' }
  const askPerMiB = findHighestAsk([torrent])
  if (askPerMiB === null) return { status: 'noSeller' }
  return { status: 'open', missingBytes, askPerMiB, rest: priceOf(missingBytes, askPerMiB) }
}

/** Whether a budget is less than one piece costs at the lowest price in sight; false where nobody sells. */
export function isTooSmall(budget: Amount, { peers, pieceLengthBytes }: WatchSnapshot): boolean {
  const asks = peers.flatMap(({ money }) => getAsk(money) || [])
  return asks.length > 0 && asks.every((ask) => priceOf(pieceLengthBytes, ask) > budget)
}
