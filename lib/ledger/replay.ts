/** Reads a ledger file line by line into memory, whatever its length. */
import { StorageError } from '../base/index.ts'
import { type DiskFile, readLines } from './disk.ts'
import { applyLine, type LedgerLine, parseLine } from './lines.ts'
import type { LedgerMemory } from './memory.ts'
import { findOutdated, migrateRow, type SchemaVersions } from './schema.ts'

export interface Replayed {
  /** How many bytes of the file whole lines take. */
  readonly lengthBytes: number
  /** How much of the history beside it counts. */
  readonly historyBytes: number
  /** It has lines or rows of an older version: it is to be written anew. */
  readonly isOld: boolean
  /** Whether the sums of what lies in the history are known. */
  readonly hasTotals: boolean
}

/** Replays whole lines. A last one that was torn is left out; throws StorageError 'ledger-damaged' for any other. */
export async function replayLedger(file: DiskFile, limit: number, memory: LedgerMemory): Promise<Replayed> {
  let lengthBytes = 0
  let historyBytes = 0
  let isOld = false
  let hasTotals = false
  let versions: SchemaVersions = {}
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
      if (cause instanceof StorageError) throw cause
      fail(start, cause)
    }
    lengthBytes = end
    if ('ledger' in line) {
      historyBytes = line.historyBytes
      versions = line.tables ?? {}
      hasTotals = line.totals !== undefined
    }
    isOld ||= 'puts' in line
  }
  const outdated = findOutdated(memory.schema, versions)
  for (const table of outdated) migrateTable(memory, table, versions)
  return { lengthBytes, historyBytes, isOld: isOld || outdated.length > 0, hasTotals }
}

function migrateTable(memory: LedgerMemory, table: string, versions: SchemaVersions): void {
  const puts = [...memory.entries(table)].map(([key, row]) => ({
    table,
    key,
    value: migrateRow(memory.schema, table, row, versions),
  }))
  memory.apply(puts, [])
}
