/**
 * The part of webtorrent 3.0.21 that the engine uses, private members included (they begin with "_").
 * Only this folder touches the private ones.
 */

interface Emitter {
  // biome-ignore lint/suspicious/noExplicitAny: events of an untyped emitter
  on(event: string, listener: (...args: any[]) => void): this
  // biome-ignore lint/suspicious/noExplicitAny: events of an untyped emitter
  once(event: string, listener: (...args: any[]) => void): this
  removeListener(event: string, listener: (...args: never[]) => void): this
  emit(event: string, ...args: unknown[]): boolean
}

/** torrent-piece: the blocks of one attempt at a piece. */
export interface Piece {
  readonly length: number
  readonly missing: number
  reserve(): number
  cancel(block: number): void
  chunkOffset(block: number): number
  chunkLength(block: number): number
  get(block: number): Uint8Array | null | undefined
  set(block: number, data: Uint8Array, source: Wire): boolean
  flush(): Uint8Array | null
  _reservations: number
  readonly _flushed: boolean
  _cancellations: number[] | null
}

interface BitField {
  readonly buffer: Uint8Array
  get(index: number): boolean
}

interface WireRequest {
  readonly piece: number
  readonly offset: number
  readonly length: number
}

export interface WireExtensionHandler {
  onHandshake?(infoHash: string, peerId: string): void
  onExtendedHandshake?(handshake: Record<string, unknown>): void
  onMessage?(payload: Uint8Array): void
}

export interface Wire extends Emitter {
  readonly type: string
  readonly peerId: string
  readonly remoteAddress?: string
  readonly destroyed: boolean
  isSeeder?: boolean
  amChoking: boolean
  readonly amInterested: boolean
  readonly peerChoking: boolean
  readonly peerInterested: boolean
  readonly hasFast: boolean
  readonly peerPieces: BitField
  readonly peerExtensions: { readonly extended?: boolean }
  readonly peerExtendedHandshake: Record<string, unknown>
  readonly peerExtendedMapping: Record<string, number>
  readonly extendedHandshake: Record<string, unknown>
  readonly requests: WireRequest[]
  readonly allowedFastSet: number[]
  uploaded: number
  downloaded: number
  downloadSpeed(): number
  uploadSpeed(): number
  use(extension: new (wire: Wire) => WireExtensionHandler): void
  extended(name: string | number, payload: Uint8Array): void
  request(
    index: number,
    offset: number,
    length: number,
    done: (error: Error | null, block: Uint8Array) => void,
  ): void
  cancel(index: number, offset: number, length: number): void
  piece(index: number, offset: number, block: Uint8Array): void
  reject(index: number, offset: number, length: number): void
  choke(): void
  unchoke(): void
  have(index: number): void
  destroy(): void
  _onRequest(index: number, offset: number, length: number): void
  _onCancel(index: number, offset: number, length: number): void
  _onReject(index: number, offset: number, length: number): void
  _onMessageLength(buffer: Uint8Array): void
  _read(done: (error: Error | null) => void): void
  readonly _readableState: { readonly buffered: number }
}

/** abstract-chunk-store. */
export interface ChunkStore {
  put(index: number, bytes: Uint8Array, done?: (error: Error | null) => void): void
  get(
    index: number,
    options: { offset?: number; length?: number } | null,
    done: (error: Error | null, bytes?: Uint8Array) => void,
  ): void
  close(done?: (error: Error | null) => void): void
  destroy(done?: (error: Error | null) => void): void
}

export interface ChunkStoreOptions {
  readonly length: number
  readonly torrent: Torrent
}
export type ChunkStoreConstructor = new (chunkLength: number, options: ChunkStoreOptions) => ChunkStore

interface TorrentFile {
  readonly name: string
  readonly path: string
  readonly length: number
  readonly offset: number
  readonly downloaded: number
}

interface ParsedTorrent {
  infoHash: string
  announce: string[]
  urlList: string[]
  name?: string
  info?: unknown
  xs?: unknown
  peerAddresses?: unknown
}

