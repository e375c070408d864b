/**
 * The selling side of one wire. Invariants: a voucher is persisted (by the payee) before it earns credit; unpaid bytes
 * in class 'paid' never pass the window; nothing is served on credit without a seat that the chain knows as open.
 */
import type { Clock } from '../payments/clock.ts'
import type { Payee, RejectCode } from '../payments/ports.ts'
import type { BlockClass, ExtensionLink } from '../torrent/wire-extension.ts'
import type { Address } from '../tron/index.ts'
import { type Amount, type Hex, toAmount, WireError, ZERO_AMOUNT } from '../units/index.ts'
import type { FreePool, FreeShare } from './free-pool.ts'
import type { BidMessage, PayMessage, ReleaseRequestMessage, SeatMessage, SendMessage } from './message.ts'
import { answerRelease } from './release-answer.ts'
import type { SeatAccount, SeatBook } from './seat-account.ts'
import { checkSeat, type RelayOpen } from './seat-check.ts'
import { reduceSeatCredit, type SeatCreditEvent } from './seat-credit-state.ts'
import { SellerPrice } from './seller-price.ts'
import { WireCredit } from './wire-credit.ts'

/** What we sell at; null where nothing is sold. */
export interface Selling {
  readonly askPerMiB: Amount
  readonly freeAllowanceBytes: number
  readonly freeBytesPerSec: number
  /** The least seat whose channel we open at our own expense; null: we open none. */
  readonly relayFrom: Amount | null
}

export interface SellerContext {
  getPayee(): Payee | null
  getSelling(): Selling | null
  readonly seats: SeatBook
  readonly freePool: FreePool
  readonly clock: Clock
  readonly relayOpen: RelayOpen | null
  torrentName(infoHash: string): string
  notify(): void
}

/** DESIGN 4.3: the chain is asked again this often while we serve on credit. */
const RECHECK_MS = 60_000
/** Blocked this long without a payment: bytes were wasted on the way, some are forgiven. */
const BLOCKED_MS = 2_000
const METADATA_POLL_MS = 500
/** A held wire is looked at again at least this often: the queue may have choked it meanwhile. */
const HELD_POLL_MS = 1_000
const BLOCK_BYTES = 16_384
/** Known ones and those being looked up. */
const MAX_SEATS_PER_WIRE = 16

