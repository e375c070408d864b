/**
 * The buying side of one wire. Invariants: nothing is paid before its piece's hash was right; the payer persists each
 * voucher before it is sent; no price above the payer's maximum is ever bid.
 */
import { type Clock, type Hex, nowSec, WireError } from '../../base/index.ts'
import type { OfferedSeat, Payer, SeatClaim, SellerId } from '../../payments/index.ts'
import type { BlockClass, ExtensionLink } from '../../torrent/index.ts'
import type { AgreementKey } from '../../tron/index.ts'
import { type Amount, priceOf, toAmount, ZERO_AMOUNT } from '../../units/index.ts'
import type { PeerMoney, TipOutcome } from '../peer-money.ts'
import { MAX_MEMO_LENGTH } from '../wire/codec.ts'
import { getPiecesUnderWindow } from '../wire/credit-window.ts'
import type { ExchangeDomain, Greeting } from '../wire/handshake.ts'
import type {
  AckMessage,
  PayMessage,
  QuoteMessage,
  QuoteTerms,
  RejectMessage,
  ReleaseMessage,
  SendMessage,
} from '../wire/message.ts'
import { PriceSchedule } from '../wire/price-schedule.ts'
import { QuoteCheck } from '../wire/quote-proof.ts'
import { createPaymentQueue, type PaymentQueue } from './payment-queue.ts'
import type { SellerBook } from './seller-book.ts'
import { reduceShownSeat, type ShownSeat, type ShownSeatEvent } from './shown-seat-state.ts'
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
  markPaid(infoHash: string, pieceIndex: number): void
  notify(): void
}

/** A seat that the seller could not see on the chain is shown again after this long. */
const SEAT_RETRY_MS = 15_000
/** After these a seat may be shown again: nothing is wrong with it. */
const TRY_AGAIN: ReadonlySet<string> = new Set(['not-open', 'chain-unreachable', 'busy'])

/** A quote whose seller was proven. */
type ProvenQuote = Omit<QuoteTerms, 'seller'> & { readonly seller: SellerId | null }

export class BuyerSession {
  readonly #context: BuyerContext
  readonly #link: ExtensionLink
  readonly #send: SendMessage
  readonly #fail: (error: unknown) => void
  readonly #queue: PaymentQueue
  readonly #price = new PriceSchedule()
  readonly #shown = new Map<Hex, ShownSeat>()
  /** Vouchers on disk whose seat the seller has not acknowledged yet. */
  #unsent: PayMessage[] = []
  readonly #releases = new Map<Hex, (isReleased: boolean) => void>()
  /** What makes this wire one of its own; null before the other side greeted. */
  #wire: { readonly sellerNonce: Hex; readonly check: QuoteCheck } | null = null
  #quote: ProvenQuote | null = null
  #windowBytes = 0
  /** The largest so far: as many bytes may be under way at the price of before. */
  #peakWindowBytes = 0
  /** Cached: the engine asks for each piece that it looks at. */
  #affordable = 0
  #isBidding = false
  #isBidRefused = false
  #refusal: string | null = null
  #standing = ''
  #isClosed = false
  #cancelRetry: (() => void) | null = null
  readonly #stall: StallWatch

