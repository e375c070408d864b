import type { Receipt, ReceiptKind, ReceiptRoll } from '@/lib/ledger/index.ts'
import { type Amount, type FeeSun, isolateText, toAmount, toFeeSun } from '@/lib/units/index.ts'

export const KIND_WORDS: Readonly<Record<ReceiptKind, string>> = {
  piece: 'Piece paid',
  tip: 'Tip given',
  earned: 'Piece sold',
  tipEarned: 'Tip received',
  approve: 'Contract allowed',
  fund: 'Budget locked',
  open: 'Channel opened',
  settle: 'Settled',
  refund: 'Refunded',
  redeem: 'Redeemed',
  startClose: 'Closing started',
  faucet: 'Test coins',
  failed: 'Failed, fee burned',
}

/** Which lines are shown one by one. */
export const FILTERS = {
  all: { label: 'All lines', range: {} },
  pieces: { label: 'Pieces', range: { kinds: ['piece'] } },
  tips: { label: 'Tips', range: { kinds: ['tip', 'tipEarned'] } },
  earned: { label: 'Earned', range: { kinds: ['earned', 'tipEarned'] } },
  chain: {
    label: 'On the chain',
    range: {
      kinds: ['approve', 'fund', 'open', 'settle', 'refund', 'redeem', 'startClose', 'faucet', 'failed'],
    },
  },
} as const satisfies Record<string, { label: string; range: { kinds?: readonly ReceiptKind[] } }>
export type ReceiptFilter = keyof typeof FILTERS

export interface ReceiptTotals {
  readonly pieces: Amount
  readonly tips: Amount
  readonly earned: Amount
  readonly refunded: Amount
  readonly feeSun: FeeSun
}

/** Sums of receipts as they come; null where there are none. Of several receipts of one transaction one names its fee, or each does: it counts once. */
export async function sumReceipts(receipts: AsyncIterable<Receipt>): Promise<ReceiptTotals | null> {
  const sums = new Map<ReceiptKind, bigint>()
  const fees = new Map<string, FeeSun>()
  for await (const receipt of receipts) {
    sums.set(receipt.kind, (sums.get(receipt.kind) ?? 0n) + receipt.amount)
    if (!('txId' in receipt)) continue
    const before = fees.get(receipt.txId) ?? 0n
    if (receipt.feeSun >= before) fees.set(receipt.txId, receipt.feeSun)
  }
  if (sums.size === 0) return null
  const sum = (...kinds: readonly ReceiptKind[]): Amount =>
    toAmount(kinds.reduce((total, kind) => total + (sums.get(kind) ?? 0n), 0n))
  return {
    pieces: sum('piece'),
    tips: sum('tip'),
    earned: sum('earned', 'tipEarned'),
    refunded: sum('refund'),
    feeSun: toFeeSun([...fees.values()].reduce((total, fee) => total + fee, 0n)),
  }
}

/** What a receipt is about: torrent and piece, or how many of them; nothing for a transaction. */
export function sayWhat(receipt: Receipt): string | null {
  if (!('torrentName' in receipt)) return null
  const roll = getRoll(receipt)
  if (roll) {
    const [count, noun] = receipt.kind === 'earned' ? [roll.pieces, 'piece'] : [roll.vouchers, 'more tip']
    return `${isolateText(receipt.torrentName)}, ${count} ${noun}${count === 1 ? '' : 's'}`
  }
  const piece = receipt.pieceIndex === null ? '' : `, piece ${receipt.pieceIndex}`
  return isolateText(receipt.torrentName) + piece
}

export const getRoll = (receipt: Receipt): ReceiptRoll | null => ('roll' in receipt ? receipt.roll : null)

export function getCounterparty(receipt: Receipt): string | null {
  if ('payee' in receipt) return receipt.payee
  return 'payer' in receipt ? receipt.payer : null
}

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' })

/** "Today", "Yesterday", or the day's date, by this computer's clock. */
export function sayDay(atMs: number, nowMs: number): string {
  const day = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0)
  if (day(atMs) === day(nowMs)) return 'Today'
  // Noon of the day before: no change of the clocks moves it to another day.
  if (day(atMs) === day(day(nowMs) - 12 * 3_600_000)) return 'Yesterday'
  return DAY.format(new Date(atMs))
}
