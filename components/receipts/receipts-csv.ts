import type { Receipt } from '@/lib/ledger/index.ts'
import { formatAmountExact, formatExact, showHidden, TRX } from '@/lib/units/index.ts'
import { getCounterparty, getRoll } from './receipt-words.ts'

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
  'last_time',
  'vouchers',
  'pieces',
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
  const roll = getRoll(receipt)
  const transaction = 'txId' in receipt ? receipt : null
  return [
    receipt.id,
    new Date(receipt.atMs).toISOString(),
    receipt.kind,
    formatAmountExact(receipt.amount),
    transaction && formatExact(transaction.feeSun, TRX),
    getCounterparty(receipt),
    receipt.channelId,
    piece && formatAmountExact(piece.cumulative),
    piece?.infoHash ?? null,
    piece?.torrentName ?? null,
    piece?.pieceIndex ?? null,
    piece?.lengthBytes ?? null,
    piece?.memo ?? null,
    transaction?.txId.replace(/^0x/, '') ?? null,
    roll && new Date(roll.lastAtMs).toISOString(),
    roll?.vouchers ?? null,
    roll?.pieces ?? null,
  ]
}

const toLine = (cells: readonly (string | number | null)[]): string =>
  `${cells.map((cell) => escapeCell(cell === null ? '' : String(cell))).join(',')}\r\n`

/** Receipts as CSV (RFC 4180), line by line in the order given, amounts with every digit. */
export async function formatReceiptsCsv(receipts: AsyncIterable<Receipt>): Promise<readonly string[]> {
  const lines = [toLine(COLUMNS)]
  for await (const receipt of receipts) lines.push(toLine(toCells(receipt)))
  return lines
}
