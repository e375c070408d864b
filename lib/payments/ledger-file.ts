/**
 * The ledger of a Node program: an append-only file of JSON lines, one commit a line, fsynced before it resolves.
 * A line torn by a crash is the last one, was never acknowledged, and is cut off when the file is opened.
 */
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StorageError } from '../units/index.ts'
import type { LedgerBatch, LedgerPut, LedgerStore } from './ledger.ts'
import { decodeLedgerJson, encodeLedgerJson } from './ledger-json.ts'
import { lockLedger } from './ledger-lock.ts'
import { createLedgerMemory, createReceiptListeners, type LedgerMemory } from './ledger-memory.ts'
import { createMutex } from './mutex.ts'
import type { Receipt } from './receipt.ts'

interface LedgerLine {
  readonly puts: readonly LedgerPut[]
  readonly receipts: readonly Receipt[]
}

const NEWLINE = 0x0a

/** Replays whole lines; returns how many bytes of the file they take. Throws StorageError on a broken line before the last. */
function replay(bytes: Uint8Array, memory: LedgerMemory): number {
  const decoder = new TextDecoder()
  let start = 0
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    try {
      const line = decodeLedgerJson<LedgerLine>(decoder.decode(bytes.subarray(start, end)))
      memory.apply(line.puts, line.receipts)
    } catch (error) {
      if (bytes.indexOf(NEWLINE, end + 1) >= 0) {
        throw new StorageError('ledger-damaged', `the ledger is damaged at byte ${start}`, { cause: error })
      }
      return start
    }
    start = end + 1
  }
  return start
}

async function append(file: FileHandle, text: string): Promise<void> {
  await file.appendFile(text)
  await file.datasync()
}

/**
 * Opens or makes the ledger at `path`, which stays this process's until `close`.
 * Throws StorageError: 'ledger-in-use', 'ledger-unreadable', 'ledger-damaged'.
 */
export async function createFileLedger(path: string): Promise<LedgerStore> {
  const memory = createLedgerMemory()
  const listeners = createReceiptListeners()
  const mutex = createMutex()
  let failure: StorageError | null = null
  let file: FileHandle | null = null
  let unlock = async (): Promise<void> => undefined
  try {
    await mkdir(dirname(path), { recursive: true })
    unlock = await lockLedger(path)
    file = await open(path, 'a+')
    const bytes = await file.readFile()
    const wholeBytes = replay(bytes, memory)
    if (wholeBytes < bytes.length) await file.truncate(wholeBytes)
  } catch (error) {
    await file?.close()
    await unlock()
    if (error instanceof StorageError) throw error
    throw new StorageError('ledger-unreadable', `the ledger at ${path} cannot be opened`, { cause: error })
  }
  const opened: FileHandle = file
  return {
    list: async (table) => memory.list(table),
    listReceipts: async () => [...memory.receipts],
    commit: ({ puts = [], receipts = [] }: LedgerBatch) =>
      mutex.run(async () => {
        // After a failed write the file's end is unknown: nothing more may follow it.
        if (failure) throw failure
        const numbered = memory.number(receipts)
        try {
          await append(opened, `${encodeLedgerJson({ puts, receipts: numbered })}\n`)
        } catch (error) {
          failure = new StorageError('ledger-write', 'the ledger could not be written', { cause: error })
          throw failure
        }
        memory.apply(puts, numbered)
        listeners.notify(numbered)
        return numbered
      }),
    onReceipts: listeners.add,
    close: () => mutex.run(() => opened.close().then(unlock)),
  }
}
