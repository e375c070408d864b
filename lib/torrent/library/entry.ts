/**
 * One torrent of the engine, from add to remove. Invariant: there is at most one live webtorrent torrent an entry, and what
 * is saved as verified has passed its hash and reached the store.
 */
import { AppError, TorrentError } from '../../base/index.ts'
import type { TorrentSnapshot, TorrentStatus } from '../engine.ts'
import { toStorageError } from '../storage/opfs-store.ts'
import type { StoredTorrent, TorrentStorage } from '../storage/storage.ts'
import { PieceRecheck } from '../webtorrent/piece-recheck.ts'
import { snapshotFiles, snapshotPeer, snapshotPieces } from '../webtorrent/snapshot.ts'
import { type TrackerWatch, watchTrackers } from '../webtorrent/tracker-state.ts'
import type { AddOptions, Torrent, WebTorrentClient } from '../webtorrent/types.ts'
import { wakeRequests } from '../webtorrent/wake-requests.ts'
import type { WireHooks, WireHooksOptions } from '../webtorrent/wire-hooks.ts'

/** Longer on a slow disk: a save flushes it, and pieces wait meanwhile. */
const SAVE_SOON_MS = 200
/** A larger record is written once a second only. */
const MAX_SMALL_RECORD_BYTES = 1 << 18

export interface EntryContext {
  readonly client: WebTorrentClient
  readonly storage: TorrentStorage | null
  readonly addOptions: AddOptions
  /** Ours; those of the source come on top. */
  readonly trackers: readonly string[]
  readonly hook: (
    torrent: Torrent,
    trackers: readonly string[],
    rules: Pick<WireHooksOptions, 'mayUpload' | 'mayRequest' | 'mayAnnounce'>,
  ) => WireHooks
  readonly onChange: () => void
}

/** Node: where a torrent's data is, when not where the engine keeps all others'. */
export type TorrentPlace = Pick<AddOptions, 'path' | 'store' | 'skipVerify'>

/** The smallest record of a torrent that was only named. */
export function newRecord(infoHash: string, fields: Partial<StoredTorrent> = {}): StoredTorrent {
  return {
    infoHash,
    name: infoHash,
    torrentFile: null,
    bitfield: null,
    trackers: [],
    addedAtMs: Date.now(),
    isPaused: false,
    uploadedBytes: 0,
    ...fields,
  }
}

export class TorrentEntry {
  readonly infoHash: string
  private readonly context: EntryContext
  private record: StoredTorrent
  private place: TorrentPlace
  private torrent: Torrent | null = null
  private hooks: WireHooks | null = null
  private trackers: TrackerWatch | null = null
  private recheck: PieceRecheck | null = null
  private failure: { readonly code: string; readonly message: string } | null = null
  private readonly paid = new Set<number>()
  private firstPieceMs: number | null = null
  private isDirty = false
  private saving: Promise<void> = Promise.resolve()
  private saveMs = 0
  /** Whether the disk knows what this torrent holds. */
  private isRecorded: boolean
  private saveTimer: ReturnType<typeof setTimeout> | null = null
  private last: TorrentSnapshot | null = null
  private readonly startedAtMs = Date.now()

  constructor(context: EntryContext, record: StoredTorrent, place: TorrentPlace = {}) {
    this.context = context
    this.record = record
    this.infoHash = record.infoHash
    // Where nothing is kept between visits there is nothing to wait for; what has a bitfield was kept before.
    this.isRecorded = context.storage === null || record.bitfield !== null
    this.place = place
  }

  get live(): Torrent | null {
    return this.torrent
  }

  get isPaused(): boolean {
    return this.record.isPaused
  }

  /** Adds it to the client with what is known: the .torrent file and the bitfield, or the info-hash alone. */
  start(): void {
    const { client, addOptions } = this.context
    const { torrentFile, bitfield, name } = this.record
    const trackers = this.allTrackers()
    const id = torrentFile ?? { infoHash: this.infoHash, announce: [...trackers], urlList: [], name }
    const options: AddOptions = { ...addOptions, announce: [...trackers], strategy: 'sequential' }
    if (bitfield) options.bitfield = bitfield
    Object.assign(options, this.place)
    // What was true when it was made may not be after a failure.
    this.place = { ...this.place, skipVerify: false }
    const torrent = client.add(id, options)
    const recheck = bitfield ? new PieceRecheck(torrent, () => this.context.onChange()) : null
    this.recheck = recheck
    this.adopt(
      torrent,
      this.context.hook(torrent, trackers, {
        mayUpload: () => !this.record.isPaused,
        mayAnnounce: () => !this.record.isPaused,
        mayRequest: recheck ? (index) => recheck.mayRequest(index) : () => this.isRecorded,
      }),
    )
  }

