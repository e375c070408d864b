/**
 * The selling side of one wire. Invariants: a voucher is persisted (by the payee) before it earns credit; unpaid bytes
 * in class 'paid' never pass the window; nothing is served on credit without a seat that the chain knows as open.
 */
import type { Clock } from '../../base/index.ts'
import { type Hex, WireError } from '../../base/index.ts'
import type { Payee, RejectCode } from '../../payments/index.ts'
import type { BlockClass, ExtensionLink } from '../../torrent/index.ts'
import { type Amount, toAmount, ZERO_AMOUNT } from '../../units/index.ts'
import type { ExchangeDomain, Greeting } from '../wire/handshake.ts'
import type {
  BidMessage,
  PayMessage,
  ReleaseRequestMessage,
  SeatMessage,
  SendMessage,
} from '../wire/message.ts'
import type { FreePool, FreeShare } from './free-pool.ts'
import { SellerPrice } from './price.ts'
import { SellerQuotes, type Selling } from './quotes.ts'
import { answerRelease } from './release-answer.ts'
import type { SeatAccount, SeatBook } from './seat-account.ts'
import { reduceSeatCredit } from './seat-credit-state.ts'
import { SeatDoor } from './seat-door.ts'
import type { RelayOpen, SeatLookups } from './seat-lookups.ts'
import type { SeatWatch } from './seat-watch.ts'
import { WireCredit } from './wire-credit.ts'

export interface SellerContext {
  getPayee(): Payee | null
  getSelling(): Selling | null
  readonly domain: ExchangeDomain
  readonly seats: SeatBook
  readonly lookups: SeatLookups
  readonly seatWatch: SeatWatch
  readonly freePool: FreePool
  readonly clock: Clock
  readonly relayOpen: RelayOpen | null
  torrentName(infoHash: string): string
  notify(): void
}

/** Blocked this long without a payment: bytes were wasted on the way, some are forgiven. */
const BLOCKED_MS = 2_000
const METADATA_POLL_MS = 500
/** A held wire is looked at again at least this often: the queue may have choked it meanwhile. */
const HELD_POLL_MS = 1_000
const BLOCK_BYTES = 16_384
/** So many in a seat may be smaller (the last piece of a torrent), and one more for each of so many paid windows. */
const MIN_SMALL_PAYMENTS = 16
const BYTES_PER_SMALL_PAYMENT = 4 * 1_048_576

export class Seller {
  readonly #context: SellerContext
  readonly #link: ExtensionLink
  readonly #send: SendMessage
  readonly #fail: (error: unknown) => void
  readonly #free: FreeShare
  readonly #price: SellerPrice
  readonly #credit: WireCredit
  readonly #quotes: SellerQuotes
  readonly #door: SeatDoor
  readonly #timers = new Set<() => void>()
  #queue: Promise<void> = Promise.resolve()
  #isBidding = false
  #isClosed = false
  #earned: Amount = ZERO_AMOUNT
  #lastPaidAtMs = 0
  #isBlocked = false
  #isPolling = false
  #freeRequests = 0
  /** Bytes that must be paid before the next grant. */
  #nextGrantAtBytes = 0

