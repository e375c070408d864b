/** One wire as the engine sees it: its key, its extensions as one, and what came over it verified. */
import { WireError } from '../../base/index.ts'
import type { BlockClass, ExtensionLink, ExtensionWire, PeerKey, WireExtension } from '../wire-extension.ts'
import type { PieceSource } from './piece-ownership.ts'
import type { Torrent, Wire, WireExtensionHandler } from './types.ts'
import type { UploadQueue } from './upload-queue.ts'

/** Longer extended messages are no protocol of ours; metadata pieces have 16 KiB. */
const MAX_EXTENDED_BYTES = 1 << 20

export interface PeerWire extends PieceSource {
  readonly peerKey: PeerKey
  readonly extensions: readonly ExtensionWire[]
  /** All extensions as one: any may hold, any may make a block paid. */
  readonly merged: Omit<
    ExtensionWire,
    'handshake' | 'onHandshake' | 'onMessage' | 'onClose' | 'maxPaidPiecesUnderWay' | 'onPieceVerified'
  >
  queue: UploadQueue | null
  /** Class of the requests under way; a change to 'paid' takes the free ones back. */
  requestClass: BlockClass
  /** Runs code of an extension; what it throws drops the wire. */
  guard(act: () => void): void
  receivedBytes: number
  verifiedBytes: number
  verifiedPieces: number
}

export interface PeerWireOptions {
  readonly torrent: Torrent
  readonly wire: Wire
  readonly extensions: readonly WireExtension[]
  readonly onDrop: (wire: PeerWire, reason: WireError) => void
  /** An extended message went out or came in: classes may have changed. */
  readonly onExchange: (wire: PeerWire) => void
}

function randomKey(): PeerKey {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('') as PeerKey
}

/** Attaches the extensions to a new wire, before its extended handshake goes out. */
export function createPeerWire({ torrent, wire, extensions, onDrop, onExchange }: PeerWireOptions): PeerWire {
  const peerKey = randomKey()
  const attachedWires: ExtensionWire[] = []
  const peerWire: PeerWire = {
    wire,
    peerKey,
    extensions: attachedWires,
    owned: new Set(),
    chokedAtMs: performance.now(),
    lastBlockAtMs: performance.now(),
    queue: null,
    requestClass: 'free',
    guard,
    receivedBytes: 0,
    verifiedBytes: 0,
    verifiedPieces: 0,
    maxPaidPiecesUnderWay: () =>
      attachedWires.length === 0 ? 1 : Math.min(...attachedWires.map((each) => each.maxPaidPiecesUnderWay())),
    merged: {
      getUploadClass: () =>
        attachedWires.some((each) => each.getUploadClass() === 'paid') ? 'paid' : 'free',
      getDownloadClass: () =>
        attachedWires.some((each) => each.getDownloadClass() === 'paid') ? 'paid' : 'free',
      gate: (block) => (attachedWires.some((each) => each.gate(block) === 'hold') ? 'hold' : 'serve'),
      onRequest: (blockClass) => {
        for (const each of attachedWires) each.onRequest(blockClass)
      },
      beforeRequest: () => {
        for (const each of attachedWires) each.beforeRequest()
      },
      onBlockSent: (block) => {
        for (const each of attachedWires) each.onBlockSent(block)
      },
    },
  }
  for (const extension of extensions) attach(extension)
  return peerWire

  function guard(act: () => void): void {
    try {
      act()
    } catch (error) {
      const reason =
        error instanceof WireError
          ? error
          : new WireError('extension-failed', String(error), { cause: error })
      onDrop(peerWire, reason)
    }
  }

  function attach(extension: WireExtension): void {
    const { name } = extension
    const link: ExtensionLink = {
      peerKey,
      infoHash: torrent.infoHash,
      pieceLengthBytes: () => (torrent.metadata ? torrent.pieceLength : 0),
      send: (payload) => {
        if (wire.destroyed || !wire.peerExtendedMapping[name]) return
        wire.extended(name, payload)
        queueMicrotask(() => onExchange(peerWire))
      },
      drop: (reason) => onDrop(peerWire, reason),
      wakeUploads: () => peerWire.queue?.wake(),
      silentMs() {
        if (wire.requests.length > 0) return performance.now() - peerWire.lastBlockAtMs
        return wire.amInterested && peerWire.chokedAtMs !== null ? performance.now() - peerWire.chokedAtMs : 0
      },
      ownedPieces: () => peerWire.owned.size,
      receivedBytes: () => peerWire.receivedBytes,
      recallRequests() {
        for (const { piece, offset, length } of [...wire.requests]) wire.cancel(piece, offset, length)
      },
    }
    const attached = extension.attach(link)
    attachedWires.push(attached)
    let hasGreeted = false
    const greet = (theirs: unknown): void => {
      if (hasGreeted) return
      hasGreeted = true
      guard(() => attached.onHandshake(theirs))
    }
    class Handler implements WireExtensionHandler {
      onExtendedHandshake(handshake: Record<string, unknown>): void {
        greet(handshake[name] ?? {})
      }
      onMessage(payload: Uint8Array): void {
        if (payload.length > MAX_EXTENDED_BYTES)
          onDrop(peerWire, new WireError('too-long', 'An extended message is too long.'))
        else {
          guard(() => attached.onMessage(new Uint8Array(payload)))
          onExchange(peerWire)
        }
      }
    }
    Object.defineProperty(Handler.prototype, 'name', { value: name })
    wire.use(Handler)
    wire.extendedHandshake[name] = attached.handshake
    wire.on('extended', (kind: string) => {
      if (kind === 'handshake' && !wire.peerExtendedMapping[name]) greet(null)
    })
    if (wire.peerExtensions.extended === false) queueMicrotask(() => greet(null))
  }
}