  /** Takes a torrent over that the client already has. */
  adopt(torrent: Torrent, hooks: WireHooks): void {
    this.failure = null
    this.torrent = torrent
    this.hooks = hooks
    this.trackers = watchTrackers(torrent)
    const changed = (): void => this.context.onChange()
    for (const event of ['metadata', 'ready', 'done', 'wire', 'download', 'upload', 'warning'])
      torrent.on(event, changed)
    torrent.on('ready', () => {
      this.isDirty = true
      this.keepRecord(torrent).catch((error: unknown) => this.fail(error))
      if (this.record.isPaused) this.halt(torrent)
      changed()
    })
    torrent.on('verified', () => {
      this.isDirty = true
      if (torrent.ready && !this.recheck?.isRunning) this.firstPieceMs ??= Date.now() - this.startedAtMs
      if (torrent.ready) this.saveSoon()
      changed()
    })
    torrent.on('error', (error: unknown) => {
      this.failure = describeFailure(error)
      this.record = this.readRecord()
      this.release()
      changed()
    })
    this.isDirty = true
  }

  pause(): void {
    if (this.record.isPaused) return
    this.record = { ...this.record, isPaused: true }
    this.isDirty = true
    if (this.torrent) this.halt(this.torrent)
    this.saveNow()
    this.context.onChange()
  }

  resume(): void {
    this.record = { ...this.record, isPaused: false }
    this.isDirty = true
    this.saveNow()
    if (!this.torrent) this.start()
    else {
      this.torrent.resume()
      this.hooks?.setPaused(false)
      if (this.torrent.ready && !this.torrent.done) this.torrent.select(0, this.torrent.pieces.length - 1)
    }
    this.context.onChange()
  }

  markPaid(index: number): void {
    this.paid.add(index)
    this.context.onChange()
  }

  /** Dials "host:port", as soon as the torrent knows its own info-hash. */
  addPeer(address: string): void {
    const { torrent } = this
    if (!torrent || torrent.destroyed) return
    if (torrent.infoHash) torrent.addPeer(address)
    else torrent.once('infoHash', () => torrent.addPeer(address))
  }

  refreshUploads(): void {
    this.hooks?.refreshUploads()
  }

  /** See WireHooks. */
  focus(from: number, to: number): () => void {
    return this.hooks?.focus(from, to) ?? (() => undefined)
  }

  getTorrentFile(): Uint8Array | null {
    const bytes = (this.torrent?.metadata ? this.torrent.torrentFile : null) ?? this.record.torrentFile
    return bytes ? new Uint8Array(bytes) : null
  }

  /** Looks at trackers; saves progress when there is any. */
  async tick(): Promise<void> {
    this.trackers?.poll()
    if (!this.isDirty || !this.context.storage) return
    this.isDirty = false
    const startedAtMs = performance.now()
    this.saving = this.context.storage.save(this.readRecord())
    await this.saving
    this.saveMs = performance.now() - startedAtMs
  }

  /** A torrent's first pieces are asked for once its record is on the disk: a reload in the next moment must find them. */
  private async keepRecord(torrent: Torrent): Promise<void> {
    await this.tick()
    if (this.isRecorded) return
    this.isRecorded = true
    if (!torrent.destroyed) wakeRequests(torrent)
  }

  /** It is in the list at the next visit too, even while nobody has told what it holds. */
  remember(): void {
    this.isDirty = true
    this.saveNow()
  }

  /** What the user chose holds at once: a reload right after must not undo it. */
  private saveNow(): void {
    if (this.torrent) this.tick().catch((error: unknown) => this.fail(error))
  }

  /** A verified piece is remembered soon: what is forgotten by a crash must be found again by hash. */
  private saveSoon(): void {
    const { torrent } = this
    if (
      !torrent || // Released: nothing is written after a removal.
      !this.context.storage ||
      this.saveTimer ||
      (torrent.torrentFile?.length ?? 0) > MAX_SMALL_RECORD_BYTES
    )
      return
    this.saveTimer = setTimeout(
      () => {
        this.saveTimer = null
        this.tick().catch((error: unknown) => this.fail(error))
      },
      Math.max(SAVE_SOON_MS, 4 * this.saveMs),
    )
    if (typeof this.saveTimer === 'object') this.saveTimer.unref?.()
  }

