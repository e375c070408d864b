/**
 * The lines of a ledger file. A line is one append: `[commit, …]`, so that a torn one takes whole commits with it. A seat that was
 * accepted is written once; after that only what moved of it. Lines of version 1, `{"puts", "receipts"}`, are read, not written.
 */

import type { Hex } from '../base/index.ts'
import type { SignedVoucher } from '../channels/index.ts'
import { toAmount } from '../units/index.ts'
import type { LedgerPut, PayeeSeatRecord } from './ledger.ts'
import { decodeLedgerJson, encodeLedgerJson } from './ledger-json.ts'
import type { LedgerMemory } from './ledger-memory.ts'
import type { PayeeSeatState } from './payee/seat-state.ts'
import type { Receipt } from './receipt.ts'
import type { ReceiptEntry } from './receipt-rolls.ts'

/** First line of a file: how much lies in the history beside it. */
export interface LedgerHead {
  readonly ledger: 2
  readonly historyBytes: number
  readonly nextId: number
}

/** A commit as it is written: receipts have their ids or their lines. */
export interface PlacedCommit {
  readonly puts: readonly LedgerPut[]
  readonly entries: readonly ReceiptEntry[]
}

/** What moved of a seat: voucher as [cumulative, signature], claimed, state. */
interface Moved {
  readonly v?: readonly [string, Hex]
  readonly c?: string
  readonly s?: PayeeSeatState
}
const MOVED = '+payeeSeats'
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

/** Null where the whole record must be written. */
function moved(before: PayeeSeatRecord | null, next: PayeeSeatRecord, key: string): Moved | null {
  if (before?.seat !== next.seat) return null
  const { voucher, claimed, state, seat } = next
  const isRaised = voucher !== before.voucher
  if (isRaised && (voucher?.channelId !== key || voucher.payee !== seat.leaf.payee)) return null
  return {
    ...(isRaised && voucher ? { v: [voucher.cumulative.toString(), voucher.signature] } : {}),
    ...(claimed === before.claimed ? {} : { c: claimed.toString() }),
    ...(state === before.state ? {} : { s: state }),
  }
}

function move(before: PayeeSeatRecord, { v, c, s }: Moved): PayeeSeatRecord {
  const { channelId, leaf } = before.seat
  const voucher: SignedVoucher | null = v
    ? { channelId, payee: leaf.payee, cumulative: toAmount(BigInt(v[0])), signature: v[1] }
    : before.voucher
  const claimed = c === undefined ? before.claimed : toAmount(BigInt(c))
  return { ...before, voucher, claimed, state: s ?? before.state }
}

/** One line, which goes to the file next: `memory` is what all lines before it made. */
export function encodeLine(commits: readonly PlacedCommit[], memory: LedgerMemory): string {
  const written = new Map<string, PayeeSeatRecord | null>()
  function encodePut({ table, key, value }: LedgerPut): PutText {
    if (table !== 'payeeSeats') return [table, key, value]
    const before = written.has(key) ? written.get(key) : memory.get('payeeSeats', key)
    written.set(key, value)
    const part = value && moved(before ?? null, value, key)
    return part ? [MOVED, key, part] : [table, key, value]
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
  | { readonly puts: readonly LedgerPut[]; readonly receipts: readonly Receipt[] }

/** Throws SyntaxError: a line that was torn. */
export const parseLine = (text: string): LedgerLine => decodeLedgerJson<LedgerLine>(text)

/** Applies a line to what the lines before it made. Throws when it does not follow them: the file is damaged. */
export function applyLine(line: LedgerLine, memory: LedgerMemory): void {
  if ('ledger' in line) memory.skipTo(line.nextId)
  else if ('puts' in line) {
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

function decodePut([table, key, value]: PutText, memory: LedgerMemory): LedgerPut {
  if (table !== MOVED) return { table, key, value } as LedgerPut
  const before = memory.get('payeeSeats', key)
  if (!before) throw new RangeError(`there is no seat ${key}`)
  return { table: 'payeeSeats', key, value: move(before, value as Moved) }
}
