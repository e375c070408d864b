/** The engine: webtorrent behind the port of engine.ts. The same code runs in the page and in the headless seeder. */
import { StorageError, TorrentError } from '../base/index.ts'
import type { Engine, EngineOptions, TorrentSource } from './engine.ts'
import { type EntryContext, newRecord, TorrentEntry, type TorrentPlace } from './library/entry.ts'
import { fetchTorrentFile } from './library/fetch-torrent-file.ts'
import { trackersOfMagnet } from './library/parse-source.ts'
import { parseTorrentFile } from './library/parse-torrent-file.ts'
import type { StorageKind, StoredTorrent, TorrentStorage } from './storage/storage.ts'
import { createRateLimit } from './webtorrent/rate-limit.ts'
import { readTorrentFile } from './webtorrent/read-file.ts'
import type { AddOptions, ChunkStoreConstructor, Torrent, WebTorrentConstructor } from './webtorrent/types.ts'
import { hookTorrent } from './webtorrent/wire-hooks.ts'

const CHANGE_INTERVAL_MS = 250
const TICK_MS = 1_000

export interface CreateEngineOptions extends EngineOptions {
  /** `() => import('webtorrent/dist/webtorrent.min.js')` in a page, `() => import('webtorrent')` in Node. */
  readonly loadWebTorrent: () => Promise<{ readonly default: WebTorrentConstructor }>
  /** What outlives the visit. null: nothing does, and pieces go where webtorrent puts them. */
  readonly storage: TorrentStorage | null
  /** Node: the folder for pieces of torrents that are added without a path. */
  readonly path?: string
  /** Most connections at once, 55 by default. */
  readonly maxConnections?: number
  /** A peer was dropped for breaking the rules. */
  readonly onDrop?: (reason: Error) => void
}

export interface TorrentEngine extends Engine {
  /** Where pieces rest; 'memory' is gone after a reload. In Node always 'files'. */
  readonly storageKind: StorageKind
  /** TCP port in Node, 0 in a page. */
  getPort(): number
  /**
   * Node: as `add`, with the folder that holds (or will hold) the torrent's data, and a store of one's own over it. Existing
   * data is checked by hash.
   */
  addAt(source: TorrentSource, path: string, store?: ChunkStoreConstructor): Promise<string>
  /**
   * Node: seeds content whose .torrent file the caller has just made of it: it is not hashed again. Resolves when it is
   * served. Throws TorrentError 'cannot-seed'.
   */
  seedMade(torrentFile: Uint8Array, store: ChunkStoreConstructor): Promise<string>
  /**
   * Node: makes a torrent from a file or folder on the disk and seeds it in place. Its length sets the piece length.
   * Throws TorrentError 'cannot-seed', also when `name` is not the file's own.
   */
  seedPath(path: string, options: { readonly name: string; readonly lengthBytes: number }): Promise<string>
  /** Connects to "host:port" (Node, tests). */
  addPeer(infoHash: string, address: string): void
}

/** 64 KiB below 4 MiB, else 256 KiB … 4 MiB so that about 1,500 pieces come out. A piece is also the unit of payment. */
export function choosePieceLength(lengthBytes: number): number {
  if (lengthBytes < 1 << 22) return 1 << 16
  let pieceLengthBytes = 1 << 18
  while (pieceLengthBytes < 1 << 22 && lengthBytes / pieceLengthBytes > 1_500) pieceLengthBytes *= 2
  return pieceLengthBytes
}

