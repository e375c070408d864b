/**
 * What a buyer owes on one wire, in bytes. Blocks cross cancels and bids on the wire, so both kinds of surplus exist:
 * bytes that we sent and the buyer never used (forgiven in time), and bytes that it paid for before we counted them.
 */
export class UnpaidBytes {
  #unpaid = 0
  #forgiven = 0
  #prepaid = 0

  get unpaid(): number {
    return this.#unpaid
  }

  /** Let go of and not paid since. */
  get forgiven(): number {
    return this.#forgiven
  }

  /** A paid block went out. What was paid ahead is used up first. */
  onSent(lengthBytes: number): void {
    const prepaid = Math.min(lengthBytes, this.#prepaid)
    this.#prepaid -= prepaid
    this.#unpaid += lengthBytes - prepaid
  }

  /** Whether a payment for so many bytes makes sense: at most one window ahead of what we sent. */
  mayPay(lengthBytes: number, windowBytes: number): boolean {
    return lengthBytes <= this.#unpaid + this.#forgiven + windowBytes - this.#prepaid
  }

  /** A payment for these bytes was taken. */
  onPaid(lengthBytes: number): void {
    const settled = Math.min(lengthBytes, this.#unpaid)
    const forgiven = Math.min(lengthBytes - settled, this.#forgiven)
    this.#unpaid -= settled
    this.#forgiven -= forgiven
    this.#prepaid += lengthBytes - settled - forgiven
  }

  /** Lets go of bytes that were never used, as long as no more than `limitBytes` are forgiven in all. */
  forgive(limitBytes: number): void {
    const bytes = Math.max(0, Math.min(this.#unpaid, limitBytes - this.#forgiven))
    this.#unpaid -= bytes
    this.#forgiven += bytes
  }
}
