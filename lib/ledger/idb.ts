/**
 * The ledger of a page: IndexedDB, each commit one strictly durable transaction. Values are JSON text, bigints decimal.
 * Commits are not grouped as in a file: a page sells to few at once, and one that is too big must not fail its neighbours.
 */
import { type IDBPDatabase, type IDBPTransaction, openDB } from 'idb'
import { StorageError } from '../base/index.ts'
import { decodeLedgerJson, encodeLedgerJson } from './json.ts'
import { createReceiptListeners } from './memory.ts'
import type { Receipt } from './receipt.ts'
import { isMeant, takePage, toCommitted, withId } from './receipt-pages.ts'
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
import {
  type AnySchema,
  eraseSchema,
  findOutdated,
  type LedgerSchema,
  migrateRow,
  refuseNewer,
  type SchemaVersions,
  versionsOf,
} from './schema.ts'
import {
  type AnyPut,
  type AnyStore,
  type LedgerStore,
  type NewReceipt,
  type ReceiptFilter,
  type ReceiptQuery,
  typed,
} from './store.ts'
import { addToTotals, type ReceiptTotals, sumTotals } from './totals.ts'

/** Of the stores below; with each table that rooms brought since, it is one higher. 3: lines have tags, and sums are kept. */
const VERSION = 3
/** How many tables there were when it was 2. */
const FIRST_TABLES = 5
const RECEIPTS = 'receipts'
/** Over the tags of lines; since version 3. */
const TAGS = 'tags'
/** The id of a roll's line by `rollKey`, how many lines tips have by `tipsKey`, the tables' versions, the totals. Since version 2. */
const ROLLS = 'rolls'
const VERSIONS_KEY = 'tables'
const TOTALS_KEY = 'totals'

/** Key: the row's. What moved of a row since its table had it whole; only of tables with a delta. Since version 2. */
const movedStore = (table: string): string => `${table}Moved`
const storesOf = (schema: AnySchema): string[] => [
  ...Object.keys(schema),
  RECEIPTS,
  ROLLS,
  ...Object.keys(schema)
    .filter((table) => schema[table]?.delta)
    .map(movedStore),
]
/** Receipts that are read at once. */
const PAGE_LENGTH = 500

type Writing = IDBPTransaction<unknown, string[], 'readwrite' | 'versionchange'>

/** A line as it is stored; before version 3 it was its text alone. */
interface StoredLine {
  readonly text: string
  /** What it is found by. */
  readonly tags: readonly string[]
}

const torrentTag = (infoHash: string): string => `torrent:${infoHash}`
const channelTag = (channelId: string): string => `channel:${channelId}`

function toStored(line: NewReceipt | Receipt): StoredLine {
  const tags = [
    ...('infoHash' in line ? [torrentTag(line.infoHash)] : []),
    ...(line.channelId === null ? [] : [channelTag(line.channelId)]),
  ]
  return { text: encodeLedgerJson(line), tags }
}

/** The narrowest tag of what is meant; null where no tag narrows it. */
function tagOf({ infoHash, channelId }: ReceiptFilter): string | null {
  if (channelId !== undefined) return channelTag(channelId)
  return infoHash === undefined ? null : torrentTag(infoHash)
}

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

async function openDatabase(name: string, schema: AnySchema): Promise<IDBPDatabase> {
  const version = VERSION + Math.max(0, Object.keys(schema).length - FIRST_TABLES)
  try {
    return await openDB(name, version, {
      // What older versions wrote is read as it is: whole rows, and receipts of one voucher each.
      async upgrade(database, _from, _to, transaction) {
        for (const store of storesOf(schema)) {
          if (database.objectStoreNames.contains(store)) continue
          database.createObjectStore(store, store === RECEIPTS ? { autoIncrement: true } : undefined)
        }
        await tagLines(transaction as unknown as Writing)
      },
    })
  } catch (error) {
    const isNewer = error instanceof DOMException && error.name === 'VersionError'
    throw isNewer
      ? new StorageError('ledger-newer', 'a newer page wrote this ledger', { cause: error })
      : new StorageError('ledger-unreadable', 'this browser’s storage cannot be opened', { cause: error })
  }
}

