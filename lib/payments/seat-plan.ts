/** How a budget is split over seats. Invariant: the caps of a plan add up to the total that was asked for. */
import {
  type Address,
  type ChannelFields,
  channelId,
  MAX_SEATS,
  NOTE_NONCE_BYTES,
  planOpening,
  type SeatLeaf,
  type TypedDataDomain,
} from '../tron/index.ts'
import { type Amount, type Hex, toAmount } from '../units/index.ts'
import type { SellerTerms } from './ports.ts'

/** The first channel takes three quarters; the rest waits for late seeders and top-ups. */
export function getFirstTotal(budget: Amount): Amount {
  return toAmount((budget * 3n + 3n) / 4n)
}

/** A further channel takes half of the purse, or all of it once that is under a sixteenth of the budget. Rounds up. */
export function getTopUpTotal(purse: Amount, budget: Amount): Amount {
  return purse * 16n <= budget ? purse : toAmount((purse + 1n) / 2n)
}

/** Sellers within the ceiling, cheapest first, each payee once, no more than a channel seats. */
export function pickSellers(sellers: Iterable<SellerTerms>, maxAskPerMiB: Amount): readonly SellerTerms[] {
  const sorted = [...sellers]
    .filter(({ askPerMiB }) => askPerMiB > 0n && askPerMiB <= maxAskPerMiB)
    .sort((a, b) => (a.askPerMiB < b.askPerMiB ? -1 : a.askPerMiB > b.askPerMiB ? 1 : 0))
  // A payee has one seat in a channel; its second delegate finds one in the next.
  const firsts = new Map(sorted.toReversed().map((seller) => [seller.payee, seller]))
  return sorted.filter((seller) => firsts.get(seller.payee) === seller).slice(0, MAX_SEATS)
}

/** Equal caps; the first ones get the remainder of the division. Sellers beyond one base unit each get no seat. */
export function splitTotal(total: Amount, sellers: readonly SellerTerms[]): readonly SeatLeaf[] {
  const seated = BigInt(sellers.length) > total ? sellers.slice(0, Number(total)) : sellers
  const count = BigInt(seated.length)
  return seated.map(({ payee, delegate }, i) => ({
    payee,
    delegate,
    cap: toAmount(total / count + (BigInt(i) < total % count ? 1n : 0n)),
  }))
}

export interface PlannedChannel {
  readonly channelId: Hex
  readonly fields: ChannelFields
  /** What its opening carries. */
  readonly note: Hex
  /** In the tree's order. */
  readonly leaves: readonly SeatLeaf[]
}

/** A channel over these seats with a fresh note. Throws ChannelError when there is no seat. */
export function planChannel(options: {
  readonly payer: Address
  readonly signer: Address
  readonly leaves: readonly SeatLeaf[]
  readonly closeDelaySec: number
  readonly random: (lengthBytes: number) => Uint8Array
  readonly domain: TypedDataDomain
}): PlannedChannel {
  const { channel, note, tree } = planOpening(options.leaves, options, options.random(NOTE_NONCE_BYTES))
  return { channelId: channelId(channel, options.domain), fields: channel, note, leaves: tree.leaves }
}
