/**
 * The ledger of a page: IndexedDB, each commit one strictly durable transaction. Values are JSON text, bigints decimal.
 * Commits are not grouped as in a file: a page sells to few at once, and one that is too big must not fail its neighbours.
 */
import { type IDBPDatabase, type IDBPTransaction, openDB } from 'idb'
import { StorageError } from '../base/index.ts'
import {
  LEDGER_TABLES,
  type LedgerBatch,
  type LedgerPut,
  type LedgerStore,
  type LedgerTable,
  type LedgerTables,
  type NewReceipt,
  type PayeeSeatRecord,
} from './ledger.ts'
import { decodeLedgerJson, encodeLedgerJson } from './ledger-json.ts'
import { createReceiptListeners } from './ledger-memory.ts'
import type { OfferedSeat } from './ports.ts'
import type { Receipt } from './receipt.ts'
import { takePage, toCommitted, withId } from './receipt-pages.ts'
import {
  addToRoll,
  beginRoll,
  type EarnedReceipt,
  isEarned,
  rollKey,
  TIP_LINES_PER_DAY,
  tipsKey,
  toRollVoucher,
} from './receipt-rolls.ts'

const VERSION = 2
const RECEIPTS = 'receipts'
/** Key: channel id. What moved of a seat since `payeeSeats` had it whole: all but `seat`. Since version 2. */
const MOVED = 'payeeSeatsMoved'
/** The id of a roll's line by `rollKey`, and how many lines tips have by `tipsKey`. Since version 2. */
const ROLLS = 'rolls'
const STORES = [...LEDGER_TABLES, RECEIPTS, MOVED, ROLLS]
/** Receipts that are read at once. */
const PAGE_LENGTH = 500

type Writing = IDBPTransaction<unknown, string[], 'readwrite'>

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

async function openDatabase(name: string): Promise<IDBPDatabase> {
  try {
    return await openDB(name, VERSION, {
      upgrade(database, oldVersion) {
        if (oldVersion < 1) {
          for (const table of LEDGER_TABLES) database.createObjectStore(table)
          database.createObjectStore(RECEIPTS, { autoIncrement: true })
        }
        // What version 1 wrote is read as it is: whole seats, and receipts of one voucher each.
        if (oldVersion < 2) {
          database.createObjectStore(MOVED)
          database.createObjectStore(ROLLS)
        }
      },
    })
  } catch (error) {
    throw new StorageError('ledger-unreadable', 'this browser’s storage cannot be opened', { cause: error })
  }
}

function decodeReceipt(text: string, id: number): Receipt {
  const receipt = decodeLedgerJson<Receipt>(text)
  return isEarned(receipt) && receipt.roll ? { ...receipt, id } : withId(receipt, id)
}

/** Writes a receipt into its line, or a new one; returns the line's id. */
async function keep(transaction: Writing, receipt: NewReceipt): Promise<number> {
  const lines = transaction.objectStore(RECEIPTS)
  const add = async (line: NewReceipt): Promise<number> => Number(await lines.add(encodeLedgerJson(line)))
  if (!isEarned(receipt)) return add(receipt)
  const rolls = transaction.objectStore(ROLLS)
  if (receipt.kind === 'tipEarned') {
    const count: number = (await rolls.get(tipsKey(receipt))) ?? 0
    if (count < TIP_LINES_PER_DAY) {
      await rolls.put(count + 1, tipsKey(receipt))
      return add(receipt)
    }
  }
  const known: number | undefined = await rolls.get(rollKey(receipt))
  if (known === undefined) {
    const { id: _, ...line } = beginRoll(receipt, 0)
    const id = await add(line)
    await rolls.put(id, rollKey(receipt))
    return id
  }
  const line = decodeLedgerJson<EarnedReceipt>(await lines.get(known))
  await lines.put(encodeLedgerJson(addToRoll(line, toRollVoucher(receipt))), known)
  return known
}

async function keepAll(transaction: Writing, receipts: readonly NewReceipt[]): Promise<readonly number[]> {
  const ids: number[] = []
  // One after the other: the second may belong to the line that the first began.
  for (const receipt of receipts) ids.push(await keep(transaction, receipt))
  return ids
}

