/**
 * The rate that a verified piece is paid at. A new bid never raises the price of pieces under way: each lower rate that
 * a bid replaced still holds for the first bytes paid after it. Buyer and seller run the same rule on the same order.
 */
import { type Amount, priceOf, ZERO_AMOUNT } from '../../units/index.ts'

/** A rate that was replaced, and for how many more bytes it holds. A later change never lengthens it. */
interface Tier {
  readonly rate: Amount
  readonly graceBytes: number
}

/** More changes than this within a window are nobody's pieces under way. */
const MAX_TIERS = 16

export class PriceSchedule {
  #rate: Amount = ZERO_AMOUNT
  #tiers: readonly Tier[] = []

  /** The rate of the latest bid. */
  get rate(): Amount {
    return this.#rate
  }

  /** Takes a new positive rate; `graceBytes` of payments may still go at the one before, if that was lower. */
  change(rate: Amount, graceBytes: number): void {
    if (rate === this.#rate) return
    if (this.#rate > 0n) {
      const replaced = { rate: this.#rate, graceBytes }
      const kept = this.#tiers.filter((tier) => tier.rate < replaced.rate || tier.graceBytes > graceBytes)
      this.#tiers = [...kept, replaced].slice(-MAX_TIERS)
    }
    this.#rate = rate
  }

  /** Price of verified bytes now. Rounds up to the base unit, in the seller's favour. */
  priceOf(lengthBytes: number): Amount {
    let lowest = this.#rate
    for (const { rate } of this.#tiers) if (rate < lowest) lowest = rate
    return priceOf(lengthBytes, lowest)
  }

  /** Bytes were paid: uses up the grace. */
  onPaid(lengthBytes: number): void {
    this.#tiers = this.#tiers
      .map(({ rate, graceBytes }) => ({ rate, graceBytes: graceBytes - lengthBytes }))
      .filter(({ graceBytes }) => graceBytes > 0)
  }
}
