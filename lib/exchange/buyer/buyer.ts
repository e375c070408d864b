/**
 * The buying side of one wire. Invariants: nothing is paid before its piece's hash was right; the payer persists each
 * voucher before it is sent; no price above the payer's maximum is ever bid.
 */
import { type Clock, type Hex, nowSec, WireError } from '../../base/index.ts'
import type { Payer, SeatClaim, SellerId } from '../../payments/index.ts'
import type { BlockClass, ExtensionLink } from '../../torrent/index.ts'
import type { AgreementKey } from '../../tron/index.ts'
import { type Amount, MAX_MEMO_LENGTH, priceOf, ZERO_AMOUNT } from '../../units/index.ts'
import type { PeerMoney, TipOutcome } from '../peer-money.ts'
import { getPiecesUnderWindow } from '../wire/credit-window.ts'
import type { ExchangeDomain, Greeting } from '../wire/handshake.ts'
import type {
  AckMessage,
  PayMessage,
  QuoteMessage,
  RejectMessage,
  ReleaseMessage,
  SendMessage,
} from '../wire/message.ts'
import { PriceSchedule } from '../wire/price-schedule.ts'
import { QuoteCheck } from '../wire/quote-proof.ts'
import { type BuyingEvent, type BuyingState, endsBid, reduceBuying, UNQUOTED } from './buying-state.ts'
import { createPaymentQueue, type PaymentQueue } from './payment-queue.ts'
import { Releases } from './releases.ts'
import type { SellerBook } from './seller-book.ts'
import { ShownSeats } from './shown-seats.ts'
import { StallWatch } from './stall-watch.ts'

/**
 * 'finishing': pieces under way are completed and paid, none is begun. 'releasing': nothing is promised any more, so that
 * no voucher crosses the seller's final figure.
 */
export type BuyingPhase = 'buying' | 'finishing' | 'releasing'

export interface BuyerContext {
  getPayer(): Payer | null
  getPhase(): BuyingPhase
  readonly domain: ExchangeDomain
  /** Ours for this visit: sellers seal their quotes for it. */
  readonly visitKey: AgreementKey
  readonly sellers: SellerBook
  readonly clock: Clock
  torrentName(infoHash: string): string
  notify(): void
}

export class Buyer {
  readonly #context: BuyerContext
  readonly #link: ExtensionLink
  readonly #send: SendMessage
  readonly #queue: PaymentQueue
  readonly #price = new PriceSchedule()
  readonly #seats: ShownSeats
  readonly #releases: Releases
  readonly #stall: StallWatch
  #state: BuyingState = UNQUOTED
  /** What makes this wire one of its own; null before the other side greeted. */
  #wire: { readonly sellerNonce: Hex; readonly check: QuoteCheck } | null = null
  #windowBytes = 0
  /** The largest so far: as many bytes may be under way at the price of before. */
  #peakWindowBytes = 0
  /** Cached: the engine asks for each piece that it looks at. */
  #affordable = 0
  #standing = ''