/** Opens or makes the ledger. Throws StorageError 'ledger-unreadable' where the browser forbids storage. */
export async function createIdbLedger(name = 'piecemeal-ledger'): Promise<LedgerStore> {
  const listeners = createReceiptListeners()
  const database = await openDatabase(name)
  /** The seats that `payeeSeats` has: an object that is the same need not be written again. */
  const written = new Map<string, OfferedSeat>()

  async function listSeats(): Promise<PayeeSeatRecord[]> {
    const transaction = database.transaction(['payeeSeats', MOVED])
    const [keys, texts, movedKeys, movedTexts] = await Promise.all([
      transaction.objectStore('payeeSeats').getAllKeys(),
      transaction.objectStore('payeeSeats').getAll(),
      transaction.objectStore(MOVED).getAllKeys(),
      transaction.objectStore(MOVED).getAll(),
    ])
    const moved = new Map(movedKeys.map((key, i) => [key, movedTexts[i] as string]))
    return keys.map((key, i) => {
      const whole = decodeLedgerJson<PayeeSeatRecord>(texts[i])
      const part = moved.get(key)
      written.set(String(key), whole.seat)
      return part === undefined ? whole : { ...whole, ...decodeLedgerJson<Partial<PayeeSeatRecord>>(part) }
    })
  }

  function writePut(transaction: Writing, { table, key, value }: LedgerPut): Promise<unknown> {
    const store = transaction.objectStore(table)
    if (table !== 'payeeSeats')
      return value === null ? store.delete(key) : store.put(encodeLedgerJson(value), key)
    const moved = transaction.objectStore(MOVED)
    if (value === null) {
      written.delete(key)
      return Promise.all([store.delete(key), moved.delete(key)])
    }
    const { seat, ...rest } = value
    if (written.get(key) === seat) return moved.put(encodeLedgerJson(rest), key)
    written.set(key, seat)
    return Promise.all([store.put(encodeLedgerJson(value), key), moved.delete(key)])
  }

  async function* newestFirst(before: number, pageLength: number): AsyncGenerator<Receipt> {
    for (let high = before; high > 0; ) {
      const range = IDBKeyRange.upperBound(high, true)
      const page = await guard(async () => {
        const lines: Receipt[] = []
        let cursor = await database.transaction(RECEIPTS).store.openCursor(range, 'prev')
        for (; cursor && lines.length < pageLength; cursor = await cursor.continue())
          lines.push(decodeReceipt(cursor.value, Number(cursor.key)))
        return lines
      })
      yield* page
      high = page.length < pageLength ? 0 : (page.at(-1)?.id ?? 0)
    }
  }

  async function* oldestFirst(): AsyncGenerator<Receipt> {
    for (let last = 0, isMore = true; isMore; ) {
      const range = IDBKeyRange.lowerBound(last, true)
      const page = await guard(async () => {
        const { store } = database.transaction(RECEIPTS)
        const [keys, texts] = await Promise.all([
          store.getAllKeys(range, PAGE_LENGTH),
          store.getAll(range, PAGE_LENGTH),
        ])
        return texts.map((text: string, i) => decodeReceipt(text, Number(keys[i])))
      })
      yield* page
      last = page.at(-1)?.id ?? last
      isMore = page.length === PAGE_LENGTH
    }
  }

  return {
    list: <T extends LedgerTable>(table: T) =>
      guard(async () => {
        if (table === 'payeeSeats') return (await listSeats()) as LedgerTables[T][]
        const texts: string[] = await database.getAll(table)
        return texts.map((text) => decodeLedgerJson<LedgerTables[T]>(text))
      }),
    listReceipts: (query) =>
      takePage(newestFirst(query.before ?? Number.MAX_SAFE_INTEGER, query.limit), query),
    async *eachReceipt(kinds) {
      for await (const line of oldestFirst()) if (!kinds || kinds.includes(line.kind)) yield line
    },
    async commit({ puts = [], receipts = [] }: LedgerBatch) {
      const ids = await guard(async () => {
        const transaction = database.transaction(STORES, 'readwrite', { durability: 'strict' })
        try {
          const [kept] = await Promise.all([
            keepAll(transaction, receipts),
            ...puts.map((put) => writePut(transaction, put)),
            transaction.done,
          ])
          return kept
        } catch (error) {
          // All or nothing: what else was asked must not stand. It may be over already.
          if (transaction.error === null) transaction.abort()
          for (const { key } of puts) written.delete(key)
          throw error
        }
      })
      const committed = toCommitted(receipts, ids)
      listeners.notify(committed)
      return committed
    },
    onReceipts: listeners.add,
    close: async () => database.close(),
  }
}
