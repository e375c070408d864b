/** Chunk stores (abstract-chunk-store) over public/opfs-worker.js. Errors carry the DOMException's name as `code`. */
import { StorageError } from '../../base/index.ts'
import type { ChunkStore, ChunkStoreConstructor, ChunkStoreOptions } from '../webtorrent/types.ts'

type Operation = 'probe' | 'put' | 'get' | 'flush' | 'close' | 'remove'
interface Reply {
  readonly id: number
  readonly bytes?: Uint8Array
  readonly error?: string
  readonly code?: string
}
interface Pending {
  resolve(bytes: Uint8Array | undefined): void
  reject(error: Error): void
}

export interface OpfsWorker {
  call(op: Operation, fields?: Record<string, unknown>): Promise<Uint8Array | undefined>
  terminate(): void
}

/** Starts the worker. Calls reject with StorageError: 'quota', 'locked' (another tab has the file) or 'storage-failed'. */
export function startOpfsWorker(scriptUrl: string): OpfsWorker {
  const worker = new Worker(scriptUrl)
  const pending = new Map<number, Pending>()
  let nextId = 0
  const failAll = (error: Error): void => {
    for (const { reject } of pending.values()) reject(error)
    pending.clear()
  }
  worker.onerror = () => failAll(new StorageError('storage-failed', 'The storage worker failed.'))
  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    const waiting = pending.get(data.id)
    pending.delete(data.id)
    if (data.error === undefined) waiting?.resolve(data.bytes)
    else waiting?.reject(toStorageError(data.code, data.error))
  }
  return {
    call: (op, fields) =>
      new Promise((resolve, reject) => {
        const id = nextId++
        pending.set(id, { resolve, reject })
        worker.postMessage({ id, op, ...fields })
      }),
    terminate() {
      worker.terminate()
      failAll(new StorageError('storage-failed', 'The storage was closed.'))
    },
  }
}

/** Any failure of a chunk store as one of ours; a full disk is 'quota'. */
export function toStorageError(name: string | undefined, message: string): StorageError {
  if (name === 'QuotaExceededError') return new StorageError('quota', 'The storage is full.')
  if (name === 'NoModificationAllowedError') return new StorageError('locked', 'Another tab holds this file.')
  return new StorageError('storage-failed', message)
}

/** The store class for one worker: a file named by the info-hash, piece `i` at `i × pieceLength`. */
export function createOpfsStoreClass(worker: OpfsWorker): ChunkStoreConstructor {
  return class OpfsStore implements ChunkStore {
    readonly chunkLength: number
    private readonly lengthBytes: number
    private readonly name: string

    constructor(chunkLength: number, { length, torrent }: ChunkStoreOptions) {
      this.chunkLength = chunkLength
      this.lengthBytes = length
      this.name = torrent.infoHash
    }

    put(index: number, bytes: Uint8Array, done: (error: Error | null) => void = () => undefined): void {
      const at = index * this.chunkLength
      worker.call('put', { name: this.name, at, bytes }).then(() => done(null), done)
    }

    get(
      index: number,
      options:
        | { offset?: number; length?: number }
        | null
        | ((error: Error | null, bytes?: Uint8Array) => void),
      done: (error: Error | null, bytes?: Uint8Array) => void = () => undefined,
    ): void {
      const reply = typeof options === 'function' ? options : done
      const { offset = 0, length } = typeof options === 'function' ? {} : (options ?? {})
      const at = index * this.chunkLength
      const pieceBytes = Math.min(this.chunkLength, this.lengthBytes - at)
      worker.call('get', { name: this.name, at: at + offset, length: length ?? pieceBytes - offset }).then(
        (bytes) => reply(null, bytes),
        (error: Error) => reply(error),
      )
    }

    close(done: (error: Error | null) => void = () => undefined): void {
      worker.call('close', { name: this.name }).then(() => done(null), done)
    }

    destroy(done: (error: Error | null) => void = () => undefined): void {
      worker.call('remove', { name: this.name }).then(() => done(null), done)
    }
  }
}
