/** The download side of webtorrent's `_request`, rewritten: who may fetch what, and what a block was worth. */
import { BLOCK_BYTES } from '../../units/index.ts'
import type { FinishPiece } from './blame-piece.ts'
import { hashPiece } from './hash-piece.ts'
import type { PeerWire } from './peer-wire.ts'
import type { PieceOwnership } from './piece-ownership.ts'
import type { Piece, Torrent, Wire } from './types.ts'

/** Blocks that may be under way: a second's worth, at most what the peer's `reqq` allows. */
function pipelineLength(wire: Wire): number {
  const { reqq } = wire.peerExtendedHandshake
  const wanted = 2 + Math.ceil(wire.downloadSpeed() / BLOCK_BYTES)
  return typeof reqq === 'number' && reqq > 0 ? Math.min(wanted, reqq) : wanted
}

/** Requests one block of a piece from a wire; false when there is none to request there now. */
export function requestBlock(
  torrent: Torrent,
  ownership: PieceOwnership,
  session: PeerWire,
  index: number,
  hotswap: boolean,
  credit: FinishPiece,
): boolean {
  const { wire } = session
  if (torrent.bitfield.get(index) || wire.requests.length >= pipelineLength(wire)) return false
  // Whole, hashed or on its way to the disk: nobody may own it again.
  if (torrent.pieces[index]?._flushed) return false
  const blockClass = session.requestClass
  if (!ownership.admit(session, index, blockClass, hotswap ? 'urgent' : 'normal')) return false
  const piece = torrent.pieces[index]
  if (!piece) return false
  let block = piece.reserve()
  const isOwned = ownership.ownerOf(index) !== null
  if (block === -1 && hotswap && !isOwned && torrent._hotswap(wire, index)) block = piece.reserve()
  if (block === -1) return false

  const reservations = torrent._reservations[index] ?? []
  torrent._reservations[index] = reservations
  const free = reservations.indexOf(null)
  const slot = free === -1 ? reservations.length : free
  reservations[slot] = wire
  const update = (): void => queueMicrotask(() => torrent._update())

  // A wire that had nothing under way is not silent yet.
  if (wire.requests.length === 0) session.lastBlockAtMs = performance.now()
  wire.request(index, piece.chunkOffset(block), piece.chunkLength(block), (error, bytes) => {
    if (torrent.destroyed) return
    if (reservations[slot] === wire) reservations[slot] = null
    if (piece !== torrent.pieces[index]) return update()
    if (error) {
      piece.cancel(block)
      return update()
    }
    if (!piece.get(block)) ownership.record(piece, session, blockClass, bytes.length)
    if (!piece.set(block, bytes, wire)) return update()
    const whole = piece.flush()
    if (whole) void finishPiece(torrent, index, piece, whole, credit).finally(update)
  })
  return true
}

async function finishPiece(
  torrent: Torrent,
  index: number,
  piece: Piece,
  whole: Uint8Array,
  credit: FinishPiece,
): Promise<void> {
  const isGood = (await hashPiece(whole)) === torrent._hashes[index]
  if (torrent.destroyed) return
  if (!isGood) {
    credit(index, piece, false)
    torrent.emit('warning', new Error(`Piece ${index} failed verification`))
    return
  }
  const error = await new Promise<Error | null>((resolve) =>
    torrent.store.put(index, whole, (failure) => resolve(failure)),
  )
  if (torrent.destroyed) return
  if (error) return torrent._destroy(error)
  // Only now: who pays for a piece has it, also after a reload in this very moment.
  credit(index, piece, true)
  torrent._markVerified(index)
  for (const wire of torrent.wires) wire.have(index)
  torrent._checkDone()
}
