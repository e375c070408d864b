/**
 * Which channels are settled in one transaction. TRON gives a transaction 80 ms, and a release's signature takes nearly one
 * of them: what runs out of time burns its whole fee limit and settles nothing (docs/decisions/0007).
 */

/** Releases in one transaction, so also what one channel may need at most. */
export const MAX_RELEASES = 16
/** Seats that need no signature: each is a slot to read and some hashing. */
const MAX_SEATS_IN_BATCH = 64

export interface SettlementSize {
  readonly seats: number
  readonly releases: number
}

/** First fit, in order: few transactions. Whatever is too large by itself is a batch of its own. */
export function packSettlements<T>(
  settlements: readonly T[],
  sizeOf: (settlement: T) => SettlementSize,
): readonly (readonly T[])[] {
  const batches: { readonly items: T[]; seats: number; releases: number }[] = []
  for (const settlement of settlements) {
    const { seats, releases } = sizeOf(settlement)
    const found = batches.find(
      (batch) => batch.releases + releases <= MAX_RELEASES && batch.seats + seats <= MAX_SEATS_IN_BATCH,
    )
    const batch = found ?? { items: [], seats: 0, releases: 0 }
    if (!found) batches.push(batch)
    batch.items.push(settlement)
    batch.seats += seats
    batch.releases += releases
  }
  return batches.map(({ items }) => items)
}

/** Both halves of a batch; of one item, that item alone. */
export function halve<T>(batch: readonly T[]): readonly (readonly T[])[] {
  const middle = Math.ceil(batch.length / 2)
  return [batch.slice(0, middle), batch.slice(middle)].filter(({ length }) => length > 0)
}
