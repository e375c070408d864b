/**
 * The chain on disk: a file of JSON lines, the genesis label first, then one line a block with its signed transactions. The
 * state is what they replay to. A line that a crash cut short is dropped: its block was never answered for.
 */
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StorageError } from '../../lib/units/app-error.ts'
import { decodeSignedTransaction, encodeSignedTransaction, type Transaction } from '../codec/transaction.ts'
import type { SealedBlock } from './blockchain.ts'

const FORMAT = 'piecemeal-devnet/1'
const FILE_NAME = 'chain.jsonl'

interface SavedBlock {
  readonly timestampMs: number
  readonly transactions: readonly Transaction[]
  readonly id: string
}

export interface BlockLog {
  /** Blocks 1… as saved, in order. */
  readonly saved: readonly SavedBlock[]
  append(sealed: SealedBlock): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the log of a chain in `stateDir`, making it if there is none. Throws StorageError when it belongs to another
 * genesis or cannot be read.
 */
export async function openBlockLog(stateDir: string, genesisId: string): Promise<BlockLog> {
  await mkdir(stateDir, { recursive: true })
  const path = join(stateDir, FILE_NAME)
  const header = JSON.stringify({ format: FORMAT, genesisId })
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw new StorageError('devnet-state', `cannot read ${path}`, { cause: error })
  })
  const lines = text.split('\n')
  const isTorn = lines.pop() !== ''
  if (text === '' || isTorn) {
    // Written beside and renamed, so that a crash leaves the old file or the new one.
    const kept = text === '' || lines.length === 0 ? [header] : lines
    await writeFile(`${path}.new`, `${kept.join('\n')}\n`)
    await rename(`${path}.new`, path)
  }
  if (lines.length > 0 && lines[0] !== header) {
    throw new StorageError(
      'devnet-genesis',
      `${path} belongs to a chain with another genesis: delete it to start afresh`,
    )
  }
  const saved = lines.slice(1).map((line, index) => parseLine(line, `${path}:${index + 2}`))
  const file = await open(path, 'a')
  return {
    saved,
    async append({ block, transactions }) {
      const hex = transactions.map((transaction) =>
        Buffer.from(encodeSignedTransaction(transaction)).toString('hex'),
      )
      await file.appendFile(
        `${JSON.stringify({ id: block.id, timestampMs: block.timestampMs, transactions: hex })}\n`,
      )
    },
    close: () => file.close(),
  }
}

function parseLine(line: string, place: string): SavedBlock {
  try {
    const { id, timestampMs, transactions } = JSON.parse(line) as {
      id: string
      timestampMs: number
      transactions: string[]
    }
    return {
      id,
      timestampMs,
      transactions: transactions.map((hex) => decodeSignedTransaction(Buffer.from(hex, 'hex'))),
    }
  } catch (cause) {
    throw new StorageError('devnet-state', `${place} is damaged: delete the file to start afresh`, { cause })
  }
}
