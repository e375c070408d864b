/**
 * The rate that a verified piece is paid at. A new bid never raises the price of pieces under way: for the first window
 * of bytes paid after a change the lower of both rates holds. Buyer and seller run the same rule on the same order.
 */
import { type Amount, priceOf, ZERO_AMOUNT } from '../units/index.ts'

export class PriceSchedule {
  #rate: Amount = ZERO_AMOUNT
  #previous: Amount = ZERO_AMOUNT
  #graceBytes = 0

  /** The rate of the latest bid. */
  get rate(): Amount {
    return this.#rate
  }

  /** Takes a new positive rate; `graceBytes` of payments may still go at the lower one. */
  change(rate: Amount, graceBytes: number): void {
    if (rate === this.#rate) return
    this.#previous = this.#rate
    this.#graceBytes = this.#previous === ZERO_AMOUNT ? 0 : graceBytes
    this.#rate = rate
  }

  /** Price of verified bytes now. Rounds up to the base unit, in the seller's favour. */
  priceOf(lengthBytes: number): Amount {
    const isGrace = this.#graceBytes > 0 && this.#previous < this.#rate
    return priceOf(lengthBytes, isGrace ? this.#previous : this.#rate)
  }

  /** Bytes were paid: uses up the grace. */
  onPaid(lengthBytes: number): void {
    this.#graceBytes = Math.max(0, this.#graceBytes - lengthBytes)
  }
}