  /** A save failed: the torrent cannot go on as if it had not. */
  fail(error: unknown): void {
    this.failure = describeFailure(error)
    this.destroyTorrent('keep').then(
      () => this.context.onChange(),
      () => this.context.onChange(),
    )
  }

  /** Leaves the swarm. A save under way ends first, so that nothing is written after a removal. */
  async destroyTorrent(data: 'keep' | 'delete'): Promise<void> {
    const { torrent } = this
    if (!torrent) return
    this.record = this.readRecord()
    this.release()
    await this.saving.catch(() => undefined)
    if (torrent.destroyed) return
    return new Promise((resolve, reject) => {
      torrent.destroy({ destroyStore: data === 'delete' }, (error) => {
        if (error) reject(toStorageError(error.name, error.message))
        else resolve()
      })
    })
  }

  /** A fresh frozen snapshot. After a failure the last live one stays, with its reason. */
  snapshot(): TorrentSnapshot {
    const { torrent, record } = this
    const state = this.status()
    if (!torrent && this.last) {
      this.last = Object.freeze({
        ...this.last,
        state,
        peers: [],
        downloadBytesPerSec: 0,
        uploadBytesPerSec: 0,
      })
      return this.last
    }
    const hasMetadata = !!torrent?.metadata
    this.last = Object.freeze({
      infoHash: this.infoHash,
      name: torrent?.name ?? record.name,
      state,
      files: torrent ? Object.freeze(snapshotFiles(torrent)) : [],
      lengthBytes: hasMetadata ? torrent.length : 0,
      pieceLengthBytes: hasMetadata ? torrent.pieceLength : 0,
      ...(torrent
        ? snapshotPieces(torrent, this.paid)
        : { pieces: new Uint8Array(0), verifiedPieces: 0, verifiedBytes: 0 }),
      downloadBytesPerSec: torrent?.downloadSpeed ?? 0,
      uploadBytesPerSec: torrent?.uploadSpeed ?? 0,
      uploadedBytes: this.uploadedBytes(),
      peers: Object.freeze(
        torrent ? [...(this.hooks?.wires.values() ?? [])].map((each) => snapshotPeer(torrent, each)) : [],
      ),
      ...this.readBanned(),
      trackers: this.trackers?.read() ?? [],
      magnetUri: torrent?.magnetURI ?? `magnet:?xt=urn:btih:${this.infoHash}`,
      addedAtMs: record.addedAtMs,
      firstPieceMs: this.firstPieceMs,
    })
    return this.last
  }

  private readBanned(): Pick<TorrentSnapshot, 'bannedPeers'> {
    const bannedPeers = this.hooks?.bannedPeers() ?? []
    return bannedPeers.length > 0 ? { bannedPeers } : {}
  }

  private status(): TorrentStatus {
    const { torrent, failure } = this
    if (failure) return { status: 'failed', ...failure }
    if (this.record.isPaused) return { status: 'paused' }
    if (!torrent?.metadata) return { status: 'resolving' }
    if (!torrent.ready || this.recheck?.isRunning) return { status: 'checking' }
    return torrent.done ? { status: 'seeding' } : { status: 'downloading' }
  }

  private allTrackers(): readonly string[] {
    return [...new Set([...this.context.trackers, ...this.record.trackers])]
  }

  private halt(torrent: Torrent): void {
    torrent.pause()
    this.hooks?.setPaused(true)
    if (torrent.ready) torrent.deselect(0, torrent.pieces.length - 1)
  }

  private uploadedBytes(): number {
    return this.record.uploadedBytes + (this.hooks?.uploadedBytes() ?? 0)
  }

  private readRecord(): StoredTorrent {
    const { torrent } = this
    const record = { ...this.record, uploadedBytes: this.uploadedBytes() }
    if (!torrent?.metadata) return record
    return {
      ...record,
      name: torrent.name ?? record.name,
      torrentFile: torrent.torrentFile ? new Uint8Array(torrent.torrentFile) : record.torrentFile,
      bitfield: torrent.ready ? new Uint8Array(torrent.bitfield.buffer) : record.bitfield,
    }
  }

  private release(): void {
    this.hooks?.close()
    this.hooks = null
    this.trackers = null
    this.torrent = null
    this.recheck = null
    if (this.saveTimer) clearTimeout(this.saveTimer)
    this.saveTimer = null
  }
}

function describeFailure(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof AppError) return { code: error.code, message: error.message }
  const { name, code, message } = error as Error & { code?: string }
  if (name === 'QuotaExceededError' || code === 'ENOSPC')
    return { code: 'quota', message: 'The storage is full.' }
  return { code: new TorrentError('torrent-failed', message).code, message: String(message) }
}
