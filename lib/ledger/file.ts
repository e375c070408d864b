/**
 * The ledger of a Node program: an append-only file of JSON lines, fsynced before a commit resolves; commits that wait for the disk
 * share a line. A line torn by a crash is the last one, was never acknowledged, and is cut off when the file is opened. A file that
 * is mostly past is rewritten (ledger-rewrite.ts), receipts that change no more lie beside it (receipt-history.ts).
 */
import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StorageError } from '../base/index.ts'
import { type DiskFile, type LedgerDisk, systemDisk } from './disk.ts'
import { createGroupCommit } from './group-commit.ts'
import { encodeHead, encodeLine, type PlacedCommit } from './lines.ts'
import { lockLedger } from './lock.ts'
import { createLedgerMemory, createReceiptListeners, type LedgerMemory } from './memory.ts'
import type { Receipt } from './receipt.ts'
import { openReceiptHistory, type ReceiptHistory } from './receipt-history.ts'
import { findLine, isMeant, pageOf, takePage, toCommitted } from './receipt-pages.ts'
import { lineOf } from './receipt-rolls.ts'
import { replayLedger } from './replay.ts'
import { draftPath, measureLive, rewriteLedger } from './rewrite.ts'
import { type AnySchema, eraseSchema, type LedgerSchema, versionsOf } from './schema.ts'
import { type AnyBatch, type AnyStore, type LedgerStore, typed } from './store.ts'
import { addToTotals } from './totals.ts'

export interface FileLedgerOptions {
  /** A test's, instead of the system's. */
  readonly disk?: LedgerDisk
  /** A file is rewritten when it is longer than this and than REWRITE_FACTOR times what it says. */
  readonly rewriteAtBytes?: number
}

/** Read again in well under a second. */
const REWRITE_AT_BYTES = 4 * 1_048_576
/** So a byte is written anew a third of a time on average. */
const REWRITE_FACTOR = 4

interface OpenLedger {
  readonly memory: LedgerMemory
  readonly history: ReceiptHistory
  readonly unlock: () => Promise<void>
  readonly isOld: boolean
  file: DiskFile
  lengthBytes: number
}

async function openLedger(disk: LedgerDisk, path: string, schema: AnySchema): Promise<OpenLedger> {
  const memory = createLedgerMemory(schema)
  let file: DiskFile | null = null
  let unlock = async (): Promise<void> => undefined
  try {
    await mkdir(dirname(path), { recursive: true })
    unlock = await lockLedger(path)
    file = await disk.open(path, 'a+')
    const there = await file.getLengthBytes()
    // First of all: what a newer program wrote is not touched.
    const { lengthBytes, historyBytes, isOld, hasTotals } = await replayLedger(file, there, memory)
    await disk.remove(draftPath(path))
    if (lengthBytes < there) await file.truncate(lengthBytes)
    if (lengthBytes === 0) await beginFile(disk, path, file, schema)
    const history = await openReceiptHistory(disk, historyPath(path), historyBytes)
    // Of a program that kept no sums: read once, and written down by the rewrite that follows.
    const isUncounted = historyBytes > 0 && !hasTotals
    if (isUncounted)
      for await (const line of history.oldestFirst(0, historyBytes)) memory.addPast(addToTotals({}, line))
    return {
      memory,
      history,
      unlock,
      isOld: isOld || isUncounted,
      file,
      lengthBytes: await file.getLengthBytes(),
    }
  } catch (error) {
    await file?.close()
    await unlock()
    if (error instanceof StorageError) throw error
    throw new StorageError('ledger-unreadable', `the ledger at ${path} cannot be opened`, { cause: error })
  }
}

/** Writes what an older program would stumble over. Receipts without their ledger are a folder that lost it: vouchers may be gone. */
async function beginFile(disk: LedgerDisk, path: string, file: DiskFile, schema: AnySchema): Promise<void> {
  const history = await stat(historyPath(path)).catch(() => null)
  if (history && history.size > 0)
    throw new StorageError('ledger-damaged', `there are receipts beside ${path}, but the ledger is empty`)
  await file.append(encodeHead({ ledger: 2, historyBytes: 0, nextId: 1, tables: versionsOf(schema) }))
  await file.sync()
  await disk.syncFolder(dirname(path))
}

/** `ledger.jsonl` has `ledger.receipts.jsonl` beside it. */
export const historyPath = (path: string): string => `${path.replace(/\.jsonl$/, '')}.receipts.jsonl`

