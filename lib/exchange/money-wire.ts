/** One wire: checks what comes in, hands it to the buying or the selling side, drops the peer that breaks the rules. */

import { AppError, bytesToHex, WireError } from '../base/index.ts'
import type { ExtensionLink, ExtensionWire } from '../torrent/index.ts'
import { Buyer, type BuyerContext } from './buyer/buyer.ts'
import type { PeerMoney } from './peer-money.ts'
import { Seller, type SellerContext } from './seller/seller.ts'
import { decodeMessage, encodeMessage } from './wire/codec.ts'
import { createFloodLimit } from './wire/flood-limit.ts'
import { encodeHandshake, NONCE_BYTES, parseHandshake } from './wire/handshake.ts'
import type { WireMessage } from './wire/message.ts'

export interface MoneyWireContext extends BuyerContext, SellerContext {
  /** Cryptographically random bytes. */
  readonly random: (lengthBytes: number) => Uint8Array
  /** Errors that are no peer's fault (storage, a bug): the wire is dropped, and whoever runs us hears of it. */
  onError(error: unknown): void
  onClose(wire: MoneyWire): void
}

/** One wire's part of the extension that also answers for its peer's money. */
export interface MoneyWire extends ExtensionWire {
  readonly link: ExtensionLink
  readonly buyer: Buyer
  readonly seller: Seller
  /** Quotes, payer or payee changed. */
  refresh(change: 'buying' | 'selling'): void
  getMoney(): PeerMoney
}

export function createMoneyWire(context: MoneyWireContext, link: ExtensionLink): MoneyWire {
  const flood = createFloodLimit(() => context.clock.nowMs())
  let isSpeaking = false
  let isDropped = false
  let strangeReason: string | null = null

  const send = (message: WireMessage): void => {
    if (isSpeaking && !isDropped) link.send(encodeMessage(message))
  }

  function fail(error: unknown): void {
    if (isDropped) return
    isDropped = true
    if (!(error instanceof WireError)) context.onError(error)
    const words = error instanceof AppError ? error.message : 'the exchange failed'
    link.drop(error instanceof WireError ? error : new WireError('exchange-failed', words, { cause: error }))
    close()
  }

  function guard(run: () => void): void {
    if (isDropped) return
    try {
      run()
    } catch (error) {
      fail(error)
    }
  }

  const buyer = new Buyer(context, link, send, fail)
  const seller = new Seller(context, link, send, fail)

  function close(): void {
    buyer.close()
    seller.close()
    context.onClose(wire)
  }

  function dispatch(message: WireMessage): void {
    switch (message.type) {
      case 'quote':
        buyer.onQuote(message)
        break
      case 'ack':
        buyer.onAck(message)
        break
      case 'release':
        buyer.onRelease(message)
        break
      case 'reject':
        buyer.onReject(message)
        break
      case 'seat':
        seller.onSeat(message)
        break
      case 'bid':
        seller.onBid(message)
        break
      case 'pay':
        seller.onPay(message)
        break
      case 'releaseRequest':
        seller.onReleaseRequest(message)
        break
    }
  }

  const nonce = bytesToHex(context.random(NONCE_BYTES))
  const wire: MoneyWire = {
    link,
    buyer,
    seller,
    handshake: encodeHandshake(context.domain, { publicKey: context.visitKey.publicKey, nonce }),
    onHandshake: (theirs) =>
      guard(() => {
        const verdict = parseHandshake(theirs, context.domain)
        if (verdict.status === 'otherNetwork') strangeReason = 'this peer uses another chain or contract'
        if (verdict.status === 'newer')
          strangeReason = 'this peer speaks a newer version of the payment protocol: reload the page'
        isSpeaking = verdict.status === 'same'
        if (verdict.status === 'same') {
          buyer.greet(verdict, nonce)
          seller.greet(verdict, nonce)
        }
        context.notify()
      }),
    onMessage: (payload) =>
      guard(() => {
        if (!flood.take()) throw new WireError('flood', 'too many messages a second')
        const message = isSpeaking ? decodeMessage(payload) : null
        if (message) dispatch(message)
      }),
    onClose: () => {
      isDropped = true
      close()
    },
    getUploadClass: () => seller.getUploadClass(),
    onRequest: (blockClass) => seller.onRequest(blockClass),
    gate: (block) => seller.gate(block),
    onBlockSent: (block) => seller.onBlockSent(block),
    beforeRequest: () => buyer.beforeRequest(),
    getDownloadClass: () => buyer.getDownloadClass(),
    maxPaidPiecesUnderWay: () => buyer.maxPaidPiecesUnderWay(),
    onPieceVerified: (piece) => buyer.onPieceVerified(piece),
    refresh(change) {
      if (!isSpeaking) return
      guard(() => {
        if (change === 'selling') seller.quote()
        else buyer.onPayerChange()
      })
    },
    getMoney() {
      if (strangeReason !== null) return { status: 'refused', payee: null, reason: strangeReason }
      const buying = buyer.getMoney()
      const selling = seller.getFigures()
      const isPassive = !buying || buying.status === 'quoted' || buying.status === 'refused'
      if (selling && isPassive) return { status: 'buyer', ...selling }
      return buying ?? { status: 'free' }
    },
  }
  return wire
}
