/** Reads a ledger file line by line into memory, whatever its length. */
import { StorageError } from '../base/index.ts'
import { type DiskFile, readLines } from './ledger-disk.ts'
import { applyLine, type LedgerLine, parseLine } from './ledger-lines.ts'
import type { LedgerMemory } from './ledger-memory.ts'

export interface Replayed {
  /** How many bytes of the file whole lines take. */
  readonly lengthBytes: number
  /** How much of the history beside it counts. */
  readonly historyBytes: number
  /** It has lines of version 1. */
  readonly isOld: boolean
}

/** Replays whole lines. A last one that was torn is left out; throws StorageError 'ledger-damaged' for any other. */
export async function replayLedger(file: DiskFile, limit: number, memory: LedgerMemory): Promise<Replayed> {
  let lengthBytes = 0
  let historyBytes = 0
  let isOld = false
  let torn: { readonly start: number; readonly cause: unknown } | null = null
  const fail = (start: number, cause: unknown): never => {
    throw new StorageError('ledger-damaged', `the ledger is damaged at byte ${start}`, { cause })
  }
  for await (const { text, start, end } of readLines(file, 0, limit)) {
    if (torn) fail(torn.start, torn.cause)
    let line: LedgerLine
    try {
      line = parseLine(text)
    } catch (cause) {
      torn = { start, cause }
      continue
    }
    try {
      applyLine(line, memory)
    } catch (cause) {
      fail(start, cause)
    }
    lengthBytes = end
    if ('ledger' in line) historyBytes = line.historyBytes
    isOld ||= 'puts' in line
  }
  return { lengthBytes, historyBytes, isOld }
}
