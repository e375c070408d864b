/**
 * The port by which a protocol extension takes part in a wire without the engine knowing why.
 *
 * Block classes. Each request carries a class, fixed at the moment when it passes the wire, on both sides: the
 * downloader's `getDownloadClass()` as it sends, the uploader's `getUploadClass()` as it arrives. The wire is ordered,
 * so an extension message that changes the class (a bid) divides the requests at the same place on both sides, and
 * both count the same bytes as paid.
 */
import type { WireError } from '../base/index.ts'

declare const peerKeyBrand: unique symbol
/** Names one wire for as long as it lives; never reused in a session. */
export type PeerKey = string & { readonly [peerKeyBrand]: 'wire' }

export type BlockClass = 'free' | 'paid'

/** Decides whether a block may go out. The engine asks; it does not know why. */
export type UploadGate = (block: {
  readonly blockClass: BlockClass
  readonly lengthBytes: number
}) => 'serve' | 'hold'

export interface ExtensionLink {
  readonly peerKey: PeerKey
  /** 40 lower-case hex digits. */
  readonly infoHash: string
  /** Length of a piece in bytes; 0 until the metadata is known. */
  pieceLengthBytes(): number
  /** Sends one extended message. Does nothing once the wire is closed or when the peer lacks the extension. */
  send(payload: Uint8Array): void
  /** Destroys the wire and refuses that peer id (and, where known, address) for the session. */
  drop(reason: WireError): void
  /** Looks at the held uploads again: credit came, or free tokens did. */
  wakeUploads(): void
  /** For how many milliseconds this peer has sent no block though we ask for some; 0 while we ask for none. */
  silentMs(): number
  /** Pieces under way that come whole from this peer. */
  ownedPieces(): number
  /** Bytes of all blocks that this peer has sent. */
  receivedBytes(): number
  /** Takes back our requests under way. The engine asks anew, in the class of then. */
  recallRequests(): void
}

export interface ExtensionWire {
  /** Our entry under the extension's name in the BEP 10 handshake; bencodable. Empty object: nothing but support. */
  readonly handshake: Readonly<Record<string, string | number | Uint8Array>>
  /** The peer's entry (raw bencode values: Uint8Array for strings), or null when it lacks the extension. Untrusted. */
  onHandshake(theirs: unknown): void
  /** One extended message, untrusted, at most 1 MiB (the extension enforces its own lower limit). */
  onMessage(payload: Uint8Array): void
  /** The wire is gone: cut, dropped for a bad piece, or ended by us. */
  onClose(): void

  /** The class of a request that arrives now. */
  getUploadClass(): BlockClass
  /** A request arrived and waits its turn, in the class that it had then. */
  onRequest(blockClass: BlockClass): void
  readonly gate: UploadGate
  /** A block has been handed to the wire: debit it here, not at its request. */
  onBlockSent(block: { readonly blockClass: BlockClass; readonly lengthBytes: number }): void

  /** A request is about to be sent: whether to pay for it may be thought over. */
  beforeRequest(): void
  /** The class of a request that is sent now. */
  getDownloadClass(): BlockClass
  /** The most incomplete pieces that may be under way from this peer in class 'paid'. At 0 those under way are finished. */
  maxPaidPiecesUnderWay(): number
  /**
   * A piece passed its hash. `paidBytes` and `freeBytes` of it came from this peer, by request class, counting only
   * requested blocks that were used. Called for each wire that contributed.
   */
  onPieceVerified(piece: {
    readonly pieceIndex: number
    readonly paidBytes: number
    readonly freeBytes: number
  }): void
}

export interface WireExtension {
  /** Key in the BEP 10 `m` dictionary and of our handshake entry, e.g. "btt". */
  readonly name: string
  /** Called once for each new wire, before the extended handshake goes out. */
  attach(link: ExtensionLink): ExtensionWire
}