  constructor(
    context: SellerContext,
    link: ExtensionLink,
    send: SendMessage,
    fail: (error: unknown) => void,
  ) {
    this.#context = context
    this.#link = link
    this.#send = send
    this.#fail = fail
    this.#quotes = new SellerQuotes(send, () => context.getPayee())
    this.#door = new SeatDoor({
      wire: link.peerKey,
      clock: context.clock,
      seats: context.seats,
      lookups: context.lookups,
      seatWatch: context.seatWatch,
      isOver: () => this.#isClosed,
      getIdentity: () => this.#quotes.identity,
      getRelay: (cap) => (this.#mayRelay(cap) ? context.relayOpen : null),
      countAdmitted: () => this.#credit.seats.size,
      onAdmitted: (account) => {
        this.#credit.admit(account)
        this.#acknowledge(account)
        context.notify()
      },
      // Tells the buyer that credit ended, or came back.
      onCredit: (account) => this.#acknowledge(account),
      reject: (code, words, channelId) => this.#reject(code, words, channelId),
      fail,
    })
    this.#free = context.freePool.join(() => link.wakeUploads())
    this.#price = new SellerPrice(
      () => context.clock.nowMs(),
      () => 2 * this.#credit.fullWindowBytes,
    )
    this.#credit = new WireCredit(() => link.pieceLengthBytes(), this.#price)
  }

  /** The other side speaks the extension. Its key and nonce, and ours, are what quotes and proofs on this wire are bound to. */
  greet(theirs: Greeting, ourNonce: Hex): void {
    const nonces = { buyerNonce: theirs.nonce, sellerNonce: ourNonce }
    const { infoHash } = this.#link
    this.#quotes.greet(theirs.publicKey, { domain: this.#context.domain, infoHash, ...nonces })
    this.quote()
  }

  /** Tells the peer our price; called once it speaks the extension and whenever the price changes. */
  quote(): void {
    const selling = this.#context.getSelling()
    if (this.#isClosed || (!selling && this.#price.ask === null)) return
    if (this.#link.pieceLengthBytes() === 0) {
      this.#after(METADATA_POLL_MS, () => this.quote())
      return
    }
    this.#price.quote(this.#quotes.quote(selling, this.#credit.fullWindowBytes))
    this.#link.wakeUploads()
  }

  onSeat(message: SeatMessage): void {
    const { payee } = this.#quotes
    if (payee && this.#context.getSelling()) this.#door.show(payee, message)
    else this.#reject('not-open', 'we do not take money now', message.seat.channelId)
  }

  /** Takes effect at once: it divides the requests before it from those after it. */
  onBid({ ratePerMiB }: BidMessage): void {
    this.#isBidding = ratePerMiB > 0n
    if (!this.#isBidding) return
    this.#price.bid(ratePerMiB)
    if (this.#credit.seats.size === 0) this.#reject('not-open', 'a bid needs a seat first', null)
    else if (!this.#price.isBidHighEnough()) this.#reject('below-ask', 'the bid is below our price', null)
    else this.#grantPending()
    this.#link.wakeUploads()
    this.#context.notify()
  }

  onPay(message: PayMessage): void {
    this.#inOrder(() => this.#takePayment(message))
  }

  onReleaseRequest(message: ReleaseRequestMessage): void {
    this.#inOrder(() => this.#answerRelease(message))
  }

  classifyUpload(): BlockClass {
    if (this.#isBidding) return 'paid'
    this.#freeRequests += 1
    return 'free'
  }

  gate(block: { readonly blockClass: BlockClass; readonly lengthBytes: number }): 'serve' | 'hold' {
    const verdict = this.#decide(block)
    if (verdict === 'hold' && !this.#isPolling) {
      this.#isPolling = true
      this.#after(HELD_POLL_MS, () => {
        this.#isPolling = false
        this.#link.wakeUploads()
      })
    }
    return verdict
  }

  #decide(block: { readonly blockClass: BlockClass; readonly lengthBytes: number }): 'serve' | 'hold' {
    const selling = this.#context.getSelling()
    if (!selling || selling.askPerMiB === 0n || !this.#context.getPayee()) return 'serve'
    if (block.blockClass === 'free') return this.#free.decide(block.lengthBytes)
    if (!this.#price.isBidHighEnough()) return 'hold'
    if (this.#credit.covers(block.lengthBytes)) return 'serve'
    // Blocks that the buyer never used fill the window, or what is left of the seat, until they are forgiven.
    if (!this.#isBlocked && this.#credit.unpaidBytes > 0) {
      this.#isBlocked = true
      this.#after(BLOCKED_MS, () => this.#forgive())
    }
    return 'hold'
  }

  onBlockSent(block: { readonly blockClass: BlockClass; readonly lengthBytes: number }): void {
    if (block.blockClass === 'paid') this.#credit.onSent(block.lengthBytes)
    else {
      this.#freeRequests = Math.max(0, this.#freeRequests - 1)
      this.#free.onSent(block.lengthBytes)
    }
  }

  /** Figures of this wire, or null while the peer has shown no seat. */
  getFigures(): { readonly earned: Amount; readonly paidBytes: number; readonly unpaidBytes: number } | null {
    if (this.#credit.seats.size === 0) return null
    const { paidBytes, unpaidBytes } = this.#credit
    return { earned: this.#earned, paidBytes, unpaidBytes }
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#door.close()
    for (const cancel of this.#timers) cancel()
    this.#free.close()
  }

  #inOrder(step: () => Promise<void>): void {
    this.#queue = this.#queue.then(step).catch(this.#fail)
  }

  #after(delayMs: number, run: () => void): void {
    const cancel = this.#context.clock.schedule(delayMs, () => {
      this.#timers.delete(cancel)
      if (!this.#isClosed) run()
    })
    this.#timers.add(cancel)
  }

  /** Requests made before the bid are free and would fill the buyer's pipeline: they are let through, at most a window. */
  #grantPending(): void {
    const { paidBytes, fullWindowBytes } = this.#credit
    if (paidBytes < this.#nextGrantAtBytes) return
    this.#free.grant(this.#credit.grant(this.#freeRequests * BLOCK_BYTES))
    this.#freeRequests = 0
    this.#nextGrantAtBytes = paidBytes + 2 * fullWindowBytes
  }

  #mayRelay(cap: Amount): boolean {
    const relayFrom = this.#context.getSelling()?.relayFrom ?? null
    return relayFrom !== null && cap >= relayFrom
  }

  #acknowledge(account: SeatAccount): void {
    this.#send({
      type: 'ack',
      channelId: account.channelId,
      cumulative: account.cumulative,
      paidBytes: this.#credit.paidBytes,
      windowBytes: this.#credit.getWindowIn(account),
    })
  }

  #reject(code: RejectCode, words: string, channelId: PayMessage['channelId'] | null): void {
    if (!this.#isClosed) this.#send({ type: 'reject', code, words, channelId })
  }

  async #takePayment(message: PayMessage): Promise<void> {
    const payee = this.#quotes.payee
    const account = this.#credit.seats.get(message.channelId)
    if (!payee || !account) return this.#reject('not-open', 'no such seat on this wire', message.channelId)
    if (!this.#credit.mayPay(message.lengthBytes)) {
      throw new WireError('bytes-not-served', 'it pays for far more bytes than we sent')
    }
    if (!this.#isWorthTaking(message, account))
      return this.#reject('too-small', 'a voucher adds at least the price of a block', message.channelId)
    const isTip = message.tipMemo !== null
    const verdict = await payee.acceptVoucher(
      {
        channelId: message.channelId,
        payee: payee.payee,
        cumulative: message.cumulative,
        signature: message.signature,
      },
      {
        infoHash: this.#link.infoHash,
        torrentName: this.#context.torrentName(this.#link.infoHash),
        pieceIndex: isTip ? null : message.pieceIndex,
        lengthBytes: message.lengthBytes,
        memo: message.tipMemo,
      },
    )
    if (verdict.status === 'refused' && verdict.code === 'bad-signature') {
      throw new WireError('bad-signature', 'the voucher is not signed by the channel’s signer')
    }
    if (verdict.status === 'refused' && verdict.code !== 'stale') {
      return this.#reject(verdict.code, 'this voucher was refused', message.channelId)
    }
    if (verdict.status === 'accepted') {
      account.surplus = toAmount(account.surplus + verdict.delta)
      this.#earned = toAmount(this.#earned + verdict.delta)
    }
    if (verdict.cumulative > account.cumulative) account.cumulative = verdict.cumulative
    if (message.cumulative >= verdict.cumulative) this.#credit.prove()
    this.#match(message, account, isTip)
    this.#acknowledge(account)
    this.#link.wakeUploads()
    this.#context.notify()
  }

  /** Each voucher costs us a check and a write: a few may be smaller than the least step, no more. */
  #isWorthTaking({ cumulative }: PayMessage, account: SeatAccount): boolean {
    const rise = cumulative - account.cumulative
    if (rise <= 0n || rise >= this.#quotes.step) return true
    account.smallPayments += 1
    const most = MIN_SMALL_PAYMENTS + Math.floor(account.paidBytes / BYTES_PER_SMALL_PAYMENT)
    return account.smallPayments <= most
  }

  /** Matches what came in with the bytes or the tip that it was for. */
  #match(message: PayMessage, account: SeatAccount, isTip: boolean): void {
    const price = isTip ? ZERO_AMOUNT : this.#price.priceOf(message.lengthBytes)
    if (message.amount < price || account.surplus < message.amount) {
      this.#reject('underpaid', 'the payment is below the price of its bytes', message.channelId)
      return
    }
    account.surplus = toAmount(account.surplus - message.amount)
    if (isTip || message.lengthBytes === 0) return
    this.#credit.onPaid(account, message.lengthBytes)
    this.#lastPaidAtMs = this.#context.clock.nowMs()
  }

  #forgive(): void {
    this.#isBlocked = false
    const isPaying = this.#context.clock.nowMs() - this.#lastPaidAtMs < BLOCKED_MS
    if (!isPaying) this.#credit.forgive()
    this.#link.wakeUploads()
  }

  async #answerRelease(message: ReleaseRequestMessage): Promise<void> {
    const payee = this.#quotes.payee
    const { channelId } = message
    if (!payee) {
      this.#reject('not-open', 'we do not take money now', channelId)
      return
    }
    const seat = payee.getSeat(channelId)
    if (!seat) return this.#reject('not-open', 'we know no such seat', channelId)
    this.#door.demandProof(payee, seat, message.proof, 'release')
    const account = this.#context.seats.get(channelId)
    const answer = await answerRelease(payee, message, {
      infoHash: this.#link.infoHash,
      torrentName: this.#context.torrentName(this.#link.infoHash),
    })
    this.#earned = toAmount(this.#earned + answer.added)
    if (answer.message.type === 'release' && account)
      account.credit = reduceSeatCredit(account.credit, { kind: 'released' })
    this.#send(answer.message)
    this.#context.notify()
  }
}