  constructor(context: BuyerContext, link: ExtensionLink, send: SendMessage, fail: (error: unknown) => void) {
    this.#context = context
    this.#link = link
    this.#send = send
    this.#fail = fail
    // Nothing is lost on a seller that serves nothing, but what it owns must not wait for it.
    this.#stall = new StallWatch({
      clock: context.clock,
      link,
      isBidding: () => this.#isBidding,
      onStall: () => {
        this.#stopBidding()
        link.recallRequests()
      },
      onRetry: () => {
        this.review()
        context.notify()
      },
    })
    this.#queue = createPaymentQueue({
      infoHash: link.infoHash,
      torrentName: () => context.torrentName(link.infoHash),
      getPayer: () => context.getPayer(),
      getSeller: () => this.#quote?.seller ?? null,
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
    this.#refusal =
      quoted && !seller ? 'its payee’s word for it is out of date, or a clock is wrong' : this.#refusal
    if (quoted && !seller) {
      this.#context.notify()
      return
    }
    // A seller that stops selling keeps its address here: pieces under way are still paid.
    this.#quote = { ...open, seller: seller ?? this.#quote?.seller ?? null }
    this.#isBidRefused = false
    if (this.#windowBytes === 0) this.#setWindow(terms.windowBytes)
    this.review()
    this.#context.notify()
  }

  /** What no seat covered before may be covered now, but only if something did change: two stuck wires must not wake each other. */
  onPayerChange(): void {
    const payer = this.#context.getPayer()
    const seller = this.#quote?.seller
    if (payer && seller) {
      const standing = `${payer.getSeat(seller)?.channelId}:${payer.getSeatRemaining(seller)}:${payer.isPaying()}`
      if (standing !== this.#standing) this.#queue.unblock()
      this.#standing = standing
    }
    this.review()
  }

  /** Brings what we do on this wire in line with the quote, the payer and the seat. Safe to call at any time. */
  review(): void {
    if (this.#isClosed) return
    const payer = this.#context.getPayer()
    const seller = this.#quote?.seller
    if (!payer || !seller || !this.#quote) {
      this.#stopBidding()
      return
    }
    const { askPerMiB, relayFrom } = this.#quote
    this.#context.sellers.offer(this.#link.peerKey, { ...seller, askPerMiB, relayFrom })
    this.#affordable = this.#countAffordable()
    const seat = payer.mayPayFor(this.#link.infoHash) ? payer.getSeat(seller) : null
    if (seat && !this.#shown.has(seat.channelId)) this.#present(payer, seat)
    const isReady = seat !== null && this.#shown.get(seat.channelId) === 'ready'
    if (isReady) this.#queue.run()
    if (isReady && this.#wantsToPay(payer)) this.#bid(this.#quote.askPerMiB)
    else this.#stopBidding()
  }

  onAck(message: AckMessage): void {
    const payer = this.#context.getPayer()
    const seller = this.#quote?.seller
    const shown = this.#shown.get(message.channelId)
    if (!seller || shown === undefined) throw new WireError('bogus-ack', 'an ack for a seat never shown')
    if (!payer) return
    const latest = payer.getLatestVoucher(message.channelId, seller.payee)
    if (message.cumulative > (latest?.cumulative ?? 0n)) {
      throw new WireError('bogus-ack', 'an ack above what we promised')
    }
    if (message.paidBytes > this.#queue.getFigures().paidBytes) {
      throw new WireError('bogus-ack', 'an ack of more bytes than we paid for')
    }
    this.#setWindow(message.windowBytes)
    this.#refusal = message.windowBytes === 0 ? 'this seller gives no more credit in this seat' : null
    if (shown === 'presented') {
      this.#move(message.channelId, 'acknowledged')
      this.#queue.unblock()
      this.#catchUp(message.channelId, payer)
    }
    this.review()
    this.#context.notify()
  }

  onReject(message: RejectMessage): void {
    const { channelId } = message
    const waiting = channelId ? this.#releases.get(channelId) : undefined
    if (channelId && waiting) {
      this.#releases.delete(channelId)
      waiting(false)
      return
    }
    if (message.code === 'below-ask') this.#isBidRefused = true
    if (channelId && this.#shown.has(channelId)) this.#onSeatRefused(channelId, message)
    this.review()
    this.#context.notify()
  }

  onRelease(message: ReleaseMessage): void {
    const payer = this.#context.getPayer()
    const payee = this.#quote?.seller?.payee
    const { channelId, cumulative, signature } = message
    const waiting = this.#releases.get(channelId)
    if (!payer || !payee || !waiting) return
    if (cumulative > (payer.getLatestVoucher(channelId, payee)?.cumulative ?? 0n)) {
      throw new WireError('bogus-release', 'a release above what we promised')
    }
    this.#releases.delete(channelId)
    this.#move(channelId, 'released')
    payer.acceptRelease({ channelId, payee, cumulative, signature }).then(waiting, () => waiting(false))
  }

  /** Asks the seller for its signed final figure of a channel; resolves true once the payer holds it. */
  async requestRelease(channelId: Hex): Promise<boolean> {
    const payer = this.#context.getPayer()
    const payee = this.#quote?.seller?.payee
    if (this.#isClosed || !payer || !payee) return false
    this.#stopBidding()
    await this.#queue.whenIdle()
    const proof = await this.#prove(payer, channelId, 'release')
    if (this.#isClosed || proof === null) return false
    return new Promise((resolve) => {
      this.#releases.get(channelId)?.(false)
      this.#releases.set(channelId, resolve)
      const latest = payer.getLatestVoucher(channelId, payee)
      this.#send({ type: 'releaseRequest', channelId, proof, latest })
    })
  }

  /** Whose money this wire takes, once it quoted. */
  get seller(): SellerId | null {
    return this.#quote?.seller ?? null
  }

  /** Claims a seat on this wire, and on no other; null where nobody answers for it. */
  async #prove(payer: Payer, channelId: Hex, purpose: SeatClaim['purpose']): Promise<Hex | null> {
    const seller = this.#quote?.seller
    if (!seller || !this.#wire) return null
    const { sellerNonce: nonce } = this.#wire
    return payer.proveSeat({ channelId, ...seller, infoHash: this.#link.infoHash, nonce, purpose })
  }

  #present(payer: Payer, seat: OfferedSeat): void {
    const { channelId } = seat
    this.#shown.set(channelId, 'presented')
    this.#context.notify()
    this.#prove(payer, channelId, 'serve')
      .then((proof) => {
        const isStill = !this.#isClosed && this.#shown.get(channelId) === 'presented'
        if (proof && isStill) this.#send({ type: 'seat', seat, proof })
      })
      .catch(this.#fail)
  }

  async tip(amount: Amount, memo: string): Promise<TipOutcome> {
    const refuse = (code: string, message: string): TipOutcome => ({ status: 'refused', code, message })
    const payer = this.#context.getPayer()
    const seller = this.#quote?.seller
    if (this.#isClosed) return refuse('gone', 'this peer is gone')
    if (!payer || !seller) return refuse('not-selling', 'this peer takes no money')
    if (memo.length > MAX_MEMO_LENGTH) return refuse('bad-memo', 'the memo is over 200 characters')
    if (amount <= 0n) return refuse('too-little', 'a tip is more than nothing')
    if (amount < (this.#quote?.step ?? 0n)) return refuse('too-small', 'this seller takes no tip so small')
    if (!payer.mayPayFor(this.#link.infoHash))
      return refuse('not-agreed', 'the budget does not pay for this torrent')
    this.review()
    const isSeated = payer.getSeat(seller) !== null || [...this.#shown.values()].includes('ready')
    if (!isSeated) return refuse('no-seat', 'no money is set aside for this peer yet')
    const isPaid = await this.#queue.addTip(amount, memo)
    return isPaid ? { status: 'sent' } : refuse('too-little', 'what is left for this peer does not cover it')
  }

  classifyDownload(): BlockClass {
    if (!this.#isBidding && this.#quote?.seller) this.review()
    return this.#isBidding ? 'paid' : 'free'
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
    const seller = this.#quote?.seller
    if (!seller || !this.#quote)
      return this.#refusal === null ? null : { status: 'refused', payee: null, reason: this.#refusal }
    const payer = this.#context.getPayer()
    const { payee } = seller
    const { askPerMiB } = this.#quote
    const figures = { payee, askPerMiB, ...this.#queue.getFigures() }
    if (this.#stall.isStalled && payer?.isPaying()) return { status: 'stalled', ...figures }
    if (this.#refusal !== null) return { status: 'refused', payee, reason: this.#refusal }
    if (payer && this.#isBidding) {
      return { status: 'paying', ...figures, remaining: payer.getSeatRemaining(seller) }
    }
    const tooDear = payer?.isPaying() === true && askPerMiB > payer.getMaxAskPerMiB()
    const isOpening = [...this.#shown.values()].includes('presented')
    if (payer?.isPaying() && !tooDear && askPerMiB > 0n && isOpening)
      return { status: 'opening', payee, askPerMiB }
    if (figures.paid > 0n || figures.tipped > 0n) return { status: 'exhausted', ...figures }
    if (payer?.isPaying() && !tooDear && askPerMiB > 0n) return { status: 'opening', payee, askPerMiB }
    return askPerMiB === 0n ? null : { status: 'quoted', payee, askPerMiB, tooDear }
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#isBidding = false
    this.#cancelRetry?.()
    this.#stall.close()
    for (const resolve of this.#releases.values()) resolve(false)
    this.#releases.clear()
    this.#context.sellers.leave(this.#link.peerKey)
  }

  #setWindow(windowBytes: number): void {
    this.#windowBytes = windowBytes
    this.#peakWindowBytes = Math.max(this.#peakWindowBytes, windowBytes)
  }

  #wantsToPay(payer: Payer): boolean {
    const ask = this.#quote?.askPerMiB ?? ZERO_AMOUNT
    if (!payer.isPaying() || !payer.mayPayFor(this.#link.infoHash)) return false
    if (ask === 0n || ask > payer.getMaxAskPerMiB() || this.#isBidRefused) return false
    if (this.#context.getPhase() === 'releasing' || this.#stall.isStalled) return false
    const pieceLengthBytes = this.#link.pieceLengthBytes()
    return pieceLengthBytes > 0 && this.#windowBytes >= pieceLengthBytes && this.#affordable >= 1
  }

  /** Whole pieces that the seat still covers at the seller's price, less what waits to be paid. */
  #countAffordable(): number {
    const payer = this.#context.getPayer()
    const seller = this.#quote?.seller
    const rate =
      this.#quote && this.#quote.askPerMiB > this.#price.rate ? this.#quote.askPerMiB : this.#price.rate
    const price = priceOf(this.#link.pieceLengthBytes(), rate)
    if (!payer || !seller || price === 0n) return 0
    const left = payer.getSeatRemaining(seller) - this.#queue.getPendingAmount()
    return left <= 0n ? 0 : Number(left / price)
  }

  #bid(rate: Amount): void {
    if (this.#isBidding && this.#price.rate === rate) return
    this.#price.change(rate, this.#peakWindowBytes)
    this.#isBidding = true
    this.#send({ type: 'bid', ratePerMiB: rate })
    this.#stall.begin()
    this.#context.notify()
  }

  #stopBidding(): void {
    if (!this.#isBidding) return
    this.#isBidding = false
    this.#send({ type: 'bid', ratePerMiB: ZERO_AMOUNT })
    this.#context.notify()
  }

  /** A voucher is on the disk: send it, or keep it until its seat is acknowledged. */
  #onPaid(message: PayMessage): void {
    this.#price.onPaid(message.lengthBytes)
    if (message.pieceIndex !== null) this.#context.markPaid(this.#link.infoHash, message.pieceIndex)
    if (this.#shown.get(message.channelId) === 'ready') this.#send(message)
    else this.#unsent.push(message)
    this.review()
    this.#context.notify()
  }

  /** Both sides agree on the highest voucher; showing it also proves that we hold the signer's key. */
  #catchUp(channelId: Hex, payer: Payer): void {
    const unsent = this.#unsent.filter((message) => message.channelId === channelId)
    this.#unsent = this.#unsent.filter((message) => message.channelId !== channelId)
    for (const message of unsent) this.#send(message)
    const payee = this.#quote?.seller?.payee
    const latest = payee && unsent.length === 0 ? payer.getLatestVoucher(channelId, payee) : null
    if (!latest || latest.cumulative === 0n) return
    this.#send({
      type: 'pay',
      channelId,
      cumulative: latest.cumulative,
      signature: latest.signature,
      amount: toAmount(0n),
      lengthBytes: 0,
      pieceIndex: null,
      tipMemo: null,
    })
  }

  #move(channelId: Hex, event: ShownSeatEvent): void {
    this.#shown.set(channelId, reduceShownSeat(this.#shown.get(channelId) ?? 'presented', event))
  }

  #onSeatRefused(channelId: Hex, { code, words }: RejectMessage): void {
    this.#stopBidding()
    this.#move(channelId, 'rejected')
    this.#refusal = words
    if (!TRY_AGAIN.has(code)) return
    this.#cancelRetry?.()
    this.#cancelRetry = this.#context.clock.schedule(SEAT_RETRY_MS, () => {
      this.#cancelRetry = null
      this.#shown.delete(channelId)
      this.#refusal = null
      this.review()
    })
  }
}