/** Loads webtorrent and opens a client. Nothing is contacted before the first `add`. */
export async function createEngine(options: CreateEngineOptions): Promise<TorrentEngine> {
  const { default: WebTorrent } = await options.loadWebTorrent()
  const client = new WebTorrent({
    dht: false,
    lsd: false,
    utPex: false,
    natUpnp: false,
    natPmp: false,
    utp: false,
    webSeeds: false,
    tracker: { rtcConfig: { iceServers: options.iceServers.map((server) => ({ ...server })) }, announce: [] },
    ...(options.maxConnections ? { maxConns: options.maxConnections } : {}),
  })
  const { storage } = options
  let { upload } = options
  let isDestroyed = false
  const entries = new Map<string, TorrentEntry>()
  const listeners = new Set<() => void>()
  const bannedPeers = new Set<string>()
  const limit = createRateLimit(upload.maxBytesPerSec)
  const announcer = createAnnouncer(() => {
    for (const listener of [...listeners]) listener()
  })
  // Errors of torrents reach their entries; what is left here concerns none and must not crash the page.
  client.on('error', () => announcer.changed())

  const addOptions: AddOptions = {
    ...(storage?.store ? { store: storage.store } : {}),
    ...(options.path ? { path: options.path } : {}),
  }
  const context: EntryContext = {
    client,
    storage,
    addOptions,
    trackers: options.trackers,
    onChange: announcer.changed,
    hook: (torrent, trackers, { mayUpload, mayRequest, mayAnnounce }) =>
      hookTorrent(torrent, {
        extensions: options.extensions,
        limit,
        trackers,
        bannedPeers,
        mayUpload: () => upload.enabled && mayUpload(),
        mayRequest,
        mayAnnounce,
        onDrop: (reason) => options.onDrop?.(reason),
      }),
  }

  const tickAll = async (): Promise<void> => {
    await Promise.all(
      [...entries.values()].map((entry) => entry.tick().catch((error: unknown) => entry.fail(error))),
    )
  }
  const timer = setInterval(() => {
    if (entries.size === 0) return
    announcer.changed()
    void tickAll()
  }, TICK_MS)
  if (typeof timer === 'object') timer.unref()
  const onHidden = (): void => void tickAll()
  if (typeof document !== 'undefined') {
    document.addEventListener('visibilitychange', onHidden)
    globalThis.addEventListener('pagehide', onHidden)
  }

  function requireEntry(infoHash: string): TorrentEntry {
    const entry = entries.get(infoHash)
    if (!entry) throw new TorrentError('not-found', 'There is no such torrent here.')
    return entry
  }

  function register(record: StoredTorrent, place: TorrentPlace = {}): TorrentEntry {
    const entry = new TorrentEntry(context, record, place)
    entries.set(record.infoHash, entry)
    entry.start()
    announcer.changed()
    return entry
  }

  async function addSource(source: TorrentSource, place?: TorrentPlace): Promise<string> {
    if (isDestroyed) throw new TorrentError('closed', 'The engine is closed.')
    if (source.kind === 'link') return addSource(parseTorrentFile(await fetchTorrentFile(source.url)), place)
    const { infoHash } = source
    const known = entries.get(infoHash)
    if (known) return infoHash
    if (source.kind === 'torrentFile') {
      const checked = parseTorrentFile(source.bytes)
      if (checked.infoHash !== infoHash)
        throw new TorrentError('bad-torrent', 'The torrent is not the one named.')
      register(
        newRecord(infoHash, { name: source.name, torrentFile: new Uint8Array(source.bytes) }),
        place,
      ).remember()
    } else if (source.kind === 'magnet') {
      register(
        newRecord(infoHash, { name: source.name ?? infoHash, trackers: trackersOfMagnet(source.uri) }),
        place,
      ).remember()
    } else {
      register(newRecord(infoHash), place).remember()
    }
    return infoHash
  }

  function seedInput(
    input: readonly File[] | string,
    lengthBytes: number,
    name: string,
    onHashed: (hashedBytes: number) => void = () => undefined,
  ): Promise<string> {
    return new Promise((resolve, reject) => {
      let isSeeded = false
      const pieceLength = choosePieceLength(lengthBytes)
      const settings: AddOptions = {
        ...addOptions,
        name,
        pieceLength,
        announce: [...options.trackers],
        onProgress: onHashed,
      }
      const torrent: Torrent = client.seed(input, settings, (seeded) => {
        isSeeded = true
        const { infoHash } = seeded
        if (seeded === torrent && !entries.has(infoHash)) {
          const entry = new TorrentEntry(context, newRecord(infoHash, { name }))
          entries.set(infoHash, entry)
          entry.adopt(torrent, hooks)
          hooks.refreshUploads()
        }
        announcer.changed()
        resolve(infoHash)
      })
      const hooks = context.hook(torrent, options.trackers, { mayUpload: () => isSeeded })
      torrent.on('error', (error: Error) => {
        const isQuota =
          error.name === 'QuotaExceededError' || (error instanceof StorageError && error.code === 'quota')
        if (isQuota) reject(new StorageError('quota', 'The storage is full.', { cause: error }))
        else
          reject(
            new TorrentError('cannot-seed', 'The files cannot be made into a torrent.', { cause: error }),
          )
      })
    })
  }

  return {
    storageKind: storage?.kind ?? 'files',
    getPort: () => client.torrentPort,
    add: (source) => addSource(source),
    addAt: (source, path, store) => addSource(source, { path, ...(store ? { store } : {}) }),
    async seedMade(torrentFile, store) {
      const source = parseTorrentFile(torrentFile)
      const isKnown = entries.has(source.infoHash)
      const infoHash = await addSource(source, { store, skipVerify: true })
      const live = entries.get(infoHash)?.live
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
      return seedInput(path, lengthBytes, name)
    },
    addPeer: (infoHash, address) => requireEntry(infoHash).addPeer(address),
    async seed(files, name, onHashed) {
      const lengthBytes = files.reduce((sum, file) => sum + file.size, 0)
      if (files.length === 0 || lengthBytes === 0)
        throw new TorrentError('empty-files', 'There is nothing in these files.')
      return seedInput(files, lengthBytes, name, onHashed)
    },
    async restore() {
      for (const record of (await storage?.list()) ?? []) {
        if (!entries.has(record.infoHash)) register(record)
      }
    },
    pause: (infoHash) => entries.get(infoHash)?.pause(),
    resume: (infoHash) => entries.get(infoHash)?.resume(),
    async remove(infoHash, { data }) {
      const entry = entries.get(infoHash)
      if (!entry) return
      entries.delete(infoHash)
      announcer.changed()
      await entry.destroyTorrent(data)
      await storage?.remove(infoHash, data)
    },
    getTorrentFile: (infoHash) => entries.get(infoHash)?.getTorrentFile() ?? null,
    list: () => [...entries.values()].map((entry) => announcer.cached(entry)),
    getSnapshot(infoHash) {
      const entry = entries.get(infoHash)
      return entry ? announcer.cached(entry) : null
    },
    readFile(infoHash, fileIndex, range) {
      const entry = requireEntry(infoHash)
      const { live } = entry
      if (!live?.metadata || live.destroyed)
        throw new TorrentError('not-ready', 'The torrent’s contents are not known yet.')
      return readTorrentFile(live, { fileIndex, ...range }, (from, to) => entry.focus(from, to))
    },
    markPaid: (infoHash, pieceIndex) => entries.get(infoHash)?.markPaid(pieceIndex),
    setUpload(next) {
      upload = next
      limit.setRate(next.maxBytesPerSec)
      for (const entry of entries.values()) entry.refreshUploads()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async destroy() {
      if (isDestroyed) return
      isDestroyed = true
      clearInterval(timer)
      announcer.close()
      if (typeof document !== 'undefined') {
        document.removeEventListener('visibilitychange', onHidden)
        globalThis.removeEventListener('pagehide', onHidden)
      }
      await tickAll()
      await Promise.all([...entries.values()].map((entry) => entry.destroyTorrent('keep')))
      entries.clear()
      await new Promise<void>((resolve) => client.destroy(() => resolve()))
      await storage?.close()
    },
  }
}

/** Says "changed" at once, then at most each 250 ms; snapshots are rebuilt only when something changed. */
function createAnnouncer(announce: () => void) {
  let timer: ReturnType<typeof setTimeout> | null = null
  let isPending = false
  let version = 0
  const cache = new WeakMap<
    TorrentEntry,
    { readonly version: number; readonly snapshot: ReturnType<TorrentEntry['snapshot']> }
  >()
  const fire = (): void => {
    isPending = false
    version += 1
    timer = setTimeout(() => {
      timer = null
      if (isPending) fire()
    }, CHANGE_INTERVAL_MS)
    if (typeof timer === 'object') timer.unref?.()
    announce()
  }
  return {
    changed(): void {
      if (timer) isPending = true
      else fire()
    },
    cached(entry: TorrentEntry): ReturnType<TorrentEntry['snapshot']> {
      const known = cache.get(entry)
      if (known?.version === version) return known.snapshot
      const snapshot = entry.snapshot()
      cache.set(entry, { version, snapshot })
      return snapshot
    },
    close(): void {
      if (timer) clearTimeout(timer)
      timer = null
      isPending = false
    },
  }
}
