/** The ledger's tables in memory: the whole of `createMemoryLedger`, and what the file ledger replays into. */
import {
  LEDGER_TABLES,
  type LedgerBatch,
  type LedgerPut,
  type LedgerStore,
  type LedgerTable,
  type LedgerTables,
  type NewReceipt,
} from './ledger.ts'
import type { Receipt } from './receipt.ts'

export interface LedgerMemory {
  list<T extends LedgerTable>(table: T): readonly LedgerTables[T][]
  readonly receipts: readonly Receipt[]
  /** Gives receipts their ids without storing them. */
  number(receipts: readonly NewReceipt[]): readonly Receipt[]
  apply(puts: readonly LedgerPut[], receipts: readonly Receipt[]): void
}

export function createLedgerMemory(): LedgerMemory {
  const tables = new Map<LedgerTable, Map<string, LedgerTables[LedgerTable]>>(
    LEDGER_TABLES.map((table) => [table, new Map()]),
  )
  const receipts: Receipt[] = []
  let nextId = 1
  return {
    list: <T extends LedgerTable>(table: T) => [...(tables.get(table)?.values() ?? [])] as LedgerTables[T][],
    receipts,
    number(fresh) {
      return fresh.map((receipt) => ({ ...receipt, id: nextId++ }) as Receipt)
    },
    apply(puts, numbered) {
      for (const { table, key, value } of puts) {
        if (value === null) tables.get(table)?.delete(key)
        else tables.get(table)?.set(key, value)
      }
      receipts.push(...numbered)
      nextId = Math.max(nextId, (receipts.at(-1)?.id ?? 0) + 1)
    },
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
export function createMemoryLedger(): LedgerStore {
  const memory = createLedgerMemory()
  const listeners = createReceiptListeners()
  return {
    list: async (table) => memory.list(table),
    listReceipts: async () => [...memory.receipts],
    async commit({ puts = [], receipts = [] }: LedgerBatch) {
      const numbered = memory.number(receipts)
      memory.apply(puts, numbered)
      listeners.notify(numbered)
      return numbered
    },
    onReceipts: listeners.add,
    close: async () => undefined,
  }
}
