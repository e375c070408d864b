/**
 * Receipts that change no more, in a file of their own beside the ledger: one line each, by rising id, only appended to. The ledger
 * says how many bytes of it count; what follows them was never moved and still stands in the ledger.
 */
import { StorageError } from '../base/index.ts'
import { type DiskFile, type LedgerDisk, readLines, readLinesBackward } from './disk.ts'
import { decodeLedgerJson, encodeLedgerJson } from './json.ts'
import type { Receipt } from './receipt.ts'

export interface ReceiptHistory {
  /** How many bytes count. */
  readonly lengthBytes: number
  /** Writes lines behind those that count and syncs; returns how many bytes there are. They count from `accept` on. */
  append(lines: readonly Receipt[]): Promise<number>
  accept(lengthBytes: number): void
  /** Lines with an id below `before`, newest first. */
  newestFirst(before: number): AsyncGenerator<Receipt>
  /** Lines between two offsets that were the history's length once, oldest first. */
  oldestFirst(from: number, to: number): AsyncGenerator<Receipt>
  close(): Promise<void>
}

/** Lines that are written at once. */
const BATCH_LINES = 512

/** Reads nothing yet. Throws StorageError 'ledger-damaged' when the file is shorter than the ledger says. */
export async function openReceiptHistory(
  disk: LedgerDisk,
  path: string,
  lengthBytes: number,
): Promise<ReceiptHistory> {
  let counted = lengthBytes
  let file: DiskFile | null = null

  async function open(): Promise<DiskFile> {
    file ??= await disk.open(path, 'a+')
    return file
  }

  if (counted > 0) {
    const opened = await open()
    if ((await opened.getLengthBytes()) < counted) {
      await opened.close()
      throw new StorageError('ledger-damaged', `the receipts at ${path} are shorter than the ledger says`)
    }
  }

  /** Where the first line begins whose id is not below `id`. */
  async function findEnd(opened: DiskFile, id: number): Promise<number> {
    let low = 0
    // At or after `high`, no line begins whose id is below; before `low`, each one is. `low` begins a line.
    for (let high = counted; low < high; ) {
      const middle = Math.floor((low + high) / 2)
      const line = await readLineFrom(opened, low, middle, counted)
      if (line && parse(line.text).id < id) low = line.end
      else high = middle
    }
    return low
  }

  return {
    get lengthBytes() {
      return counted
    },
    async append(lines) {
      const opened = await open()
      // What a rewrite left behind that did not come to its end.
      await opened.truncate(counted)
      for (let from = 0; from < lines.length; from += BATCH_LINES) {
        const texts = lines.slice(from, from + BATCH_LINES).map((line) => `${encodeLedgerJson(line)}\n`)
        await opened.append(texts.join(''))
      }
      await opened.sync()
      return opened.getLengthBytes()
    },
    accept(lengthBytes) {
      counted = lengthBytes
    },
    async *newestFirst(before) {
      if (counted === 0) return
      const opened = await open()
      for await (const text of readLinesBackward(opened, await findEnd(opened, before))) yield parse(text)
    },
    async *oldestFirst(from, to) {
      if (from === to) return
      for await (const { text } of readLines(await open(), from, to)) yield parse(text)
    },
    close: async () => file?.close(),
  }
}

function parse(text: string): Receipt {
  try {
    return decodeLedgerJson<Receipt>(text)
  } catch (cause) {
    throw new StorageError('ledger-damaged', 'a receipt beside the ledger cannot be read', { cause })
  }
}

/** The first line that begins at or after `from`, which may stand inside a line that begins at `start` or later. */
async function readLineFrom(file: DiskFile, start: number, from: number, limit: number) {
  if (from === start) return first(readLines(file, start, limit))
  // One byte back: where `from` begins a line, the rest of the line before it is its newline alone.
  const rest = await first(readLines(file, from - 1, limit))
  return rest && first(readLines(file, rest.end, limit))
}

async function first<T>(items: AsyncGenerator<T>): Promise<T | null> {
  for await (const item of items) return item
  return null
}
