/** For tests: one wire whose every message, request and block waits until it is delivered. Ordered, as TCP is. */

import type { BlockClass, ExtensionLink, ExtensionWire, PeerKey } from '../../../torrent/index.ts'
import { BLOCK_BYTES } from '../../../units/index.ts'
import type { Exchange } from '../../exchange.ts'
import { decodeMessage } from '../../wire/codec.ts'
import type { WireMessage } from '../../wire/message.ts'
import { INFO_HASH } from '../world.ts'

export const PIECE_BYTES = 4 * BLOCK_BYTES

type Item =
  | { readonly kind: 'message'; readonly payload: Uint8Array }
  | { readonly kind: 'request' | 'block'; readonly pieceIndex: number; readonly blockClass: BlockClass }

export type Direction = 'toSeller' | 'toBuyer'

export interface ModelWire {
  readonly buyer: ExtensionWire
  readonly seller: ExtensionWire
  /** The seller's row at the buyer's. */
  readonly sellerKey: PeerKey
  readonly isClosed: boolean
  waiting(direction: Direction): number
  /** Hands over the oldest waiting item; a message twice when told so. */
  deliver(direction: Direction, isTwice: boolean): void
  /** The buyer asks for a whole piece, if its rules let it. */
  request(pieceIndex: number, isGarbage: boolean): void
  /** All that waits is lost. */
  cut(): void
}

export interface ModelWireEvents {
  /** A message leaves; what it says must be on the sender's disk. */
  onSend(from: 'buyer' | 'seller', message: WireMessage): void
  onVerified(pieceIndex: number, paidBytes: number): void
  onDrop(code: string): void
}

let wireCount = 0

export function createModelWire(
  buyerSide: Exchange,
  sellerSide: Exchange,
  events: ModelWireEvents,
): ModelWire {
  const queues: Record<Direction, Item[]> = { toSeller: [], toBuyer: [] }
  const pieces = new Map<number, { paidBytes: number; freeBytes: number; readonly isGarbage: boolean }>()
  let held: { readonly pieceIndex: number; readonly theirs: BlockClass; readonly ours: BlockClass }[] = []
  let isClosed = false
  let underWay = 0

  const link = (side: 'buyer' | 'seller'): ExtensionLink => ({
    peerKey: `${side}-${++wireCount}` as PeerKey,
    infoHash: INFO_HASH,
    pieceLengthBytes: () => PIECE_BYTES,
    send(payload) {
      if (isClosed) return
      const message = decodeMessage(payload)
      if (message) events.onSend(side, message)
      queues[side === 'buyer' ? 'toSeller' : 'toBuyer'].push({ kind: 'message', payload })
    },
    drop(reason) {
      events.onDrop(reason.code)
      wire.cut()
    },
    wakeUploads: () => {
      if (side === 'seller') queueMicrotask(serve)
    },
    silentMs: () => 0,
    ownedPieces: () => (side === 'buyer' ? underWay : 0),
    receivedBytes: () => 0,
    recallRequests: () => undefined,
  })

  function serve(): void {
    const waiting = held
    held = []
    for (const block of waiting) {
      if (isClosed) return
      const asked = { blockClass: block.ours, lengthBytes: BLOCK_BYTES }
      if (wire.seller.gate(asked) === 'hold') held.push(block)
      else {
        wire.seller.onBlockSent(asked)
        queues.toBuyer.push({ kind: 'block', pieceIndex: block.pieceIndex, blockClass: block.theirs })
      }
    }
  }

  function receive(pieceIndex: number, blockClass: BlockClass): void {
    const piece = pieces.get(pieceIndex)
    if (!piece) return
    if (blockClass === 'paid') piece.paidBytes += BLOCK_BYTES
    else piece.freeBytes += BLOCK_BYTES
    if (piece.paidBytes + piece.freeBytes < PIECE_BYTES) return
    underWay -= 1
    const { paidBytes, freeBytes, isGarbage } = piece
    if (isGarbage) {
      events.onDrop('bad-piece')
      wire.cut()
    } else {
      events.onVerified(pieceIndex, paidBytes)
      wire.buyer.onPieceVerified({ pieceIndex, paidBytes, freeBytes })
    }
  }

  const sellerLink = link('seller')
  const buyerLink = link('buyer')
  const wire: ModelWire = {
    buyer: buyerSide.extension.attach(buyerLink),
    seller: sellerSide.extension.attach(sellerLink),
    sellerKey: buyerLink.peerKey,
    get isClosed() {
      return isClosed
    },
    waiting: (direction) => queues[direction].length,
    deliver(direction, isTwice) {
      const item = queues[direction].shift()
      if (!item || isClosed) return
      const receiver = direction === 'toSeller' ? wire.seller : wire.buyer
      if (item.kind === 'message') {
        receiver.onMessage(item.payload)
        if (isTwice && !isClosed) receiver.onMessage(item.payload)
      } else if (item.kind === 'block') receive(item.pieceIndex, item.blockClass)
      else {
        const ours = wire.seller.getUploadClass()
        wire.seller.onRequest(ours)
        held.push({ pieceIndex: item.pieceIndex, theirs: item.blockClass, ours })
        serve()
      }
    },
    request(pieceIndex, isGarbage) {
      if (isClosed || underWay >= wire.buyer.maxPaidPiecesUnderWay()) return
      underWay += 1
      pieces.set(pieceIndex, { paidBytes: 0, freeBytes: 0, isGarbage })
      for (let block = 0; block < PIECE_BYTES / BLOCK_BYTES; block++) {
        wire.buyer.beforeRequest()
        queues.toSeller.push({ kind: 'request', pieceIndex, blockClass: wire.buyer.getDownloadClass() })
      }
    },
    cut() {
      if (isClosed) return
      isClosed = true
      wire.buyer.onClose()
      wire.seller.onClose()
    },
  }
  wire.buyer.onHandshake(wire.seller.handshake)
  wire.seller.onHandshake(wire.buyer.handshake)
  return wire
}
