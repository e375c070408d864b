/** What the file ledger asks of a disk: few calls, so that a test can count them, fail them, or lose what was not synced. */
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { StorageError } from '../base/index.ts'

export interface DiskFile {
  append(text: string): Promise<void>
  /** What was appended or cut is on the disk when it resolves. */
  sync(): Promise<void>
  /** Reads into `buffer` from `position`; returns how many bytes there were. */
  read(buffer: Uint8Array, position: number): Promise<number>
  getLengthBytes(): Promise<number>
  truncate(lengthBytes: number): Promise<void>
  close(): Promise<void>
}

export interface LedgerDisk {
  /** Opens to read and append; `w+` empties it first. */
  open(path: string, flags: 'a+' | 'w+'): Promise<DiskFile>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  /** The names in a folder are on the disk when it resolves. */
  syncFolder(path: string): Promise<void>
}

function toDiskFile(file: FileHandle): DiskFile {
  return {
    append: (text) => file.appendFile(text),
    sync: () => file.datasync(),
    read: async (buffer, position) => (await file.read(buffer, 0, buffer.length, position)).bytesRead,
    getLengthBytes: async () => (await file.stat()).size,
    truncate: (lengthBytes) => file.truncate(lengthBytes),
    close: () => file.close(),
  }
}

export const systemDisk: LedgerDisk = {
  open: async (path, flags) => toDiskFile(await open(path, flags)),
  rename,
  remove: (path) => rm(path, { force: true }),
  async syncFolder(path) {
    // Windows opens no folders; NTFS keeps its names in a journal.
    if (process.platform === 'win32') return
    const folder = await open(path, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  },
}

const endsEarly = (): StorageError =>
  new StorageError('ledger-damaged', 'a file of the ledger was cut while it was read')

const CHUNK_BYTES = 65_536
const NEWLINE = 0x0a

export interface FileLine {
  readonly text: string
  /** Byte offset of its first byte, and of what follows its newline. */
  readonly start: number
  readonly end: number
}

/**
 * Whole lines from offset `start`, which begins a line, up to `limit`; what follows the last newline is left out.
 * Throws StorageError when the file is shorter than `limit`.
 */
export async function* readLines(file: DiskFile, start: number, limit: number): AsyncGenerator<FileLine> {
  const decoder = new TextDecoder()
  let rest = new Uint8Array(0)
  let restStart = start
  for (let position = start; position < limit; ) {
    const chunk = new Uint8Array(Math.min(CHUNK_BYTES, limit - position))
    const lengthBytes = await file.read(chunk, position)
    if (lengthBytes === 0) throw endsEarly()
    position += lengthBytes
    let bytes = concat(rest, chunk.subarray(0, lengthBytes))
    for (let at = bytes.indexOf(NEWLINE, rest.length); at >= 0; at = bytes.indexOf(NEWLINE)) {
      const end = restStart + at + 1
      yield { text: decoder.decode(bytes.subarray(0, at)), start: restStart, end }
      bytes = bytes.subarray(at + 1)
      restStart = end
    }
    rest = bytes
  }
}

/** Whole lines that end at or before `end`, which follows a newline, the last one first. */
export async function* readLinesBackward(file: DiskFile, end: number): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = new Uint8Array(0)
  for (let position = end; position > 0; ) {
    const chunk = new Uint8Array(Math.min(CHUNK_BYTES, position))
    position -= chunk.length
    await readWhole(file, chunk, position)
    let bytes = concat(chunk, rest)
    // The newline that ends the last line is not the one before it.
    for (let at = lastNewline(bytes); at >= 0; at = lastNewline(bytes)) {
      yield decoder.decode(bytes.subarray(at + 1, bytes.length - 1))
      bytes = bytes.subarray(0, at + 1)
    }
    rest = bytes
  }
  if (rest.length > 0) yield decoder.decode(rest.subarray(0, rest.length - 1))
}

async function readWhole(file: DiskFile, buffer: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < buffer.length; ) {
    const lengthBytes = await file.read(buffer.subarray(done), position + done)
    if (lengthBytes === 0) throw endsEarly()
    done += lengthBytes
  }
}

const lastNewline = (bytes: Uint8Array): number =>
  bytes.length < 2 ? -1 : bytes.lastIndexOf(NEWLINE, bytes.length - 2)

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
