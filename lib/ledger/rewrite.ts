/**
 * The file ledger made small again. Invariant: at each moment the file at `path` is a whole ledger, the old one or the new one, and
 * says how much of the history beside it counts; until the rename nothing of that has changed.
 */
import { dirname } from 'node:path'
import type { DiskFile, LedgerDisk } from './disk.ts'
import { encodeHead, encodeLine } from './lines.ts'
import { createLedgerMemory, type LedgerMemory } from './memory.ts'
import type { ReceiptHistory } from './receipt-history.ts'
import { findLine } from './receipt-pages.ts'
import { versionsOf } from './schema.ts'
import type { AnyPut } from './store.ts'
import { subtractTotals, sumTotals } from './totals.ts'

/** Rows or receipts of one line. */
const BATCH = 64

export const draftPath = (path: string): string => `${path}.new`

/** The lines of all tables and of the receipts that may still change. */
function* listLines(memory: LedgerMemory): Generator<string> {
  let puts: AnyPut[] = []
  const empty = createLedgerMemory(memory.schema)
  for (const table of Object.keys(memory.schema)) {
    for (const [key, value] of memory.entries(table)) {
      puts.push({ table, key, value })
      if (puts.length < BATCH) continue
      yield encodeLine([{ puts, entries: [] }], empty)
      puts = []
    }
  }
  if (puts.length > 0) yield encodeLine([{ puts, entries: [] }], empty)
  const open = memory.receipts.slice(findLine(memory.receipts, memory.getFirstOpenId()))
  for (let from = 0; from < open.length; from += BATCH) {
    const entries = open.slice(from, from + BATCH).map((receipt) => ({ status: 'line', receipt }) as const)
    yield encodeLine([{ puts: [], entries }], empty)
  }
}

/** About how long a rewritten file would be. */
export function measureLive(memory: LedgerMemory): number {
  let lengthBytes = 0
  for (const line of listLines(memory)) lengthBytes += line.length
  return lengthBytes
}

export interface RewriteOptions {
  readonly disk: LedgerDisk
  readonly path: string
  readonly memory: LedgerMemory
  readonly history: ReceiptHistory
}

/**
 * Moves receipts that change no more to the history and writes the rest anew. Returns the new file, or null when that could not be
 * written: then the old one is the ledger still. Throws when it is not known which of them is. Nobody may write meanwhile.
 */
export async function rewriteLedger(options: RewriteOptions): Promise<DiskFile | null> {
  const { disk, path, memory, history } = options
  const draft = await writeDraft(options)
  if (!draft) return null
  try {
    await disk.rename(draftPath(path), path)
    await disk.syncFolder(dirname(path))
  } catch (error) {
    await draft.file.close()
    throw error
  }
  memory.dropBelow(draft.firstOpenId)
  history.accept(draft.historyBytes)
  return draft.file
}

async function writeDraft({ disk, path, memory, history }: RewriteOptions) {
  const firstOpenId = memory.getFirstOpenId()
  const final = memory.receipts.slice(0, findLine(memory.receipts, firstOpenId))
  let file: DiskFile | null = null
  try {
    const historyBytes = final.length > 0 ? await history.append(final) : history.lengthBytes
    file = await disk.open(draftPath(path), 'w+')
    await file.append(
      encodeHead({
        ledger: 2,
        historyBytes,
        nextId: memory.nextId,
        totals: subtractTotals(memory.totals, sumTotals({}, memory.receipts.slice(final.length))),
        tables: versionsOf(memory.schema),
      }),
    )
    for (const line of listLines(memory)) await file.append(line)
    await file.sync()
    // The history's name must be there before a ledger that counts on it.
    await disk.syncFolder(dirname(path))
    return { file, historyBytes, firstOpenId }
  } catch {
    // Nothing was promised by this file, and all that was stands in the old one: a disk that is full fails the next commit.
    await file?.close().catch(() => undefined)
    await disk.remove(draftPath(path)).catch(() => undefined)
    return null
  }
}
