/**
 * How a budget is split over seats. Invariants: the caps of a split add up to the total that was asked for; who delivered
 * nothing gets nothing; two seats of a split are to each other as what their sellers delivered.
 */

import type { Hex } from '../../base/index.ts'
import {
  type ChannelFields,
  channelId,
  NOTE_NONCE_BYTES,
  planOpening,
  type SeatLeaf,
} from '../../channels/index.ts'
import type { Address, TypedDataDomain } from '../../tron/index.ts'
import { type Amount, toAmount } from '../../units/index.ts'
import type { SellerTerms } from '../ports.ts'

/**
 * The first channel is for few: a budget cut into sixteen buys little from each, and its wallet pays for every seat at
 * settling. Those that deliver get more later.
 */
export const FIRST_SEATS = 4
/** How long sellers that only quote are waited for, before a few of them get a seat on trial. */
export const TRIAL_WAIT_MS = 4_000
/** How long the first delivery waits for others before seats are planned from it. */
export const GATHER_MS = 1_000
/** Of the budget, what may rest in seats of late sellers that were not paid yet: strangers cannot lock more. */
const UNPROVEN_SHARE = 8n

/** Whether a further channel of `total` is worth the fee of opening it. */
export type IsWorthOpening = (total: Amount) => boolean

/** The first channel leaves a quarter for late seeders and those that run low, if that is worth a further fee; else it takes all. */
export function getFirstTotal(budget: Amount, isWorth: IsWorthOpening): Amount {
  const rest = toAmount(budget / 4n)
  return isWorth(rest) ? toAmount(budget - rest) : budget
}

/** A further channel takes half of the purse; all of it where half is under a thirty-second of the budget or not worth its fee. Rounds up. */
export function getTopUpTotal(purse: Amount, budget: Amount, isWorth: IsWorthOpening): Amount {
  const half = toAmount((purse + 1n) / 2n)
  return purse * 16n > budget && isWorth(half) ? half : purse
}

/** Late sellers that were not paid yet share half of the room that is left for such, so that it never runs out. Rounds up. */
export function getNewcomersTotal(budget: Amount, unproven: Amount): Amount {
  const room = budget / UNPROVEN_SHARE - unproven
  return toAmount(room > 0n ? (room + 1n) / 2n : 0n)
}

/** Whether a channel is no more than what sellers that were never paid may hold. */
export function isTrialTotal(total: Amount, budget: Amount): boolean {
  return total * UNPROVEN_SHARE <= budget
}

/** Sells, and not above the ceiling. */
export function isInReach({ askPerMiB }: SellerTerms, maxAskPerMiB: Amount): boolean {
  return askPerMiB > 0n && askPerMiB <= maxAskPerMiB
}

/** Sellers within the ceiling that delivered something: most first, the cheaper of equals first. */
export function rankSellers<S extends SellerTerms>(sellers: Iterable<S>, maxAskPerMiB: Amount): readonly S[] {
  const compare = (a: bigint | number, b: bigint | number): number => (a < b ? -1 : a > b ? 1 : 0)
  return [...sellers]
    .filter((seller) => seller.deliveredBytes > 0 && isInReach(seller, maxAskPerMiB))
    .sort((a, b) => compare(b.deliveredBytes, a.deliveredBytes) || compare(a.askPerMiB, b.askPerMiB))
}

/** The first of each payee: it has one seat in a channel, and its second delegate finds one in the next. */
export function takeEachPayeeOnce<S extends SellerTerms>(ranked: readonly S[], limit: number): readonly S[] {
  const payees = new Set<Address>()
  const firsts = ranked.filter(({ payee }) => !payees.has(payee) && payees.add(payee))
  return firsts.slice(0, limit)
}

/** A seller with the least seat that buys anything from it. */
export interface SeatCandidate extends SellerTerms {
  readonly least: Amount
}

/**
 * Splits by what was delivered, as `rankSellers` ordered them. Who would get less than its least seat gets none, from the
 * last on; one always gets a seat. Divisions round down, and the first gets what is left over.
 */
export function splitTotal(total: Amount, candidates: readonly SeatCandidate[]): readonly SeatLeaf[] {
  let seated = candidates
  while (seated.length > 0 && total > 0n) {
    const delivered = seated.reduce((sum, { deliveredBytes }) => sum + BigInt(deliveredBytes), 0n)
    const shares = seated.map(({ deliveredBytes }) => (total * BigInt(deliveredBytes)) / delivered)
    const tooSmall = seated.findLastIndex(({ least }, i) => {
      const share = shares[i] ?? 0n
      return share === 0n || share < least
    })
    if (tooSmall === -1 || seated.length === 1) {
      const rest = total - shares.reduce((sum, share) => sum + share, 0n)
      return seated.map(({ payee, delegate }, i) => ({
        payee,
        delegate,
        cap: toAmount((shares[i] ?? 0n) + (i === 0 ? rest : 0n)),
      }))
    }
    seated = seated.toSpliced(tooSmall, 1)
  }
  return []
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
