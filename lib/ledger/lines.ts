/**
 * The lines of a ledger file. A line is one append: `[commit, …]`, so that a torn one takes whole commits with it. A row
 * whose table has a delta is written once; after that only what moved of it. Lines of version 1, `{"puts", "receipts"}`, are read, not written.
 */

import { StorageError } from '../base/index.ts'
import { toAmount } from '../units/index.ts'
import { decodeLedgerJson, encodeLedgerJson } from './json.ts'
import type { LedgerMemory } from './memory.ts'
import type { Receipt } from './receipt.ts'
import type { ReceiptEntry } from './receipt-rolls.ts'
import { refuseNewer, type SchemaVersions } from './schema.ts'
import type { AnyPut } from './store.ts'
import type { ReceiptTotals } from './totals.ts'

/** The version of this file's lines. */
const LINES_VERSION = 2

/** First line of a file: how much lies in the history beside it. */
export interface LedgerHead {
  readonly ledger: typeof LINES_VERSION
  readonly historyBytes: number
  readonly nextId: number
  /** Sums of the receipts in the history; left out by programs that kept none. */
  readonly totals?: ReceiptTotals
  /** Of the tables; left out by the first programs that wrote this version of lines: all are of version 1 then. */
  readonly tables?: SchemaVersions
}

/** A commit as it is written: receipts have their ids or their lines. */
export interface PlacedCommit {
  readonly puts: readonly AnyPut[]
  readonly entries: readonly ReceiptEntry[]
}

/** Before the name of a table: only what moved of a row follows. */
const MOVED = '+'
type PutText = readonly [table: string, key: string, value: unknown]
type AddedText = readonly [
  id: number,
  atMs: number,
  amount: string,
  cumulative: string,
  lengthBytes: number,
  isPiece: 0 | 1,
]
interface CommitText {
  readonly p?: readonly PutText[]
  readonly r?: readonly (Receipt | AddedText)[]
}

/** One line, which goes to the file next: `memory` is what all lines before it made. */
export function encodeLine(commits: readonly PlacedCommit[], memory: LedgerMemory): string {
  const written = new Map<string, object | null>()
  function encodePut({ table, key, value }: AnyPut): PutText {
    const delta = memory.schema[table]?.delta
    if (!delta) return [table, key, value]
    const place = `${table}/${key}`
    const before = (written.has(place) ? written.get(place) : memory.get(table, key)) ?? null
    written.set(place, value)
    const isSame = value !== null && before !== null && delta.fixed(before) === delta.fixed(value)
    const part = isSame ? delta.encode(before, value, key) : null
    return part ? [MOVED + table, key, part] : [table, key, value]
  }
  const line: readonly CommitText[] = commits.map(({ puts, entries }) => ({
    ...(puts.length > 0 ? { p: puts.map(encodePut) } : {}),
    ...(entries.length > 0 ? { r: entries.map(encodeEntry) } : {}),
  }))
  return `${encodeLedgerJson(line)}\n`
}

function encodeEntry(entry: ReceiptEntry): Receipt | AddedText {
  if (entry.status === 'line') return entry.receipt
  const { atMs, amount, cumulative, lengthBytes, isPiece } = entry.voucher
  return [entry.id, atMs, amount.toString(), cumulative.toString(), lengthBytes, isPiece ? 1 : 0]
}

function decodeEntry(text: Receipt | AddedText): ReceiptEntry {
  if (!Array.isArray(text)) return { status: 'line', receipt: text as Receipt }
  const [id, atMs, amount, cumulative, lengthBytes, isPiece] = text as AddedText
  return {
    status: 'added',
    id,
    voucher: {
      atMs,
      amount: toAmount(BigInt(amount)),
      cumulative: toAmount(BigInt(cumulative)),
      lengthBytes,
      isPiece: isPiece === 1,
    },
  }
}

export function encodeHead(head: LedgerHead): string {
  return `${encodeLedgerJson(head)}\n`
}

export type LedgerLine =
  | readonly CommitText[]
  | LedgerHead
  | { readonly puts: readonly AnyPut[]; readonly receipts: readonly Receipt[] }

/** Throws SyntaxError: a line that was torn. */
export const parseLine = (text: string): LedgerLine => decodeLedgerJson<LedgerLine>(text)

/**
 * Applies a line to what the lines before it made. Throws when it does not follow them: the file is damaged; StorageError
 * 'ledger-newer' when a newer program wrote it.
 */
export function applyLine(line: LedgerLine, memory: LedgerMemory): void {
  if ('ledger' in line) {
    if (line.ledger > LINES_VERSION)
      throw new StorageError('ledger-newer', 'a newer program wrote this ledger')
    refuseNewer(memory.schema, line.tables ?? {})
    memory.skipTo(line.nextId)
    if (line.totals) memory.addPast(line.totals)
  } else if ('puts' in line) {
    const entries = line.receipts.map(({ id, ...receipt }) => memory.place(receipt, id))
    memory.apply(line.puts, entries)
  } else for (const commit of line) applyCommit(commit, memory)
}

function applyCommit({ p = [], r = [] }: CommitText, memory: LedgerMemory): void {
  for (const put of p) memory.apply([decodePut(put, memory)], [])
  for (const entry of r.map(decodeEntry)) {
    memory.apply([], [entry])
    if (entry.status === 'line') memory.note(entry.receipt)
  }
}

function decodePut([table, key, value]: PutText, memory: LedgerMemory): AnyPut {
  if (!table.startsWith(MOVED)) return { table, key, value: value as object | null }
  const name = table.slice(MOVED.length)
  const before = memory.get(name, key)
  const delta = memory.schema[name]?.delta
  if (!before || !delta) throw new RangeError(`there is no row ${key} of ${name}`)
  return { table: name, key, value: delta.decode(before, value as object) }
}