export class SellerSession {
  readonly #context: SellerContext
  readonly #link: ExtensionLink
  readonly #send: SendMessage
  readonly #fail: (error: unknown) => void
  readonly #free: FreeShare
  readonly #price: SellerPrice
  readonly #credit: WireCredit
  /** Channels whose seats are being looked up. */
  readonly #checking = new Set<Hex>()
  readonly #timers = new Set<() => void>()
  #queue: Promise<void> = Promise.resolve()
  #quotedPayee: Address | null = null
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
    this.#free = context.freePool.join(() => link.wakeUploads())
    this.#price = new SellerPrice(
      () => context.clock.nowMs(),
      () => 2 * this.#credit.fullWindowBytes,
    )
    this.#credit = new WireCredit(() => link.pieceLengthBytes(), this.#price)
  }

  /** Tells the peer our price; called once it speaks the extension and whenever the price changes. */
  quote(): void {
    if (this.#isClosed) return
    const selling = this.#context.getSelling()
    const payee = this.#payee()
    if (!selling && this.#price.ask === null) return
    const pieceLengthBytes = this.#link.pieceLengthBytes()
    if (pieceLengthBytes === 0) {
      this.#after(METADATA_POLL_MS, () => this.quote())
      return
    }
    const ask = selling && payee ? selling.askPerMiB : ZERO_AMOUNT
    if (selling && payee) this.#quotedPayee = payee.payee
    this.#price.quote(ask)
    this.#send({
      type: 'quote',
      askPerMiB: ask,
      windowBytes: this.#credit.fullWindowBytes,
      freeAllowanceBytes: selling?.freeAllowanceBytes ?? 0,
      relayFrom: selling?.relayFrom ?? null,
      seller: selling && payee ? { payee: payee.payee, delegate: payee.delegate } : null,
    })
    this.#link.wakeUploads()
  }

  onSeat({ seat }: SeatMessage): void {
    const payee = this.#payee()
    const { channelId } = seat
    if (!payee || !this.#context.getSelling()) {
      this.#reject('not-open', 'we do not take money now', channelId)
      return
    }
    if (seat.leaf.payee !== payee.payee) {
      this.#reject('wrong-payee', 'this seat is not ours', channelId)
      return
    }
    if (this.#checking.has(channelId)) return
    if (this.#credit.seats.size + this.#checking.size >= MAX_SEATS_PER_WIRE) {
      throw new WireError('flood', 'too many seats on one wire')
    }
    this.#checking.add(channelId)
    const check = checkSeat({
      payee,
      seat,
      clock: this.#context.clock,
      relayOpen: this.#mayRelay(seat.leaf.cap) ? this.#context.relayOpen : null,
      isOver: () => this.#isClosed,
    })
    check.then((verdict) => {
      this.#checking.delete(channelId)
      if (this.#isClosed || verdict === null) return
      if (verdict.status === 'refused') return this.#reject(verdict.code, 'this seat was refused', channelId)
      const atMs = this.#context.clock.nowMs()
      const account = this.#context.seats.admit(channelId, seat.leaf.cap, verdict.cumulative, atMs)
      moveCredit(account, { kind: 'openSeen', atMs })
      if (account.credit.status !== 'open') {
        this.#reject('closing', 'this seat is closed', channelId)
        return
      }
      if (this.#credit.seats.size === 0) this.#after(RECHECK_MS, () => this.#recheckSoon())
      this.#credit.admit(account)
      this.#acknowledge(account)
      this.#context.notify()
    }, this.#fail)
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

  /** The account that this wire was told of: another one cannot take its money. */
  #payee(): Payee | null {
    const payee = this.#context.getPayee()
    return this.#quotedPayee === null || payee?.payee === this.#quotedPayee ? payee : null
  }

  /** Requests made before the bid are free and would fill the buyer's pipeline: they are let through, at most a window. */
  #grantPending(): void {
    const { paidBytes, fullWindowBytes } = this.#credit
    if (paidBytes < this.#nextGrantAtBytes) return
    this.#free.grant(this.#credit.grant(Math.min(fullWindowBytes, this.#freeRequests * BLOCK_BYTES)))
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
    const payee = this.#payee()
    const account = this.#credit.seats.get(message.channelId)
    if (!payee || !account) return this.#reject('not-open', 'no such seat on this wire', message.channelId)
    if (!this.#credit.mayPay(message.lengthBytes)) {
      throw new WireError('bytes-not-served', 'it pays for far more bytes than we sent')
    }
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
    const payee = this.#payee()
    const { channelId } = message
    if (!payee) {
      this.#reject('not-open', 'we do not take money now', channelId)
      return
    }
    const account = this.#context.seats.get(channelId)
    const answer = await answerRelease(payee, message, {
      infoHash: this.#link.infoHash,
      torrentName: this.#context.torrentName(this.#link.infoHash),
      isUnusedSeat: this.#credit.seats.has(channelId) && account?.cumulative === 0n,
    })
    this.#earned = toAmount(this.#earned + answer.added)
    if (answer.message.type === 'release' && account) moveCredit(account, { kind: 'released' })
    this.#send(answer.message)
    this.#context.notify()
  }

  #recheckSoon(): void {
    this.#recheck().then(() => {
      if (!this.#isClosed) this.#after(RECHECK_MS, () => this.#recheckSoon())
    }, this.#fail)
  }

  async #recheck(): Promise<void> {
    const payee = this.#payee()
    for (const account of this.#credit.seats.values()) {
      const before = account.credit.status
      if (!payee || (before !== 'open' && before !== 'doubtful')) continue
      const verdict = await payee.recheckSeat(account.channelId)
      const atMs = this.#context.clock.nowMs()
      const isRefused = verdict.status === 'refused' && verdict.code !== 'chain-unreachable'
      if (isRefused) {
        // One that the chain does not know any more may be taken into another block; one that closes never opens again.
        moveCredit(account, { kind: verdict.code === 'not-open' ? 'goneSeen' : 'closeSeen' })
        if (account.credit.status !== before)
          this.#reject(verdict.code, 'the channel is no longer open', account.channelId)
        continue
      }
      moveCredit(account, { kind: verdict.status === 'accepted' ? 'openSeen' : 'nothingSeen', atMs })
      // Tells the buyer that credit ended, or came back.
      if (account.credit.status !== before) this.#acknowledge(account)
    }
  }
}

function moveCredit(account: SeatAccount, event: SeatCreditEvent): void {
  account.credit = reduceSeatCredit(account.credit, event)
}
