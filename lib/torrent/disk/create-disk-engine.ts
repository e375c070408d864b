/** The engine of a Node program: content lies in files on the disk and is served from where it is. */
import { TorrentError } from '../../base/index.ts'
import type { Engine, TorrentSource } from '../engine.ts'
import { createEngineCore, type EngineCoreOptions } from '../engine-core.ts'
import { parseTorrentFile } from '../library/parse-torrent-file.ts'
import type { ChunkStoreConstructor } from '../webtorrent/types.ts'
import { loadNodeWebTorrent } from './node-webrtc.ts'

export type DiskEngineOptions = Omit<EngineCoreOptions, 'loadWebTorrent' | 'storage'> &
  Partial<Pick<EngineCoreOptions, 'loadWebTorrent' | 'storage'>>

export interface DiskEngine extends Engine {
  /** The TCP port on which peers reach it. */
  getPort(): number
  /** As `add`, with the folder that holds (or will hold) the torrent's data, and a store of one's own over it. Existing data is checked by hash. */
  addAt(source: TorrentSource, path: string, store?: ChunkStoreConstructor): Promise<string>
  /**
   * Seeds content whose .torrent file the caller has just made of it: it is not hashed again. Resolves when it is served. Throws
   * TorrentError 'cannot-seed'.
   */
  seedMade(torrentFile: Uint8Array, store: ChunkStoreConstructor): Promise<string>
  /**
   * Makes a torrent from a file or folder on the disk and seeds it in place. Its length sets the piece length. Throws TorrentError
   * 'cannot-seed', also when `name` is not the file's own.
   */
  seedPath(path: string, options: { readonly name: string; readonly lengthBytes: number }): Promise<string>
  /** Dials "host:port". */
  addPeer(infoHash: string, address: string): void
}

/** Loads webtorrent with WebRTC and opens a client. Keeps no list of torrents between runs unless `storage` does. */
export async function createDiskEngine(options: DiskEngineOptions): Promise<DiskEngine> {
  const core = await createEngineCore({ loadWebTorrent: loadNodeWebTorrent, storage: null, ...options })
  return {
    ...core,
    addAt: (source, path, store) => core.addTo(source, { path, ...(store ? { store } : {}) }),
    async seedMade(torrentFile, store) {
      const source = parseTorrentFile(torrentFile)
      const isKnown = core.getSnapshot(source.infoHash) !== null
      const infoHash = await core.addTo(source, { store, skipVerify: true })
      const { live } = core.requireEntry(infoHash)
      if (isKnown || !live || live.ready) return infoHash
      return new Promise((resolve, reject) => {
        live.once('ready', () => resolve(infoHash))
        live.once('error', (cause: unknown) =>
          reject(new TorrentError('cannot-seed', 'The files cannot be seeded.', { cause })),
        )
      })
    },
    async seedPath(path, { name, lengthBytes }) {
      // The store looks for the content in the folder of `path`, under the torrent's name.
      const lastPart = path.split(/[/\\]/).findLast((part) => part !== '')
      if (lastPart !== name)
        throw new TorrentError(
          'cannot-seed',
          `A torrent of ${path} cannot be named ${name}: it is served in place.`,
        )
      return core.seedInput(path, { name, lengthBytes })
    },
    addPeer: (infoHash, address) => core.requireEntry(infoHash).addPeer(address),
  }
}
