/** Receipts of one torrent with no long pause between them, as one line. Invariant: sums of visits are sums of their receipts. */
import type { Receipt, ReceiptKind } from '@/lib/ledger/index.ts'
import { type Amount, toAmount, ZERO_AMOUNT } from '@/lib/units/index.ts'
import { getCounterparty, getRoll } from './receipt-words.ts'

/** Who comes back later than this begins another visit. */
const PAUSE_MS = 30 * 60_000

export type Direction = 'paid' | 'earned'

export const VISIT_KINDS: Readonly<Record<Direction, readonly ReceiptKind[]>> = {
  paid: ['piece', 'tip'],
  earned: ['earned', 'tipEarned'],
}

export interface Visit {
  readonly kind: 'visit'
  readonly direction: Direction
  readonly infoHash: string
  readonly torrentName: string
  /** Pieces and tips. */
  readonly amount: Amount
  readonly tips: Amount
  readonly pieces: number
  readonly lengthBytes: number
  /** Accounts on the other side. */
  readonly parties: number
  readonly firstAtMs: number
  readonly lastAtMs: number
  /** Of the receipts in it, with those of other torrents between them. */
  readonly newestId: number
  readonly oldestId: number
}

/** A transaction stands for itself. */
export type TimelineEntry =
  | Visit
  | { readonly kind: 'transaction'; readonly receipt: Receipt; readonly lastAtMs: number }

interface OpenVisit {
  visit: Visit
  readonly parties: Set<string>
}

function findDirection({ kind }: Receipt): Direction | null {
  if (VISIT_KINDS.paid.includes(kind)) return 'paid'
  return VISIT_KINDS.earned.includes(kind) ? 'earned' : null
}

/** Adds receipts up as they are read, newest first. */
export class Timeline {
  readonly #entries: (OpenVisit | Exclude<TimelineEntry, Visit>)[] = []
  readonly #open = new Map<string, OpenVisit>()
  #readToMs = Number.POSITIVE_INFINITY

  add(receipt: Receipt): void {
    this.#readToMs = Math.min(this.#readToMs, receipt.atMs)
    const direction = findDirection(receipt)
    if (direction === null || !('infoHash' in receipt)) {
      this.#entries.push({ kind: 'transaction', receipt, lastAtMs: receipt.atMs })
      return
    }
    const key = `${direction}/${receipt.infoHash}`
    const lastAtMs = getRoll(receipt)?.lastAtMs ?? receipt.atMs
    let open = this.#open.get(key)
    if (!open || open.visit.firstAtMs - lastAtMs > PAUSE_MS) {
      const { infoHash, torrentName, id } = receipt
      open = {
        parties: new Set(),
        visit: {
          kind: 'visit',
          direction,
          infoHash,
          torrentName,
          amount: ZERO_AMOUNT,
          tips: ZERO_AMOUNT,
          pieces: 0,
          lengthBytes: 0,
          parties: 0,
          firstAtMs: receipt.atMs,
          lastAtMs,
          newestId: id,
          oldestId: id,
        },
      }
      this.#open.set(key, open)
      this.#entries.push(open)
    }
    const { visit, parties } = open
    const party = getCounterparty(receipt)
    if (party) parties.add(party)
    const isTip = receipt.kind === 'tip' || receipt.kind === 'tipEarned'
    open.visit = {
      ...visit,
      amount: toAmount(visit.amount + receipt.amount),
      tips: isTip ? toAmount(visit.tips + receipt.amount) : visit.tips,
      pieces: visit.pieces + (isTip ? 0 : (getRoll(receipt)?.pieces ?? 1)),
      lengthBytes: visit.lengthBytes + receipt.lengthBytes,
      parties: parties.size,
      firstAtMs: Math.min(visit.firstAtMs, receipt.atMs),
      lastAtMs: Math.max(visit.lastAtMs, lastAtMs),
      oldestId: receipt.id,
    }
  }

  /** Newest first: those whose sums no older receipt can change, or all of them once everything was read. */
  list(isAll: boolean): readonly TimelineEntry[] {
    const entries = this.#entries.map((entry) => ('visit' in entry ? entry.visit : entry))
    const cut = entries.findIndex(
      (entry) => entry.kind === 'visit' && entry.firstAtMs - this.#readToMs <= PAUSE_MS,
    )
    return isAll || cut === -1 ? entries : entries.slice(0, cut)
  }
}