  constructor(context: BuyerContext, link: ExtensionLink, send: SendMessage, fail: (error: unknown) => void) {
    this.#context = context
    this.#link = link
    this.#send = send
    this.#seats = new ShownSeats({
      clock: context.clock,
      send,
      fail,
      prove: (channelId) => this.#prove(context.getPayer(), channelId, 'serve'),
      onRetry: () => {
        this.#apply({ kind: 'seatRetried' })
        this.review()
      },
    })
    this.#releases = new Releases(send, (channelId) => this.#seats.move(channelId, 'released'))
    // Nothing is lost on a seller that serves nothing, but what it owns must not wait for it.
    this.#stall = new StallWatch({
      clock: context.clock,
      link,
      isBidding: () => this.#state.status === 'bidding',
      onStall: () => {
        this.#apply({ kind: 'stalled' })
        link.recallRequests()
      },
      onRetry: () => {
        this.#apply({ kind: 'stallOver' })
        this.review()
        context.notify()
      },
    })
    this.#queue = createPaymentQueue({
      infoHash: link.infoHash,
      torrentName: () => context.torrentName(link.infoHash),
      getPayer: () => context.getPayer(),
      getSeller: () => this.seller,
      mayPay: () => context.getPhase() !== 'releasing',
      priceOf: (lengthBytes) => this.#price.priceOf(lengthBytes),
      onPaid: (message) => this.#onPaid(message),
      onEmptySeat: () => this.review(),
      onError: fail,
    })
  }

  /** The other side speaks the extension: what it quotes is sealed for our key and these nonces. */
  greet(theirs: Greeting, ourNonce: Hex): void {
    const { domain, visitKey } = this.#context
    const { infoHash } = this.#link
    const identity = { domain, infoHash, buyerNonce: ourNonce, sellerNonce: theirs.nonce }
    this.#wire = { sellerNonce: theirs.nonce, check: new QuoteCheck(visitKey, identity) }
  }

  onQuote({ terms, termsBytes, mac }: QuoteMessage): void {
    const { seller: quoted, ...open } = terms
    const nowAtSec = Number(nowSec(this.#context.clock))
    const seller = quoted ? (this.#wire?.check.check(quoted, termsBytes, mac, nowAtSec) ?? null) : null
    if (quoted && !seller) {
      this.#apply({ kind: 'quoteUnproven' })
      this.#context.notify()
      return
    }
    this.#apply({ kind: 'quoted', quote: { ...open, seller } })
    if (this.#windowBytes === 0) this.#setWindow(terms.windowBytes)
    this.review()
    this.#context.notify()
  }

  /** What no seat covered before may be covered now, but only if something did change: two stuck wires must not wake each other. */
  onPayerChange(): void {
    const payer = this.#context.getPayer()
    const { seller } = this
    if (payer && seller) {
      const standing = `${payer.getSeat(seller)?.channelId}:${payer.getSeatRemaining(seller)}:${payer.isPaying()}`
      if (standing !== this.#standing) this.#queue.unblock()
      this.#standing = standing
    }
    this.review()
  }

  /** Brings what we do on this wire in line with the quote, the payer and the seat. Safe to call at any time. */
  review(): void {
    const { quote } = this.#state
    if (this.#isClosed) return
    const payer = this.#context.getPayer()
    if (!payer || !quote?.seller) {
      this.#apply({ kind: 'stopped' })
      return
    }
    const { seller, askPerMiB, relayFrom } = quote
    this.#context.sellers.offer(this.#link.peerKey, { ...seller, askPerMiB, relayFrom })
    if (payer.isOwn(seller.payee)) {
      this.#apply({ kind: 'stopped' })
      return
    }
    this.#affordable = this.#countAffordable()
    const seat = payer.mayPayFor(this.#link.infoHash) ? payer.getSeat(seller) : null
    if (seat && !this.#seats.get(seat.channelId)) {
      this.#seats.present(seat)
      this.#context.notify()
    }
    const isReady = seat !== null && this.#seats.get(seat.channelId) === 'ready'
    if (isReady) this.#queue.run()
    if (isReady && this.#wantsToPay(payer)) this.#bid(askPerMiB)
    else this.#apply({ kind: 'stopped' })
  }

  onAck(message: AckMessage): void {
    const payer = this.#context.getPayer()
    const { seller } = this
    const shown = this.#seats.get(message.channelId)
    if (!seller || shown === null) throw new WireError('bogus-ack', 'an ack for a seat never shown')
    if (!payer) return
    const latest = payer.getLatestVoucher(message.channelId, seller.payee)
    if (message.cumulative > (latest?.cumulative ?? 0n)) {
      throw new WireError('bogus-ack', 'an ack above what we promised')
    }
    if (message.paidBytes > this.#queue.getFigures().paidBytes) {
      throw new WireError('bogus-ack', 'an ack of more bytes than we paid for')
    }
    this.#setWindow(message.windowBytes)
    this.#apply({ kind: 'acknowledged', windowBytes: message.windowBytes })
    if (shown === 'presented') {
      this.#seats.move(message.channelId, 'acknowledged')
      this.#queue.unblock()
      this.#seats.catchUp(message.channelId, payer.getLatestVoucher(message.channelId, seller.payee))
    }
    this.review()
    this.#context.notify()
  }

  onReject({ code, words, channelId }: RejectMessage): void {
    if (channelId && this.#releases.refuse(channelId)) return
    if (code === 'below-ask') this.#apply({ kind: 'bidRejected' })
    if (channelId && this.#seats.get(channelId)) {
      this.#apply({ kind: 'seatRejected', words })
      this.#seats.reject(channelId, code)
    }
    this.review()
    this.#context.notify()
  }

  onRelease(message: ReleaseMessage): void {
    const payer = this.#context.getPayer()
    const { seller } = this
    if (payer && seller) this.#releases.accept(payer, seller, message)
  }

  /** Asks the seller for its signed final figure of a channel; resolves true once the payer holds it. */
  async requestRelease(channelId: Hex): Promise<boolean> {
    const payer = this.#context.getPayer()
    const { seller } = this
    if (this.#isClosed || !payer || !seller) return false
    this.#apply({ kind: 'stopped' })
    await this.#queue.whenIdle()
    const proof = await this.#prove(payer, channelId, 'release')
    if (this.#isClosed || proof === null) return false
    return this.#releases.request(payer, seller, channelId, proof)
  }

  /** Whose money this wire takes, once it quoted. */
  get seller(): SellerId | null {
    return this.#state.quote?.seller ?? null
  }

  async tip(amount: Amount, memo: string): Promise<TipOutcome> {
    const refuse = (code: string, message: string): TipOutcome => ({ status: 'refused', code, message })
    const payer = this.#context.getPayer()
    const { quote } = this.#state
    const { seller } = this
    if (this.#isClosed) return refuse('gone', 'this peer is gone')
    if (!payer || !seller) return refuse('not-selling', 'this peer takes no money')
    if (memo.length > MAX_MEMO_LENGTH)
      return refuse('bad-memo', `the memo is over ${MAX_MEMO_LENGTH} characters`)
    if (amount <= 0n) return refuse('too-little', 'a tip is more than nothing')
    if (amount < (quote?.step ?? 0n)) return refuse('too-small', 'this seller takes no tip so small')
    if (!payer.mayPayFor(this.#link.infoHash))
      return refuse('not-agreed', 'the budget does not pay for this torrent')
    this.review()
    const isSeated = payer.getSeat(seller) !== null || this.#seats.hasAny('ready')
    if (!isSeated) return refuse('no-seat', 'no money is set aside for this peer yet')
    const isPaid = await this.#queue.addTip(amount, memo)
    return isPaid ? { status: 'sent' } : refuse('too-little', 'what is left for this peer does not cover it')
  }

  /** Whether to pay here is thought over before each request that would be free. */
  beforeRequest(): void {
    if (this.#state.status !== 'bidding' && this.seller) this.review()
  }

  getDownloadClass(): BlockClass {
    return this.#state.status === 'bidding' ? 'paid' : 'free'
  }

  /** No piece is under way and none is being paid; one that no seat covers may wait for good. */
  isFinished(): boolean {
    return this.#isClosed || (this.#link.ownedPieces() === 0 && this.#queue.isIdle())
  }

  maxPaidPiecesUnderWay(): number {
    if (this.#context.getPhase() !== 'buying') return 0
    const byWindow = getPiecesUnderWindow(this.#windowBytes, this.#link.pieceLengthBytes())
    return Math.max(1, Math.min(byWindow, this.#affordable))
  }

  onPieceVerified(piece: {
    readonly pieceIndex: number
    readonly paidBytes: number
    readonly freeBytes: number
  }): void {
    this.#context.sellers.deliver(this.#link.peerKey, piece.paidBytes + piece.freeBytes)
    if (piece.paidBytes === 0) return
    this.#queue.addPiece(piece.pieceIndex, piece.paidBytes)
    this.#affordable = this.#countAffordable()
  }

  /** How this wire stands for the page, or null when the peer sells nothing. */
  getMoney(): PeerMoney | null {
    const { status, quote, refusal } = this.#state
    if (!quote?.seller) return refusal === null ? null : { status: 'refused', payee: null, reason: refusal }
    const { seller, askPerMiB } = quote
    const payer = this.#context.getPayer()
    const { payee } = seller
    if (payer?.isOwn(payee)) return { status: 'own', payee }
    const remaining = payer?.getSeatRemaining(seller) ?? ZERO_AMOUNT
    const figures = { payee, askPerMiB, remaining, ...this.#queue.getFigures() }
    if (status === 'stalled' && payer?.isPaying()) return { status: 'stalled', ...figures }
    if (refusal !== null) return { status: 'refused', payee, reason: refusal }
    if (payer && status === 'bidding') return { status: 'paying', ...figures }
    const tooDear = payer?.isPaying() === true && askPerMiB > payer.getMaxAskPerMiB()
    const isOpening = this.#seats.hasAny('presented')
    if (payer?.isPaying() && !tooDear && askPerMiB > 0n && isOpening)
      return { status: 'opening', payee, askPerMiB }
    if (figures.paid > 0n || figures.tipped > 0n) return { status: 'exhausted', ...figures }
    if (payer?.isPaying() && !tooDear && askPerMiB > 0n) return { status: 'opening', payee, askPerMiB }
    return askPerMiB === 0n ? null : { status: 'quoted', payee, askPerMiB, tooDear }
  }

  close(): void {
    if (this.#isClosed) return
    this.#apply({ kind: 'closed' })
    this.#seats.close()
    this.#stall.close()
    this.#releases.close()
    this.#context.sellers.leave(this.#link.peerKey)
  }

  get #isClosed(): boolean {
    return this.#state.status === 'closed'
  }

  /** A step of the state. A bid that ends by it is taken back, so that both sides count the same requests as paid. */
  #apply(event: BuyingEvent): void {
    const before = this.#state
    this.#state = reduceBuying(before, event)
    if (!endsBid(before, this.#state)) return
    this.#send({ type: 'bid', ratePerMiB: ZERO_AMOUNT })
    this.#context.notify()
  }

  /** Claims a seat on this wire, and on no other; null where nobody answers for it. */
  async #prove(payer: Payer | null, channelId: Hex, purpose: SeatClaim['purpose']): Promise<Hex | null> {
    const { seller } = this
    if (!payer || !seller || !this.#wire) return null
    const { sellerNonce: nonce } = this.#wire
    return payer.proveSeat({ channelId, ...seller, infoHash: this.#link.infoHash, nonce, purpose })
  }

  #setWindow(windowBytes: number): void {
    this.#windowBytes = windowBytes
    this.#peakWindowBytes = Math.max(this.#peakWindowBytes, windowBytes)
  }

  #wantsToPay(payer: Payer): boolean {
    const { status, quote } = this.#state
    const ask = quote?.askPerMiB ?? ZERO_AMOUNT
    if (!payer.isPaying() || !payer.mayPayFor(this.#link.infoHash)) return false
    if (ask === 0n || ask > payer.getMaxAskPerMiB()) return false
    if (status !== 'idle' && status !== 'bidding') return false
    if (this.#context.getPhase() === 'releasing') return false
    const pieceLengthBytes = this.#link.pieceLengthBytes()
    return pieceLengthBytes > 0 && this.#windowBytes >= pieceLengthBytes && this.#affordable >= 1
  }

  /** Whole pieces that the seat still covers at the seller's price, less what waits to be paid. */
  #countAffordable(): number {
    const payer = this.#context.getPayer()
    const { quote } = this.#state
    const seller = quote?.seller
    const rate = quote && quote.askPerMiB > this.#price.rate ? quote.askPerMiB : this.#price.rate
    const price = priceOf(this.#link.pieceLengthBytes(), rate)
    if (!payer || !seller || price === 0n) return 0
    const left = payer.getSeatRemaining(seller) - this.#queue.getPendingAmount()
    return left <= 0n ? 0 : Number(left / price)
  }

  #bid(rate: Amount): void {
    if (this.#state.status === 'bidding' && this.#state.ratePerMiB === rate) return
    this.#price.change(rate, this.#peakWindowBytes)
    this.#apply({ kind: 'bid', ratePerMiB: rate })
    this.#send({ type: 'bid', ratePerMiB: rate })
    this.#stall.begin()
    this.#context.notify()
  }

  /** A voucher is on the disk. */
  #onPaid(message: PayMessage): void {
    this.#price.onPaid(message.lengthBytes)
    this.#seats.pay(message)
    this.review()
    this.#context.notify()
  }
}
