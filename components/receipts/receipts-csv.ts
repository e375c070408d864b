import type { Receipt } from '@/lib/payments/receipt.ts'
import { formatAmountExact, formatDecimal, showHidden, TRX_DECIMALS } from '@/lib/units/index.ts'
import { getCounterparty } from './receipt-words.ts'

const COLUMNS = [
  'id',
  'time',
  'kind',
  'amount_btt',
  'fee_trx',
  'counterparty',
  'channel',
  'cumulative_btt',
  'info_hash',
  'torrent',
  'piece',
  'length_bytes',
  'memo',
  'transaction',
] as const

/** Where a cell begins, also for programs that split at ";" or "|" or know no quotes, and then a formula's first sign. */
const FORMULA_START = /(^|[,;|])(?=[\s"']*[=+\-@\uff0b\uff0d\uff1d\uff20])/g

/**
 * One cell, in quotes. Text of strangers (names, memos) may hold what a spreadsheet would run, and the reader's locale, not
 * the file, says at which signs it splits: so wherever a cell could begin, a formula gets an apostrophe in front. Tabs and
 * line ends are shown as pictures, like all hidden signs.
 */
export function escapeCell(text: string): string {
  return `"${showHidden(text).replace(FORMULA_START, "$1'").replaceAll('"', '""')}"`
}

function toCells(receipt: Receipt): readonly (string | number | null)[] {
  const piece = 'torrentName' in receipt ? receipt : null
  const transaction = 'txId' in receipt ? receipt : null
  return [
    receipt.id,
    new Date(receipt.atMs).toISOString(),
    receipt.kind,
    formatAmountExact(receipt.amount),
    transaction && formatDecimal(transaction.feeSun, TRX_DECIMALS, TRX_DECIMALS).replaceAll(',', ''),
    getCounterparty(receipt),
    receipt.channelId,
    piece && formatAmountExact(piece.cumulative),
    piece?.infoHash ?? null,
    piece?.torrentName ?? null,
    piece?.pieceIndex ?? null,
    piece?.lengthBytes ?? null,
    piece?.memo ?? null,
    transaction?.txId.replace(/^0x/, '') ?? null,
  ]
}

/** All receipts as CSV (RFC 4180), oldest first, amounts with every digit. */
export function formatReceiptsCsv(receipts: readonly Receipt[]): string {
  const rows = [...receipts]
    .sort((a, b) => a.id - b.id)
    .map((receipt) => toCells(receipt).map((cell) => escapeCell(cell === null ? '' : String(cell))))
  return [COLUMNS.map(escapeCell), ...rows].map((cells) => `${cells.join(',')}\r\n`).join('')
}