/** Gives lines of before version 3 their tags, and adds them up. */
async function tagLines(transaction: Writing): Promise<void> {
  const lines = transaction.objectStore(RECEIPTS)
  if (lines.indexNames.contains(TAGS)) return
  lines.createIndex?.(TAGS, 'tags', { multiEntry: true })
  let totals: ReceiptTotals = {}
  for (let cursor = await lines.openCursor(); cursor; cursor = await cursor.continue()) {
    const line = decodeReceipt({ text: cursor.value }, Number(cursor.key))
    totals = addToTotals(totals, line)
    await cursor.update?.({ text: cursor.value, tags: toStored(line).tags })
  }
  await transaction.objectStore(ROLLS).put?.(encodeLedgerJson(totals), TOTALS_KEY)
}

/** Refuses a ledger of a newer page, untouched; brings rows of older ones to their present shape. */
async function agreeOnTables(database: IDBPDatabase, schema: AnySchema): Promise<void> {
  const versions: SchemaVersions = (await database.get(ROLLS, VERSIONS_KEY)) ?? {}
  refuseNewer(schema, versions)
  const outdated = findOutdated(schema, versions)
  if (outdated.length === 0) return
  const transaction = database.transaction(storesOf(schema), 'readwrite', { durability: 'strict' })
  for (const table of outdated) {
    const store = transaction.objectStore(table)
    for (const key of await store.getAllKeys()) {
      const row = decodeLedgerJson<object>(await store.get(key))
      await store.put(encodeLedgerJson(migrateRow(schema, table, row, versions)), key)
    }
  }
  await transaction.objectStore(ROLLS).put(versionsOf(schema), VERSIONS_KEY)
  await transaction.done
}

function decodeReceipt({ text }: Pick<StoredLine, 'text'>, id: number): Receipt {
  const receipt = decodeLedgerJson<Receipt>(text)
  return isEarned(receipt) && receipt.roll ? { ...receipt, id } : withId(receipt, id)
}

/** Writes a receipt into its line, or a new one; returns the line's id. */
async function keep(transaction: Writing, receipt: NewReceipt): Promise<number> {
  const lines = transaction.objectStore(RECEIPTS)
  const add = async (line: NewReceipt): Promise<number> => Number(await lines.add(toStored(line)))
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
  const line = decodeReceipt(await lines.get(known), known) as EarnedReceipt
  const { id: _, ...grown } = addToRoll(line, toRollVoucher(receipt))
  await lines.put(toStored(grown), known)
  return known
}

async function keepAll(transaction: Writing, receipts: readonly NewReceipt[]): Promise<readonly number[]> {
  const ids: number[] = []
  // One after the other: the second may belong to the line that the first began.
  for (const receipt of receipts) ids.push(await keep(transaction, receipt))
  if (receipts.length > 0) {
    const rolls = transaction.objectStore(ROLLS)
    const totals = decodeLedgerJson<ReceiptTotals>((await rolls.get(TOTALS_KEY)) ?? '{}')
    await rolls.put(encodeLedgerJson(sumTotals(totals, receipts)), TOTALS_KEY)
  }
  return ids
}

/**
 * Opens or makes the ledger. Throws StorageError: 'ledger-unreadable' where the browser forbids storage, 'ledger-newer' where a newer
 * page wrote it, which leaves it as it is.
 */
