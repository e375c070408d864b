/**
 * The chain on disk: a file of JSON lines, the genesis first, then what happened: a block with its signed transactions, or
 * how many blocks were dropped again. The state is what they replay to. Lines are only ever added, each by one write, so
 * that a kill leaves whole lines and at most one torn one, which is cut off: what it holds was never answered for.
 */
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { StorageError } from '../../lib/base/index.ts'
import { decodeSignedTransaction, encodeSignedTransaction, type Transaction } from '../codec/transaction.ts'
import type { DynamicEnergyRules } from '../tvm/dynamic-energy.ts'
import type { ChainStore, Replacement, SealedBlock } from './chain-store.ts'

const FORMAT = 'piecemeal-devnet/1'
const FILE_NAME = 'chain.jsonl'
const NEWLINE = 0x0a

export interface SavedBlock {
  readonly timestampMs: number
  readonly transactions: readonly Transaction[]
  readonly id: string
  readonly dynamicEnergy: DynamicEnergyRules | null
}

export interface BlockLog extends ChainStore {
  /** Blocks 1… as saved, in order, without those that were dropped. */
  readonly saved: readonly SavedBlock[]
  /** Blocks up to this number were solidified before some were dropped. */
  readonly solidNumber: number
  close(): Promise<void>
}

/**
 * Opens the log of a chain in `stateDir`, making it if there is none. Throws StorageError when it belongs to another
 * genesis or cannot be read; then the file is as before.
 */
export async function openBlockLog(stateDir: string, genesisId: string): Promise<BlockLog> {
  await mkdir(stateDir, { recursive: true })
  const path = join(stateDir, FILE_NAME)
  const file = await openFile(path)
  try {
    const header = JSON.stringify({ format: FORMAT, genesisId })
    const bytes = await file.readFile()
    // Up to the last newline; a file that ends within its first line holds no block yet.
    const lengthBytes = bytes.lastIndexOf(NEWLINE) + 1
    const lines = bytes.subarray(0, lengthBytes).toString('utf8').split('\n').slice(0, -1)
    if (lines.length > 0 ? lines[0] !== header : !header.startsWith(bytes.toString('utf8'))) {
      throw new StorageError(
        'devnet-genesis',
        `${path} belongs to a chain with another genesis: delete it to start afresh`,
      )
    }
    const { saved, solidNumber } = replayLines(lines.slice(1), path)
    const writer = createLineWriter(file, lengthBytes)
    if (lengthBytes < bytes.length) await file.truncate(lengthBytes)
    if (lines.length === 0) await writer([header])
    return {
      saved,
      solidNumber,
      append: (sealed) => writer([formatBlock(sealed)]),
      replace: (replacement) => writer(formatReplacement(replacement)),
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** For reading and writing; made if there is none. */
async function openFile(path: string): Promise<FileHandle> {
  try {
    // Not 'a+': the place of each write is ours to choose.
    return await open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
      return open(path, 'wx+')
    })
  } catch (cause) {
    throw new StorageError('devnet-state', `cannot read ${path}`, { cause })
  }
}

/** Writes lines at the end by one write; after a failure (a full disk) what got there is cut off again. */
function createLineWriter(file: FileHandle, startBytes: number): (lines: readonly string[]) => Promise<void> {
  let endBytes = startBytes
  return async (lines) => {
    if (lines.length === 0) return
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
    try {
      for (let done = 0; done < bytes.length; ) {
        done += (await file.write(bytes, done, bytes.length - done, endBytes + done)).bytesWritten
      }
    } catch (cause) {
      await file.truncate(endBytes)
      throw new StorageError('devnet-state', 'the block could not be written to the disk', { cause })
    }
    endBytes += bytes.length
  }
}

function formatBlock({ block, transactions }: SealedBlock): string {
  const hex = transactions.map((transaction) =>
    Buffer.from(encodeSignedTransaction(transaction)).toString('hex'),
  )
  const { id, timestampMs, dynamicEnergy } = block
  return JSON.stringify({ id, timestampMs, transactions: hex, ...(dynamicEnergy ? { dynamicEnergy } : {}) })
}

function formatReplacement({ dropBlocks, blocks, solidNumber }: Replacement): string[] {
  return [JSON.stringify({ dropBlocks, solidNumber }), ...blocks.map(formatBlock)]
}

function replayLines(
  lines: readonly string[],
  path: string,
): { readonly saved: readonly SavedBlock[]; readonly solidNumber: number } {
  const saved: SavedBlock[] = []
  let solidNumber = 0
  lines.forEach((line, index) => {
    const refuse = (cause?: unknown) =>
      new StorageError('devnet-state', `${path}:${index + 2} is damaged: delete the file to start afresh`, {
        cause,
      })
    const entry = parseLine(line, refuse)
    if ('id' in entry) saved.push(entry)
    else {
      if (entry.dropBlocks > saved.length) throw refuse()
      saved.length -= entry.dropBlocks
      solidNumber = entry.solidNumber
    }
  })
  return { saved, solidNumber }
}

function parseLine(
  line: string,
  refuse: (cause?: unknown) => StorageError,
): SavedBlock | { readonly dropBlocks: number; readonly solidNumber: number } {
  try {
    const entry = JSON.parse(line) as {
      id?: string
      timestampMs: number
      transactions: string[]
      dynamicEnergy?: DynamicEnergyRules
      dropBlocks: number
      solidNumber: number
    }
    if (entry.id === undefined) {
      const { dropBlocks, solidNumber } = entry
      if (!isCount(dropBlocks) || !isCount(solidNumber)) throw refuse()
      return { dropBlocks, solidNumber }
    }
    return {
      id: entry.id,
      timestampMs: entry.timestampMs,
      transactions: entry.transactions.map((hex) => decodeSignedTransaction(Buffer.from(hex, 'hex'))),
      dynamicEnergy: entry.dynamicEnergy ?? null,
    }
  } catch (cause) {
    throw cause instanceof StorageError ? cause : refuse(cause)
  }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
