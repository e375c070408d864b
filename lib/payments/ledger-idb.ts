/** The ledger of a page: IndexedDB, each commit one strictly durable transaction. Values are JSON text, bigints decimal. */
import { type IDBPDatabase, openDB } from 'idb'
import { StorageError } from '../units/index.ts'
import {
  LEDGER_TABLES,
  type LedgerBatch,
  type LedgerStore,
  type LedgerTable,
  type LedgerTables,
} from './ledger.ts'
import { decodeLedgerJson, encodeLedgerJson } from './ledger-json.ts'
import { createReceiptListeners } from './ledger-memory.ts'
import type { Receipt } from './receipt.ts'

const VERSION = 1
const RECEIPTS = 'receipts'

async function guard<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const isFull = error instanceof DOMException && error.name === 'QuotaExceededError'
    throw new StorageError(isFull ? 'quota' : 'ledger-write', 'the ledger could not be read or written', {
      cause: error,
    })
  }
}

/** Opens or makes the ledger. Throws StorageError 'ledger-unreadable' where the browser forbids storage. */
export async function createIdbLedger(name = 'piecemeal-ledger'): Promise<LedgerStore> {
  const listeners = createReceiptListeners()
  let database: IDBPDatabase
  try {
    database = await openDB(name, VERSION, {
      upgrade(fresh) {
        for (const table of LEDGER_TABLES) fresh.createObjectStore(table)
        fresh.createObjectStore(RECEIPTS, { autoIncrement: true })
      },
    })
  } catch (error) {
    throw new StorageError('ledger-unreadable', 'this browser’s storage cannot be opened', { cause: error })
  }
  return {
    list: <T extends LedgerTable>(table: T) =>
      guard(async () => {
        const texts: string[] = await database.getAll(table)
        return texts.map((text) => decodeLedgerJson<LedgerTables[T]>(text))
      }),
    listReceipts: () =>
      guard(async () => {
        const { store } = database.transaction(RECEIPTS)
        const [keys, texts] = await Promise.all([store.getAllKeys(), store.getAll()])
        return texts.map((text: string, i) => ({ ...decodeLedgerJson<Receipt>(text), id: Number(keys[i]) }))
      }),
    async commit({ puts = [], receipts = [] }: LedgerBatch) {
      const numbered = await guard(async () => {
        const transaction = database.transaction([...LEDGER_TABLES, RECEIPTS], 'readwrite', {
          durability: 'strict',
        })
        const writes = puts.map(({ table, key, value }) => {
          const store = transaction.objectStore(table)
          return value === null ? store.delete(key) : store.put(encodeLedgerJson(value), key)
        })
        const ids = receipts.map((receipt) =>
          transaction.objectStore(RECEIPTS).add(encodeLedgerJson(receipt)),
        )
        const [keys] = await Promise.all([Promise.all(ids), Promise.all(writes), transaction.done])
        return receipts.map((receipt, i) => ({ ...receipt, id: Number(keys[i]) }) as Receipt)
      })
      listeners.notify(numbered)
      return numbered
    },
    onReceipts: listeners.add,
    close: async () => database.close(),
  }
}
