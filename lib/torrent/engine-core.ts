/** Webtorrent behind the port of engine.ts: what the engine of a page (create-engine.ts) and that of a Node program (disk/) share. */
import { StorageError, TorrentError } from '../base/index.ts'
import type { Engine, EngineOptions, TorrentSource } from './engine.ts'
import { createAnnouncer } from './library/announcer.ts'
import { type EntryContext, newRecord, TorrentEntry, type TorrentPlace } from './library/entry.ts'
import { fetchTorrentFile } from './library/fetch-torrent-file.ts'
import { trackersOfMagnet } from './library/parse-source.ts'
import { parseTorrentFile } from './library/parse-torrent-file.ts'
import { choosePieceLength } from './library/piece-length.ts'
import type { StoredTorrent, TorrentStorage } from './storage/storage.ts'
import { createRateLimit } from './webtorrent/rate-limit.ts'
import { readTorrentFile } from './webtorrent/read-file.ts'
import type { AddOptions, Torrent, WebTorrentConstructor } from './webtorrent/types.ts'
import { hookTorrent } from './webtorrent/wire-hooks.ts'

const TICK_MS = 1_000

export interface EngineCoreOptions extends EngineOptions {
  readonly loadWebTorrent: () => Promise<{ readonly default: WebTorrentConstructor }>
  /** What outlives the visit. null: nothing does, and pieces go where webtorrent puts them. */
  readonly storage: TorrentStorage | null
  /** The folder for pieces of torrents that are added without a path (Node). */
  readonly path?: string
  /** Most connections at once, 55 by default. */
  readonly maxConnections?: number
  /** A peer was dropped for breaking the rules. */
  readonly onDrop?: (reason: Error) => void
}

export interface Seeding {
  readonly name: string
  /** Sets the piece length. */
  readonly lengthBytes: number
  readonly onHashed?: (hashedBytes: number) => void
}

/** What the engines of page and disk are made of. */
export interface EngineCore extends Engine {
  /** TCP port in Node, 0 in a page. */
  getPort(): number
  /** The entry of a torrent. Throws TorrentError 'not-found'. */
  requireEntry(infoHash: string): TorrentEntry
  /** As `add`, with the place of its data. */
  addTo(source: TorrentSource, place: TorrentPlace): Promise<string>
  /** Makes a torrent of files, or of a path (Node), and serves it. Throws TorrentError 'cannot-seed', StorageError 'quota'. */
  seedInput(input: readonly File[] | string, seeding: Seeding): Promise<string>
  /** Saves the progress of all torrents. */
  saveAll(): Promise<void>
}

/** Loads webtorrent and opens a client. Nothing is contacted before the first `add`. */
export async function createEngineCore(options: EngineCoreOptions): Promise<EngineCore> {
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

  const saveAll = async (): Promise<void> => {
    await Promise.all(
      [...entries.values()].map((entry) => entry.tick().catch((error: unknown) => entry.fail(error))),
    )
  }
  const timer = setInterval(() => {
    if (entries.size === 0) return
    announcer.changed()
    void saveAll()
  }, TICK_MS)
  if (typeof timer === 'object') timer.unref()

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
    { name, lengthBytes, onHashed = () => undefined }: Seeding,
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
    getPort: () => client.torrentPort,
    requireEntry,
    add: (source) => addSource(source),
    addTo: addSource,
    seedInput,
    saveAll,
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
      await saveAll()
      await Promise.all([...entries.values()].map((entry) => entry.destroyTorrent('keep')))
      entries.clear()
      await new Promise<void>((resolve) => client.destroy(() => resolve()))
      await storage?.close()
    },
  }
}