interface TrackerClient {
  readonly announceUrl: string
  readonly socket: { readonly connected: boolean } | null
  readonly reconnecting: boolean
  readonly reconnectTimer: ReturnType<typeof setTimeout> | null
  retries: number
  _openSocket(): void
}

/** simple-peer. */
export interface WebRtcPeer {
  /** The remote peer id, in hex. */
  readonly id: string
  /** True when the offer was ours. */
  readonly initiator: boolean
  destroy(): void
}

/** A peer of a swarm, connected or not. */
export interface SwarmPeer {
  readonly id: string
  /** 'webrtc', 'tcpOutgoing', … */
  readonly type: string
  readonly connected: boolean
  readonly conn: unknown
}

export interface Torrent extends Emitter {
  readonly client: { readonly peerId: string }
  readonly infoHash: string
  readonly name: string | undefined
  readonly magnetURI: string
  readonly torrentFile: Uint8Array | undefined
  readonly metadata: unknown
  readonly files: TorrentFile[]
  readonly length: number
  readonly pieceLength: number
  readonly lastPieceLength: number
  readonly pieces: (Piece | null)[]
  readonly bitfield: BitField
  readonly store: ChunkStore
  readonly ready: boolean
  readonly done: boolean
  readonly destroyed: boolean
  readonly wires: Wire[]
  readonly announce: string[]
  readonly downloadSpeed: number
  readonly uploadSpeed: number
  readonly uploaded: number
  readonly discovery:
    | (Emitter & {
        readonly tracker: (Emitter & { readonly _trackers: TrackerClient[] }) | null
      })
    | null
  addPeer(peer: string): boolean
  removePeer(peer: unknown): void
  select(from: number, to: number, priority?: number): void
  deselect(from: number, to: number): void
  critical(from: number, to: number): void
  pause(): void
  resume(): void
  destroy(options: { destroyStore?: boolean } | null, done?: (error?: Error | null) => void): void
  _critical: boolean[]
  readonly _hashes: string[]
  _reservations: ((Wire | null)[] | null)[]
  _peers: Map<string, SwarmPeer>
  _addPeer(peer: string | WebRtcPeer, type: string, source: string): SwarmPeer | null
  _selections: { clear(): void; swap(i: number, j: number): void }
  _select(from: number, to: number, priority: number, notify: null, isStream: boolean): void
  _deselect(from: number, to: number, isStream: boolean): void
  _request(wire: Wire, index: number, hotswap: boolean): boolean
  _hotswap(wire: Wire, index: number): boolean
  _rechoke(): void
  _update(): void
  _updateSelections(): void
  _markVerified(index: number): void
  _checkDone(): boolean
  _destroy(error: Error | null): void
  _onMetadata(metadata: unknown): Promise<void>
  _startDiscovery(): void
  _processParsedTorrent(parsed: ParsedTorrent): void
}

export interface AddOptions {
  announce?: string[]
  path?: string
  store?: ChunkStoreConstructor
  /** Takes all pieces for verified. */
  skipVerify?: boolean
  bitfield?: Uint8Array
  /** 'sequential' fetches in order, as a film needs it. */
  strategy?: 'sequential' | 'rarest'
  name?: string
  pieceLength?: number
  storeCacheSlots?: number
  createdBy?: string
  /** While a new torrent's pieces are hashed. */
  onProgress?: (hashedBytes: number, totalBytes: number) => void
  comment?: string
}

export interface WebTorrentClient extends Emitter {
  readonly peerId: string
  readonly torrentPort: number
  readonly torrents: Torrent[]
  add(id: Uint8Array | ParsedTorrent, options: AddOptions): Torrent
  seed(
    input: readonly File[] | string | readonly string[],
    options: AddOptions,
    onSeed: (torrent: Torrent) => void,
  ): Torrent
  destroy(done?: (error?: Error | null) => void): void
}

interface WebTorrentOptions {
  dht: boolean
  lsd: boolean
  utPex: boolean
  natUpnp: boolean
  natPmp: boolean
  utp: boolean
  webSeeds: boolean
  maxConns?: number
  tracker: { rtcConfig: { iceServers: readonly RTCIceServer[] }; announce: string[] }
}
export type WebTorrentConstructor = new (options: WebTorrentOptions) => WebTorrentClient