export async function openIdbLedger<Tables>(
  tables: LedgerSchema<Tables>,
  name: string,
): Promise<LedgerStore<Tables>> {
  const schema = eraseSchema(tables)
  const listeners = createReceiptListeners()
  const database = await openDatabase(name, schema)
  try {
    await agreeOnTables(database, schema)
  } catch (error) {
    database.close()
    throw error
  }
  /** The fixed parts that tables have: one that is the same object need not be written again. */
  const written = new Map<string, object>()
  const placeOf = (table: string, key: IDBValidKey): string => `${table}/${key}`

  async function listWithMoved(table: string): Promise<object[]> {
    const transaction = database.transaction([table, movedStore(table)])
    const [keys, texts, movedKeys, movedTexts] = await Promise.all([
      transaction.objectStore(table).getAllKeys(),
      transaction.objectStore(table).getAll(),
      transaction.objectStore(movedStore(table)).getAllKeys(),
      transaction.objectStore(movedStore(table)).getAll(),
    ])
    const moved = new Map(movedKeys.map((key, i) => [key, movedTexts[i] as string]))
    return keys.map((key, i) => {
      const whole = decodeLedgerJson<object>(texts[i])
      const part = moved.get(key)
      const fixed = schema[table]?.delta?.fixed(whole)
      if (fixed) written.set(placeOf(table, key), fixed)
      return part === undefined ? whole : { ...whole, ...decodeLedgerJson<object>(part) }
    })
  }

  function writePut(transaction: Writing, { table, key, value }: AnyPut): Promise<unknown> {
    const store = transaction.objectStore(table)
    const delta = schema[table]?.delta
    if (!delta) return value === null ? store.delete(key) : store.put(encodeLedgerJson(value), key)
    const moved = transaction.objectStore(movedStore(table))
    const place = placeOf(table, key)
    if (value === null) {
      written.delete(place)
      return Promise.all([store.delete(key), moved.delete(key)])
    }
    const fixed = delta.fixed(value)
    if (written.get(place) === fixed) return moved.put(encodeLedgerJson(delta.rest(value)), key)
    written.set(place, fixed)
    return Promise.all([store.put(encodeLedgerJson(value), key), moved.delete(key)])
  }

  /** Ids of the lines with a tag, rising. */
  const findTagged = (tag: string): Promise<readonly number[]> =>
    guard(async () => (await database.getAllKeysFromIndex(RECEIPTS, TAGS, tag)).map(Number))

  /** The lines of these ids, in this order. */
  async function* readLines(ids: readonly number[]): AsyncGenerator<Receipt> {
    for (let from = 0; from < ids.length; from += PAGE_LENGTH) {
      const page = ids.slice(from, from + PAGE_LENGTH)
      yield* await guard(async () => {
        const { store } = database.transaction(RECEIPTS)
        return Promise.all(page.map(async (id) => decodeReceipt(await store.get(id), id)))
      })
    }
  }

  /** Lines by falling id, or only those with the filter's tag. */
  async function* listNewest(query: ReceiptQuery): AsyncGenerator<Receipt> {
    const tag = tagOf(query)
    const before = query.before ?? Number.MAX_SAFE_INTEGER
    if (tag === null) return yield* newestFirst(before, query.limit)
    yield* readLines((await findTagged(tag)).filter((id) => id < before).reverse())
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
        return texts.map((line: StoredLine, i) => decodeReceipt(line, Number(keys[i])))
      })
      yield* page
      last = page.at(-1)?.id ?? last
      isMore = page.length === PAGE_LENGTH
    }
  }

  const store: AnyStore = {
    list: (table) =>
      guard(async () => {
        if (schema[table]?.delta) return listWithMoved(table)
        const texts: string[] = await database.getAll(table)
        return texts.map((text) => decodeLedgerJson<object>(text))
      }),
    listReceipts: (query) => takePage(listNewest(query), query),
    async *eachReceipt(filter = {}) {
      const tag = tagOf(filter)
      const lines = tag === null ? oldestFirst() : readLines(await findTagged(tag))
      for await (const line of lines) if (isMeant(line, filter)) yield line
    },
    getTotals: () =>
      guard(async () => decodeLedgerJson<ReceiptTotals>((await database.get(ROLLS, TOTALS_KEY)) ?? '{}')),
    async commit({ puts = [], receipts = [] }) {
      const ids = await guard(async () => {
        const transaction = database.transaction(storesOf(schema), 'readwrite', { durability: 'strict' })
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
          for (const { table, key } of puts) written.delete(placeOf(table, key))
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
  return typed(store, tables)
}
