/**
 * Where the seeder's pieces are: the operator's own files, in their place. Each reading and writing opens its file anew
 * inside the root (open-inside.ts), so nothing that is swapped while the seeder runs leads out of it. It deletes nothing.
 */
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { StorageError } from '../lib/base/index.ts'
import type { ChunkStore, ChunkStoreConstructor } from '../lib/torrent/index.ts'
import { openInside, openInsideToWrite } from './open-inside.ts'

export interface ContentPlace {
  /** A real path: the torrent's folder, or its only file. */
  readonly root: string
  /** Where its files are, in the torrent's order; null: under the root by the torrent's own paths. */
  readonly paths: readonly string[] | null
}

type Answer = (error: Error | null, bytes?: Uint8Array) => void

interface Span {
  readonly path: string
  /** In the file. */
  readonly at: number
  readonly lengthBytes: number
}

/** webtorrent's own store leaves these out of a name, so content that it wrote is found there. */
const withoutReserved = (path: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as filename-reserved-regex has it
  path.replace(/[<>:"\\|?*\u0000-\u001f](?=[^/]*$)/g, '')

async function openToRead(root: string, path: string): Promise<FileHandle> {
  try {
    return await openInside(root, path)
  } catch (error) {
    const other = withoutReserved(path)
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || other === path) throw error
    return openInside(root, other)
  }
}

export function createContentStore(place: ContentPlace): ChunkStoreConstructor {
  const { root } = place
  return class ContentStore implements ChunkStore {
    readonly #pieceLengthBytes: number
    readonly #lengthBytes: number
    readonly #files: readonly { readonly path: string; readonly offset: number; readonly length: number }[]
    #isClosed = false

    constructor(
      pieceLengthBytes: number,
      { length, torrent }: ConstructorParameters<ChunkStoreConstructor>[1],
    ) {
      this.#pieceLengthBytes = pieceLengthBytes
      this.#lengthBytes = length
      this.#files = torrent.files.map((file, index) => ({
        path: place.paths?.[index] ?? join(root, ...file.path.split(/[/\\]/).slice(1)),
        offset: file.offset,
        length: file.length,
      }))
    }

    get(
      index: number,
      options: { offset?: number; length?: number } | Answer | null,
      done: Answer = () => undefined,
    ): void {
      const reply = typeof options === 'function' ? options : done
      const { offset = 0, length } = typeof options === 'function' ? {} : (options ?? {})
      const lengthBytes = length ?? this.#pieceBytes(index) - offset
      this.#read(index * this.#pieceLengthBytes + offset, lengthBytes).then(
        (bytes) => reply(null, bytes),
        (error: Error) => reply(error),
      )
    }

    put(index: number, bytes: Uint8Array, done: (error: Error | null) => void = () => undefined): void {
      this.#write(index * this.#pieceLengthBytes, bytes).then(
        () => done(null),
        (error: Error) => done(error),
      )
    }

    close(done: (error: Error | null) => void = () => undefined): void {
      this.#isClosed = true
      queueMicrotask(() => done(null))
    }

    destroy(done?: (error: Error | null) => void): void {
      this.close(done)
    }

    #pieceBytes(index: number): number {
      return Math.min(this.#pieceLengthBytes, this.#lengthBytes - index * this.#pieceLengthBytes)
    }

    #spans(from: number, lengthBytes: number): Span[] {
      if (this.#isClosed) throw new StorageError('closed', 'The store is closed.')
      const to = from + lengthBytes
      return this.#files.flatMap(({ path, offset, length }) => {
        const first = Math.max(from, offset)
        const last = Math.min(to, offset + length)
        return first < last ? [{ path, at: first - offset, lengthBytes: last - first }] : []
      })
    }

    async #read(from: number, lengthBytes: number): Promise<Uint8Array> {
      const bytes = new Uint8Array(lengthBytes)
      let filledBytes = 0
      for (const span of this.#spans(from, lengthBytes)) {
        const handle = await openToRead(root, span.path)
        try {
          for (let done = 0; done < span.lengthBytes; ) {
            const { bytesRead } = await handle.read(
              bytes,
              filledBytes,
              span.lengthBytes - done,
              span.at + done,
            )
            if (bytesRead === 0) throw new StorageError('changed', `${span.path} is shorter than it was.`)
            done += bytesRead
            filledBytes += bytesRead
          }
        } finally {
          await handle.close()
        }
      }
      if (filledBytes !== lengthBytes) throw new StorageError('changed', 'The piece is not all there.')
      return bytes
    }

    /** What belongs behind a link that leaves the root is written nowhere; the rest of its piece is. */
    async #write(from: number, bytes: Uint8Array): Promise<void> {
      let written = 0
      for (const span of this.#spans(from, bytes.length)) {
        const part = bytes.subarray(written, written + span.lengthBytes)
        written += span.lengthBytes
        try {
          const handle = await openInsideToWrite(root, span.path)
          try {
            await handle.write(part, 0, part.length, span.at)
          } finally {
            await handle.close()
          }
        } catch (error) {
          if (!(error instanceof StorageError && error.code === 'outside')) throw error
        }
      }
    }
  }
}
