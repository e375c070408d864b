/** The engine's public face: what the rest may know of torrents. `createEngine` (page) and `createDiskEngine` (Node) implement it. */
import type { PeerKey, WireExtension } from './wire-extension.ts'

/** What a person or URL named, already parsed. */
export type TorrentSource =
  | { readonly kind: 'magnet'; readonly uri: string; readonly infoHash: string; readonly name: string | null }
  | { readonly kind: 'infoHash'; readonly infoHash: string }
  | {
      readonly kind: 'torrentFile'
      readonly bytes: Uint8Array
      readonly infoHash: string
      readonly name: string
    }
  /** A link to a .torrent file on this site or one that allows CORS. */
  | { readonly kind: 'link'; readonly url: string }

export interface FileSnapshot {
  readonly index: number
  /** Path inside the torrent, "/"-separated, safe to show. */
  readonly path: string
  readonly lengthBytes: number
  readonly downloadedBytes: number
  /** MIME type by extension, e.g. "video/mp4"; "application/octet-stream" when unknown. */
  readonly mimeType: string
}

export interface PeerSnapshot {
  readonly peerKey: PeerKey
  /** "WebTorrent 3.0", from the peer id or the extended handshake's `v`. */
  readonly client: string
  /** "browser" over WebRTC from a page, "seeder" for a Node one where it can be told, "unknown". */
  readonly transport: 'webrtc' | 'tcp' | 'webSeed'
  readonly isSeeder: boolean
  readonly isChokingUs: boolean
  readonly downloadedBytes: number
  readonly uploadedBytes: number
  readonly downloadBytesPerSec: number
  readonly uploadBytesPerSec: number
  /** Pieces that passed their hash and came (wholly or in part) from this peer. */
  readonly verifiedBytes: number
  readonly verifiedPieces: number
  /** 0…1 of the torrent that this peer has. */
  readonly progress: number
}

/** A peer that broke the rules: its wire was cut, and it is refused for the session. */
export interface BannedPeer {
  readonly peerKey: PeerKey
  readonly client: string
  /** WireError's code: 'bad-piece', 'malformed' … */
  readonly code: string
}

/** One entry a piece: how the map paints it. */
export const PIECE_MISSING = 0
export const PIECE_ACTIVE = 1
export const PIECE_VERIFIED = 2
/** Verified and paid for (by `markPaid`, which whoever has the receipts calls). */
export const PIECE_PAID = 3

export type TorrentStatus =
  /** Waiting for the torrent's metadata from peers. */
  | { readonly status: 'resolving' }
  /** Reading stored pieces back. */
  | { readonly status: 'checking' }
  | { readonly status: 'downloading' }
  | { readonly status: 'seeding' }
  | { readonly status: 'paused' }
  | { readonly status: 'failed'; readonly code: string; readonly message: string }

export interface TorrentSnapshot {
  readonly infoHash: string
  readonly name: string
  readonly state: TorrentStatus
  readonly files: readonly FileSnapshot[]
  readonly lengthBytes: number
  readonly verifiedBytes: number
  readonly pieceLengthBytes: number
  /** One PIECE_… value a piece; empty before the metadata is known. A copy, never shared. */
  readonly pieces: Uint8Array
  readonly verifiedPieces: number
  readonly downloadBytesPerSec: number
  readonly uploadBytesPerSec: number
  readonly uploadedBytes: number
  readonly peers: readonly PeerSnapshot[]
  /** The latest ones, oldest first; absent while there is none. */
  readonly bannedPeers?: readonly BannedPeer[]
  /** Per tracker URL: what it last said. `unreachable` after a failed connect. */
  readonly trackers: readonly {
    readonly url: string
    readonly status: 'connecting' | 'ok' | 'unreachable'
    readonly message: string | null
  }[]
  readonly magnetUri: string
  readonly addedAtMs: number
  /** Milliseconds from add to the first verified piece, or null. */
  readonly firstPieceMs: number | null
}

export interface EngineOptions {
  readonly trackers: readonly string[]
  readonly iceServers: readonly RTCIceServer[]
  readonly extensions: readonly WireExtension[]
  /** Uploading to others allowed at all (the consent sheet), and its cap; null is no cap. */
  readonly upload: { readonly enabled: boolean; readonly maxBytesPerSec: number | null }
}

/** Typed events: 'change' at most 4 times a second; it carries nothing, read `getSnapshot`. */
export interface Engine {
  /** Adds (or returns the one already there). Resolves once it is registered, before its metadata. Throws TorrentError. */
  add(source: TorrentSource): Promise<string>
  /** Re-adds every stored torrent of this origin with its saved bitfield. */
  restore(): Promise<void>
  pause(infoHash: string): void
  resume(infoHash: string): void
  remove(infoHash: string, options: { readonly data: 'keep' | 'delete' }): Promise<void>
  /** The .torrent file's bytes once known, else null. */
  getTorrentFile(infoHash: string): Uint8Array | null
  list(): readonly TorrentSnapshot[]
  getSnapshot(infoHash: string): TorrentSnapshot | null
  /** Bytes of a file from `startByte` to `endByte` inclusive, fetched by priority as needed. */
  readFile(
    infoHash: string,
    fileIndex: number,
    range: { readonly startByte: number; readonly endByte: number },
  ): AsyncIterable<Uint8Array>
  /** Paint a piece as paid. */
  markPaid(infoHash: string, pieceIndex: number): void
  setUpload(upload: EngineOptions['upload']): void
  onChange(listener: () => void): () => void
  destroy(): Promise<void>
}
