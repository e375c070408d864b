/**
 * What a seller charges on one wire: its ask, the one before for a while, and the bid that answers it. Invariant: a bid
 * that is too low sets no price, so it cannot be bid first to make what follows cheap; bytes never cost less than was asked.
 */
import { type Amount, priceOf, ZERO_AMOUNT } from '../../units/index.ts'
import { PriceSchedule } from '../wire/price-schedule.ts'

/** A bid at the ask of before is honoured this long after a new quote went out. */
const ASK_GRACE_MS = 10_000

export class SellerPrice {
  readonly #nowMs: () => number
  readonly #graceBytes: () => number
  readonly #schedule = new PriceSchedule()
  #ask: Amount | null = null
  #previousAsk: Amount = ZERO_AMOUNT
  #quotedAtMs = 0
  #bid: Amount = ZERO_AMOUNT

  /** `graceBytes`: for how many bytes a lower rate still holds after a dearer bid. */
  constructor(nowMs: () => number, graceBytes: () => number) {
    this.#nowMs = nowMs
    this.#graceBytes = graceBytes
  }

  /** What was quoted last; null before the first quote. */
  get ask(): Amount | null {
    return this.#ask
  }

  /** The dearer of bid and ask: what money without its bytes is counted at. */
  get rate(): Amount {
    const ask = this.#ask ?? ZERO_AMOUNT
    if (this.#bid > ask) return this.#bid
    return ask
  }

  quote(ask: Amount): void {
    this.#previousAsk = this.#ask ?? ask
    this.#ask = ask
    this.#quotedAtMs = this.#nowMs()
    this.#adopt()
  }

  /** Takes a positive bid. */
  bid(rate: Amount): void {
    this.#bid = rate
    this.#adopt()
  }

  isBidHighEnough(): boolean {
    return this.#bid >= this.#lowestAsk()
  }

  /** Price of verified bytes now. Rounds up, for the seller. */
  priceOf(lengthBytes: number): Amount {
    // Before any good bid nothing was sold: what is paid ahead is worth the ask.
    return this.#schedule.rate > 0n
      ? this.#schedule.priceOf(lengthBytes)
      : priceOf(lengthBytes, this.#lowestAsk())
  }

  /** Price of bytes that would stand unpaid, at the bid. Rounds up. */
  priceOfCredit(lengthBytes: number): Amount {
    return priceOf(lengthBytes, this.#bid)
  }

  onPaid(lengthBytes: number): void {
    this.#schedule.onPaid(lengthBytes)
  }

  #lowestAsk(): Amount {
    const ask = this.#ask ?? ZERO_AMOUNT
    const isGrace = this.#nowMs() - this.#quotedAtMs < ASK_GRACE_MS
    return isGrace && this.#previousAsk < ask ? this.#previousAsk : ask
  }

  #adopt(): void {
    if (this.#bid > 0n && this.isBidHighEnough()) this.#schedule.change(this.#bid, this.#graceBytes())
  }
}
