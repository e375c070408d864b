/**
 * What a finished piece means for the wires that brought it. Invariant: a good piece is credited to each of them once; a bad one that
 * came whole from one peer ends that peer's wire, and this is the one place that says so.
 */
import { WireError } from '../../base/index.ts'
import type { PeerWire } from './peer-wire.ts'
import type { PieceOwnership } from './piece-ownership.ts'
import type { Piece, Wire } from './types.ts'

export type FinishPiece = (index: number, piece: Piece, isGood: boolean) => void

/** `drop` ends a wire for good. */
export function createPieceBlame(
  ownership: PieceOwnership,
  wires: ReadonlyMap<Wire, PeerWire>,
  drop: (wire: PeerWire, reason: WireError) => void,
): FinishPiece {
  return (index, piece, isGood) => {
    const contributions = ownership.contributions(piece)
    ownership.finish(index, isGood ? 'verified' : 'failed')
    if (isGood) {
      for (const [source, { paidBytes, freeBytes }] of contributions) {
        const wire = wires.get(source.wire)
        if (!wire) continue
        wire.verifiedBytes += paidBytes + freeBytes
        wire.verifiedPieces += 1
        wire.guard(() => {
          for (const each of wire.extensions)
            each.onPieceVerified({ pieceIndex: index, paidBytes, freeBytes })
        })
      }
      return
    }
    ownership.replace(index)
    const [first, ...rest] = contributions
    const liar = first && rest.length === 0 ? wires.get(first[0].wire) : null
    if (!first || rest.length > 0) ownership.demandWhole(index)
    else if (liar)
      drop(liar, new WireError('bad-piece', `Piece ${index} failed its hash and came whole from one peer.`))
  }
}
