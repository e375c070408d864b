/**
 * What peers paid us, rolled up: one line for each channel, torrent and day (UTC). Tips are lines of their own until a channel had
 * TIP_LINES_PER_DAY that day, then they are rolled up too and their memos dropped. Invariants: sums over lines equal sums over
 * vouchers; the number of lines is bounded by channels × torrents × days, whatever a payer sends.
 */
import { toAmount } from '../units/index.ts'
import type { Receipt } from './receipt.ts'
import type { NewReceipt } from './store.ts'

/** Nobody reads more memos of one payer a day; at 200 characters each they cost 100 kB at most. */
export const TIP_LINES_PER_DAY = 100
const DAY_MS = 86_400_000

export type EarnedReceipt = Extract<Receipt, { kind: 'earned' | 'tipEarned' }>
type NewEarned = Extract<NewReceipt, { kind: 'earned' | 'tipEarned' }>

/** What becomes of a receipt: a new line, or one voucher more in line `id`. */
export type ReceiptEntry =
  | { readonly status: 'line'; readonly receipt: Receipt }
  | { readonly status: 'added'; readonly id: number; readonly voucher: RollVoucher }

/** What a line takes of a voucher that is added to it. */
export type RollVoucher = Pick<NewEarned, 'atMs' | 'amount' | 'cumulative' | 'lengthBytes'> & {
  readonly isPiece: boolean
}

export const isEarned = <R extends { readonly kind: Receipt['kind'] }>(
  receipt: R,
): receipt is Extract<R, { kind: 'earned' | 'tipEarned' }> =>
  receipt.kind === 'earned' || receipt.kind === 'tipEarned'

export const dayOf = (atMs: number): number => Math.floor(atMs / DAY_MS)

/** The line that a voucher belongs to when it is rolled up. */
export const rollKey = ({ kind, channelId, infoHash, atMs }: NewEarned): string =>
  `${kind}:${channelId}:${infoHash}:${dayOf(atMs)}`

/** What counts the tips of a channel that are lines of their own. */
export const tipsKey = ({ channelId, atMs }: NewEarned): string => `tips:${channelId}:${dayOf(atMs)}`

export function toRollVoucher({ atMs, amount, cumulative, lengthBytes, pieceIndex }: NewEarned): RollVoucher {
  return { atMs, amount, cumulative, lengthBytes, isPiece: pieceIndex !== null }
}

/** The first line of a roll. */
export function beginRoll(receipt: NewEarned, id: number): EarnedReceipt {
  const { atMs, pieceIndex } = receipt
  const roll = { vouchers: 1, pieces: pieceIndex === null ? 0 : 1, lastAtMs: atMs }
  return { ...receipt, id, pieceIndex: null, memo: null, roll }
}

/** A line with one voucher more. The clock may have been set back: first and last stay what they say. */
export function addToRoll(line: EarnedReceipt, voucher: RollVoucher): EarnedReceipt {
  const { vouchers, pieces, lastAtMs } = line.roll ?? { vouchers: 1, pieces: 0, lastAtMs: line.atMs }
  return {
    ...line,
    atMs: Math.min(line.atMs, voucher.atMs),
    amount: toAmount(line.amount + voucher.amount),
    cumulative: voucher.cumulative,
    lengthBytes: line.lengthBytes + voucher.lengthBytes,
    roll: {
      vouchers: vouchers + 1,
      pieces: pieces + (voucher.isPiece ? 1 : 0),
      lastAtMs: Math.max(lastAtMs, voucher.atMs),
    },
  }
}

export const lineOf = (entry: ReceiptEntry): number => (entry.status === 'line' ? entry.receipt.id : entry.id)

export interface ReceiptNumbering {
  /** Numbers receipts or finds the line that takes them; counts on that they are stored in this order. */
  place(receipt: NewReceipt, id?: number): ReceiptEntry
  /** A line as it was stored. */
  note(line: Receipt): void
  /** The lowest id that may still change or is still counted; lines below it are final. */
  getFirstOpenId(): number
  readonly nextId: number
  skipTo(nextId: number): void
}

/** Which lines are open. A day's lines stay open through the next day: clocks are corrected, midnight is a moment. */
export function createReceiptNumbering(): ReceiptNumbering {
  const rolls = new Map<string, { readonly id: number; readonly day: number }>()
  const tips = new Map<string, { readonly id: number; readonly day: number; readonly count: number }>()
  let today = Number.NaN
  let nextId = 1

  function turnTo(day: number): void {
    if (day === today) return
    today = day
    for (const open of [rolls, tips]) {
      for (const [key, one] of open) if (Math.abs(one.day - day) > 1) open.delete(key)
    }
  }

  function note(line: Receipt): void {
    nextId = Math.max(nextId, line.id + 1)
    if (!isEarned(line)) return
    const day = dayOf(line.atMs)
    turnTo(day)
    if (line.roll) rolls.set(rollKey(line), { id: line.id, day })
    else {
      const { id, count } = tips.get(tipsKey(line)) ?? { id: line.id, count: 0 }
      tips.set(tipsKey(line), { id, day, count: count + 1 })
    }
  }

  const isTipLine = (receipt: NewEarned): boolean =>
    receipt.kind === 'tipEarned' && (tips.get(tipsKey(receipt))?.count ?? 0) < TIP_LINES_PER_DAY

  return {
    place(receipt, id = nextId) {
      const open = isEarned(receipt) && !isTipLine(receipt) ? rolls.get(rollKey(receipt)) : undefined
      if (open && isEarned(receipt)) return { status: 'added', id: open.id, voucher: toRollVoucher(receipt) }
      const line = toLine(receipt, id, isTipLine)
      note(line)
      return { status: 'line', receipt: line }
    },
    note,
    getFirstOpenId: () =>
      [...rolls.values(), ...tips.values()].reduce((least, { id }) => Math.min(least, id), nextId),
    get nextId() {
      return nextId
    },
    skipTo(id) {
      nextId = Math.max(nextId, id)
    },
  }
}

function toLine(receipt: NewReceipt, id: number, isTipLine: (receipt: NewEarned) => boolean): Receipt {
  if (!isEarned(receipt)) return { ...receipt, id }
  return isTipLine(receipt) ? { ...receipt, id, roll: null } : beginRoll(receipt, id)
}