/**
 * Opens or makes the ledger at `path`, which stays this process's until `close`.
 * Throws StorageError: 'ledger-in-use', 'ledger-unreadable', 'ledger-damaged', and 'ledger-newer', after which nothing of it changed.
 */
export async function openFileLedger<Tables>(
  schema: LedgerSchema<Tables>,
  path: string,
  options: FileLedgerOptions = {},
): Promise<LedgerStore<Tables>> {
  const { disk = systemDisk, rewriteAtBytes = REWRITE_AT_BYTES } = options
  const open = await openLedger(disk, path, eraseSchema(schema))
  const { memory, history } = open
  const listeners = createReceiptListeners()
  let failure: StorageError | null = null
  let rewriteBeyond = rewriteAtBytes
  let isRewriteDue = false

  /** After a failed write the file's end is unknown: nothing more may follow it. */
  async function orFail<T>(work: () => Promise<T>): Promise<T> {
    if (failure) throw failure
    try {
      return await work()
    } catch (error) {
      failure = new StorageError('ledger-write', 'the ledger could not be written', { cause: error })
      throw failure
    }
  }

  interface Waiting {
    readonly batch: AnyBatch
    committed: readonly Receipt[]
  }
  const group = createGroupCommit<Waiting>((items) =>
    orFail(async () => {
      const commits = items.map(({ batch: { puts = [], receipts = [] } }): PlacedCommit => {
        return { puts, entries: receipts.map((receipt) => memory.place(receipt)) }
      })
      const line = encodeLine(commits, memory)
      await open.file.append(line)
      await open.file.sync()
      open.lengthBytes += Buffer.byteLength(line)
      commits.forEach(({ puts, entries }, i) => {
        memory.apply(puts, entries)
        const item = items[i]
        if (item) item.committed = toCommitted(item.batch.receipts ?? [], entries.map(lineOf))
      })
      if (open.lengthBytes <= rewriteBeyond || isRewriteDue) return
      isRewriteDue = true
      // Who commits next learns of a failure.
      group.runAlone(rewriteIfLong).catch(() => undefined)
    }),
  )

  async function rewriteIfLong(): Promise<void> {
    isRewriteDue = false
    const liveBytes = measureLive(memory)
    const isLong = open.lengthBytes > Math.max(rewriteAtBytes, REWRITE_FACTOR * liveBytes)
    if (isLong) await rewrite()
    else rewriteBeyond = REWRITE_FACTOR * liveBytes
  }

  function rewrite(): Promise<void> {
    return orFail(async () => {
      const fresh = await rewriteLedger({ disk, path, memory, history })
      if (fresh) {
        await open.file.close()
        open.file = fresh
        open.lengthBytes = await fresh.getLengthBytes()
      }
      // When it could not be written, it is tried again at twice the length.
      rewriteBeyond = Math.max(rewriteAtBytes, (fresh ? REWRITE_FACTOR : 2) * open.lengthBytes)
    })
  }

  async function* eachReceipt(): AsyncGenerator<Receipt> {
    let last = 0
    for (let from = 0, to = history.lengthBytes; from < to; from = to, to = history.lengthBytes) {
      for await (const line of history.oldestFirst(from, to)) {
        last = line.id
        yield line
      }
    }
    yield* memory.receipts.slice(findLine(memory.receipts, last + 1))
  }

  async function close(): Promise<void> {
    failure ??= new StorageError('ledger-write', 'the ledger is closed')
    await Promise.all([open.file.close(), history.close()])
    await open.unlock()
  }

  try {
    if (open.isOld) await rewrite()
    else if (open.lengthBytes > rewriteAtBytes) await rewriteIfLong()
  } catch (error) {
    await close()
    throw error
  }

  const store: AnyStore = {
    list: async (table) => memory.list(table),
    async listReceipts(query) {
      const oldest = memory.receipts[0]?.id ?? memory.nextId
      const page = pageOf(memory.receipts, query)
      const before = Math.min(query.before ?? oldest, oldest)
      const older = history.newestFirst(before)
      return [...page, ...(await takePage(older, { ...query, limit: query.limit - page.length }))]
    },
    async *eachReceipt(filter = {}) {
      for await (const line of eachReceipt()) if (isMeant(line, filter)) yield line
    },
    getTotals: async () => memory.totals,
    async commit(batch) {
      const item: Waiting = { batch, committed: [] }
      await group.add(item)
      listeners.notify(item.committed)
      return item.committed
    },
    onReceipts: listeners.add,
    close: () => group.runAlone(close),
  }
  return typed(store, schema)
}
