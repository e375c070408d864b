import type { Receipt, ReceiptKind } from '@/lib/payments/receipt.ts'
import { type Amount, type FeeSun, toAmount, toFeeSun } from '@/lib/units/index.ts'

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

export const FILTERS = {
  all: { label: 'All', kinds: null },
  pieces: { label: 'Pieces', kinds: ['piece'] },
  tips: { label: 'Tips', kinds: ['tip', 'tipEarned'] },
  earned: { label: 'Earned', kinds: ['earned', 'tipEarned'] },
  chain: {
    label: 'On the chain',
    kinds: ['approve', 'fund', 'open', 'settle', 'refund', 'redeem', 'startClose', 'faucet', 'failed'],
  },
} as const satisfies Record<string, { label: string; kinds: readonly ReceiptKind[] | null }>
export type ReceiptFilter = keyof typeof FILTERS

export function filterReceipts(receipts: readonly Receipt[], filter: ReceiptFilter): readonly Receipt[] {
  const kinds: readonly ReceiptKind[] | null = FILTERS[filter].kinds
  return kinds === null ? receipts : receipts.filter(({ kind }) => kinds.includes(kind))
}

export interface ReceiptTotals {
  readonly pieces: Amount
  readonly tips: Amount
  readonly earned: Amount
  readonly refunded: Amount
  readonly feeSun: FeeSun
}

/** Sums of all receipts. A transaction's fee counts once, though several receipts may name it. */
export function sumReceipts(receipts: readonly Receipt[]): ReceiptTotals {
  const sum = (...kinds: readonly ReceiptKind[]): Amount =>
    toAmount(
      receipts.reduce((total, { kind, amount }) => (kinds.includes(kind) ? total + amount : total), 0n),
    )
  const fees = new Map(
    receipts.flatMap((receipt) => ('txId' in receipt ? [[receipt.txId, receipt.feeSun] as const] : [])),
  )
  return {
    pieces: sum('piece'),
    tips: sum('tip'),
    earned: sum('earned', 'tipEarned'),
    refunded: sum('refund'),
    feeSun: toFeeSun([...fees.values()].reduce((total, fee) => total + fee, 0n)),
  }
}

/** What a receipt is about: torrent and piece, or nothing for a transaction. */
export function sayWhat(receipt: Receipt): string | null {
  if (!('torrentName' in receipt)) return null
  const piece = receipt.pieceIndex === null ? '' : `, piece ${receipt.pieceIndex}`
  return receipt.torrentName + piece
}

export function getCounterparty(receipt: Receipt): string | null {
  if ('payee' in receipt) return receipt.payee
  return 'payer' in receipt ? receipt.payer : null
}
