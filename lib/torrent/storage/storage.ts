/** What an engine keeps between visits. The browser's is browser-storage.ts; in Node there is none but the files. */
import type { ChunkStoreConstructor } from '../webtorrent/types.ts'

/** Enough to add a torrent again and go on where it was. */
export interface StoredTorrent {
  readonly infoHash: string
  readonly name: string
  /** null while the metadata is unknown. */
  readonly torrentFile: Uint8Array | null
  /** One bit a piece, the first piece highest; only verified pieces that reached the disk. null: check by hash. */
  readonly bitfield: Uint8Array | null
  /** Trackers that came with the source, checked. */
  readonly trackers: readonly string[]
  readonly addedAtMs: number
  readonly isPaused: boolean
  readonly uploadedBytes: number
}

/** Where pieces rest: 'worker' is OPFS with sync handles, 'files' webtorrent's own, 'memory' is gone after a reload. */
export type StorageKind = 'worker' | 'files' | 'memory'

export interface TorrentStorage {
  readonly kind: StorageKind
  /** undefined: webtorrent's default. */
  readonly store: ChunkStoreConstructor | undefined
  list(): Promise<readonly StoredTorrent[]>
  /** Resolves once it is on the disk, after the pieces that `bitfield` names. */
  save(torrent: StoredTorrent): Promise<void>
  /** Forgets the record; `deletePieces` removes the data as well. */
  remove(infoHash: string, data: 'keep' | 'delete'): Promise<void>
  /** Bytes used and granted, or null when the browser does not say. */
  estimate(): Promise<{ readonly usedBytes: number; readonly quotaBytes: number } | null>
  close(): Promise<void>
}
