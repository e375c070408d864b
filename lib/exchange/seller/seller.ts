/**
 * The selling side of one wire: quotes, seats, bids, releases. Invariant: nothing is served on credit without a seat that the chain knows
 * as open. What is served is decided in serve-gate.ts, what is paid in take-payment.ts.
 */
import type { Clock, Hex } from '../../base/index.ts'
import type { Payee, PaymentReason, RejectCode } from '../../payments/index.ts'
import type { BlockClass, ExtensionLink } from '../../torrent/index.ts'
import type { Amount } from '../../units/index.ts'
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
import { type Block, ServeGate } from './serve-gate.ts'
import { PaymentIntake } from './take-payment.ts'
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

const METADATA_POLL_MS = 500

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
  readonly #gate: ServeGate
  readonly #payments: PaymentIntake
  readonly #timers = new Set<() => void>()
  #queue: Promise<void> = Promise.resolve()
  #isBidding = false
  #isClosed = false

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
    this.#gate = new ServeGate({
      isSelling: () => (context.getSelling()?.askPerMiB ?? 0n) > 0n && context.getPayee() !== null,
      credit: this.#credit,
      price: this.#price,
      free: this.#free,
      clock: context.clock,
      after: (delayMs, run) => this.#after(delayMs, run),
      wakeUploads: () => link.wakeUploads(),
    })
    this.#payments = new PaymentIntake({
      credit: this.#credit,
      price: this.#price,
      quotes: this.#quotes,
      nameTorrent: () => this.#nameTorrent(),
      reject: (code, words, channelId) => this.#reject(code, words, channelId),
      onPaidBytes: () => this.#gate.onPaid(),
    })
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
    else this.#gate.grantPending()
    this.#link.wakeUploads()
    this.#context.notify()
  }

  onPay(message: PayMessage): void {
    this.#inOrder(() => this.#takePayment(message))
  }

  onReleaseRequest(message: ReleaseRequestMessage): void {
    this.#inOrder(() => this.#answerRelease(message))
  }

  getUploadClass(): BlockClass {
    return this.#isBidding ? 'paid' : 'free'
  }

  onRequest(blockClass: BlockClass): void {
    this.#gate.onRequest(blockClass)
  }

  gate(block: Block): 'serve' | 'hold' {
    return this.#gate.decide(block)
  }

  onBlockSent(block: Block): void {
    this.#gate.onBlockSent(block)
  }

  /** Figures of this wire, or null while the peer has shown no seat. */
  getFigures(): { readonly earned: Amount; readonly paidBytes: number; readonly unpaidBytes: number } | null {
    if (this.#credit.seats.size === 0) return null
    const { paidBytes, unpaidBytes } = this.#credit
    return { earned: this.#payments.earned, paidBytes, unpaidBytes }
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#door.close()
    for (const cancel of this.#timers) cancel()
    this.#free.close()
  }

  #nameTorrent(): Pick<PaymentReason, 'infoHash' | 'torrentName'> {
    const { infoHash } = this.#link
    return { infoHash, torrentName: this.#context.torrentName(infoHash) }
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
    const account = await this.#payments.take(message)
    if (!account) return
    this.#acknowledge(account)
    this.#link.wakeUploads()
    this.#context.notify()
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
    const answer = await answerRelease(payee, message, this.#nameTorrent())
    this.#payments.addEarned(answer.added)
    if (answer.message.type === 'release' && account)
      account.credit = reduceSeatCredit(account.credit, { kind: 'released' })
    this.#send(answer.message)
    this.#context.notify()
  }
}
