/** The ledger's tables and latest receipts in memory: the whole of `createMemoryLedger`, and what the file ledger replays into. */
import type { Receipt } from './receipt.ts'
import { findLine, isMeant, pageOf, toCommitted } from './receipt-pages.ts'
import { addToRoll, createReceiptNumbering, isEarned, lineOf, type ReceiptEntry } from './receipt-rolls.ts'
import { type AnySchema, eraseSchema, type LedgerSchema } from './schema.ts'
import { type AnyPut, type AnyStore, type LedgerStore, type NewReceipt, typed } from './store.ts'
import { addToTotals, mergeTotals, type ReceiptTotals } from './totals.ts'

export interface LedgerMemory {
  readonly schema: AnySchema
  list(table: string): readonly object[]
  entries(table: string): Iterable<readonly [string, object]>
  get(table: string, key: string): object | undefined
  /** Lines by rising id. A line is replaced when it grows, never changed. */
  readonly receipts: readonly Receipt[]
  /** Says what becomes of a receipt and counts on that `apply` follows; `id` for one that has its number. */
  place(receipt: NewReceipt, id?: number): ReceiptEntry
  /** Counts a line that was placed before the program began. */
  note(line: Receipt): void
  /** Throws RangeError when an entry names a line that is not here. */
  apply(puts: readonly AnyPut[], entries: readonly ReceiptEntry[]): void
  /** Lines below this id change no more. */
  getFirstOpenId(): number
  /** Forgets the lines below `id`, but not their sums: they are kept elsewhere. */
  dropBelow(id: number): void
  /** Of all lines, those that were dropped included. */
  readonly totals: ReceiptTotals
  /** Of lines that were dropped before the program began. */
  addPast(totals: ReceiptTotals): void
  readonly nextId: number
  skipTo(nextId: number): void
}

export function createLedgerMemory(schema: AnySchema): LedgerMemory {
  const tables = new Map<string, Map<string, object>>(Object.keys(schema).map((table) => [table, new Map()]))
  const numbering = createReceiptNumbering()
  let receipts: Receipt[] = []
  let totals: ReceiptTotals = {}

  const rowsOf = (table: string): Map<string, object> => tables.get(table) ?? new Map()

  function applyEntry(entry: ReceiptEntry): void {
    if (entry.status === 'line') {
      numbering.skipTo(entry.receipt.id + 1)
      receipts.push(entry.receipt)
      totals = addToTotals(totals, entry.receipt)
      return
    }
    const at = findLine(receipts, entry.id)
    const line = receipts[at]
    if (line?.id !== entry.id || !isEarned(line)) throw new RangeError(`there is no line ${entry.id}`)
    receipts[at] = addToRoll(line, entry.voucher)
    totals = addToTotals(totals, { ...line, ...entry.voucher, roll: null })
  }

  return {
    schema,
    list: (table) => [...rowsOf(table).values()],
    entries: (table) => rowsOf(table).entries(),
    get: (table, key) => rowsOf(table).get(key),
    get receipts() {
      return receipts
    },
    place: numbering.place,
    note: numbering.note,
    apply(puts, entries) {
      for (const { table, key, value } of puts) {
        if (value === null) tables.get(table)?.delete(key)
        else tables.get(table)?.set(key, value)
      }
      for (const entry of entries) applyEntry(entry)
    },
    getFirstOpenId: numbering.getFirstOpenId,
    dropBelow(id) {
      receipts = receipts.slice(findLine(receipts, id))
    },
    get totals() {
      return totals
    },
    addPast(past) {
      totals = mergeTotals(totals, past)
    },
    get nextId() {
      return numbering.nextId
    },
    skipTo: numbering.skipTo,
  }
}

/** Listeners for new receipts, shared by the implementations. */
export function createReceiptListeners() {
  const listeners = new Set<(receipts: readonly Receipt[]) => void>()
  return {
    add(listener: (receipts: readonly Receipt[]) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    notify(receipts: readonly Receipt[]): void {
      if (receipts.length === 0) return
      for (const listener of listeners) listener(receipts)
    },
  }
}

/** A ledger that forgets: for tests and for a private window whose storage is forbidden. */
export function openMemoryLedger<Tables>(schema: LedgerSchema<Tables>): LedgerStore<Tables> {
  const memory = createLedgerMemory(eraseSchema(schema))
  const listeners = createReceiptListeners()
  const store: AnyStore = {
    list: async (table) => memory.list(table),
    listReceipts: async (query) => pageOf(memory.receipts, query),
    async *eachReceipt(filter = {}) {
      for (const line of [...memory.receipts]) if (isMeant(line, filter)) yield line
    },
    getTotals: async () => memory.totals,
    async commit({ puts = [], receipts = [] }) {
      const entries = receipts.map((receipt) => memory.place(receipt))
      memory.apply(puts, entries)
      const committed = toCommitted(receipts, entries.map(lineOf))
      listeners.notify(committed)
      return committed
    },
    onReceipts: listeners.add,
    close: async () => undefined,
  }
  return typed(store, schema)
}
