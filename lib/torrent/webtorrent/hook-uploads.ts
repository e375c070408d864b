/** The upload side of a wire: every request goes through its UploadQueue, and a payer is not choked by a rechoke. */
import { WireError } from '../../base/index.ts'
import type { PeerWire } from './peer-wire.ts'
import type { RateLimit } from './rate-limit.ts'
import type { Torrent, Wire } from './types.ts'
import { MAX_QUEUED_REQUESTS, UploadQueue } from './upload-queue.ts'

/** Larger requests are refused by every client (BEP 3 in practice). */
const MAX_REQUEST_BYTES = 1 << 17
/** "-WW" in hex (BEP 20). */
const WEBTORRENT_PEER_ID = '2d5757'
/** The longest message that we take: metadata and bitfields stay far below. */
const MAX_MESSAGE_BYTES = (1 << 20) + 1_024

export interface UploadHooks {
  readonly torrent: Torrent
  readonly limit: RateLimit
  mayUpload(): boolean
  /** Whether webtorrent is choking and unchoking by its own rules just now. */
  isRechoking(): boolean
  speaksOurs(wire: Wire): boolean
  onSent(lengthBytes: number): void
  drop(session: PeerWire, reason: WireError): void
}

export function hookUploads(session: PeerWire, hooks: UploadHooks): void {
  const { wire } = session
  const { torrent, limit, mayUpload, drop } = hooks
  const queue = new UploadQueue({
    wire,
    session: {
      ...session.merged,
      onBlockSent: (block) => {
        hooks.onSent(block.lengthBytes)
        session.merged.onBlockSent(block)
      },
    },
    limit,
    inspect: (index, offset, length) => inspectBlock(torrent, index, offset, length),
    read: (index, offset, length) =>
      new Promise((resolve, reject) => {
        torrent.store.get(index, { offset, length }, (error, bytes) => {
          if (error || !bytes) reject(error ?? new Error('no bytes'))
          else resolve(bytes)
        })
      }),
    onOffence: (error) => drop(session, error),
    answersCancels: () => hooks.speaksOurs(wire) || !wire.peerId.startsWith(WEBTORRENT_PEER_ID),
  })
  session.queue = queue
  wire.extendedHandshake.reqq = MAX_QUEUED_REQUESTS

  wire._onRequest = (index, offset, length) => {
    if (!wire.amChoking) queue.onRequest(index, offset, length)
    else if (wire.hasFast) wire.reject(index, offset, length)
  }
  wire._onCancel = (index, offset, length) => {
    queue.onCancel(index, offset, length)
    wire.emit('cancel', index, offset, length)
  }
  // The stream asks for more when it has passed on what it had: room for the next block.
  wire._read = (done) => {
    done(null)
    queueMicrotask(() => queue.wake())
  }
  const choke = wire.choke
  wire.choke = () => {
    if (
      hooks.isRechoking() &&
      !queue.isChokedByGate &&
      session.merged.getUploadClass() === 'paid' &&
      mayUpload()
    )
      return
    const wasChoking = wire.amChoking
    choke.call(wire)
    if (!wasChoking) queue.refuseAll()
  }
  const unchoke = wire.unchoke
  wire.unchoke = () => {
    if (mayUpload() && !queue.isChokedByGate) unchoke.call(wire)
  }
  const onMessageLength = wire._onMessageLength
  wire._onMessageLength = (buffer) => {
    const lengthBytes = new DataView(buffer.buffer, buffer.byteOffset, 4).getUint32(0)
    if (lengthBytes > MAX_MESSAGE_BYTES) drop(session, new WireError('too-long', 'A message is too long.'))
    else onMessageLength.call(wire, buffer)
  }
}

function inspectBlock(
  torrent: Torrent,
  index: number,
  offset: number,
  length: number,
): 'present' | 'absent' | 'invalid' {
  if (!torrent.ready) return 'absent'
  if (index < 0 || index >= torrent.pieces.length || offset < 0 || length <= 0 || length > MAX_REQUEST_BYTES)
    return 'invalid'
  const isLast = index === torrent.pieces.length - 1
  const pieceBytes = isLast ? torrent.lastPieceLength : torrent.pieceLength
  if (offset + length > pieceBytes) return 'invalid'
  return torrent.bitfield.get(index) ? 'present' : 'absent'
}
