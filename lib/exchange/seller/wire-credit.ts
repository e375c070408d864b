/**
 * What one wire owes its seller, and in which seat. Invariants: unpaid bytes never pass the wire's window nor what the
 * seat still covers; whatever left unpaid is counted in the seat at once, and stays counted when the wire closes.
 */
import type { Hex } from '../../base/index.ts'
import { getWindowBytes } from '../wire/credit-window.ts'
import type { SellerPrice } from './price.ts'
import { FORGIVEN_SHARE, getCreditBytes, type SeatAccount } from './seat-account.ts'
import { UnpaidBytes } from './unpaid-bytes.ts'

/** Until a voucher came on this wire, two pieces: one, and one of slack. */
const TRIAL_PIECES = 2

export class WireCredit {
  readonly #pieceLengthBytes: () => number
  readonly #price: SellerPrice
  readonly #owed = new UnpaidBytes()
  readonly #seats = new Map<Hex, SeatAccount>()
  #isProven = false
  #paidBytes = 0
  #grantedBytes = 0
  /** The seat in which this wire's exposure is counted now, and how much of it. */
  #counted: { readonly account: SeatAccount; readonly bytes: number } | null = null

  constructor(pieceLengthBytes: () => number, price: SellerPrice) {
    this.#pieceLengthBytes = pieceLengthBytes
    this.#price = price
  }

  get seats(): ReadonlyMap<Hex, SeatAccount> {
    return this.#seats
  }

  /** Paid for on this wire. */
  get paidBytes(): number {
    return this.#paidBytes
  }

  get unpaidBytes(): number {
    return this.#owed.unpaid
  }

  /** Four pieces as a rule. */
  get fullWindowBytes(): number {
    return getWindowBytes(this.#pieceLengthBytes())
  }

  admit(account: SeatAccount): void {
    this.#seats.set(account.channelId, account)
    if (!this.#counted) this.#countIn(account)
  }

  /** The peer showed the highest voucher: it holds the signer's key. */
  prove(): void {
    this.#recount(() => {
      this.#isProven = true
    })
  }

  /** What a seat's `ack` promises; 0: no credit. */
  getWindowIn(account: SeatAccount): number {
    return this.#roomIn(account) > 0 ? this.#windowBytes() : 0
  }

  /** Whether a paid block may go out now. */
  covers(lengthBytes: number): boolean {
    if (this.#owed.unpaid + lengthBytes > this.#windowBytes()) return false
    const price = this.#price.priceOfCredit(this.#owed.unpaid + lengthBytes)
    for (const account of this.#seats.values()) {
      if (this.#roomIn(account) < lengthBytes) continue
      if (account.cap - account.cumulative + account.surplus < price) continue
      this.#countIn(account)
      return true
    }
    return false
  }

  onSent(lengthBytes: number): void {
    this.#recount(() => this.#owed.onSent(lengthBytes))
  }

  /** Whether a payment for so many bytes makes sense. */
  mayPay(lengthBytes: number): boolean {
    return this.#owed.mayPay(lengthBytes, this.fullWindowBytes)
  }

  onPaid(account: SeatAccount, lengthBytes: number): void {
    this.#recount(() => this.#owed.onPaid(lengthBytes))
    this.#price.onPaid(lengthBytes)
    this.#paidBytes += lengthBytes
    account.paidBytes += lengthBytes
  }

  /** Blocks that the buyer never used fill the window: some are let go. They stay counted in the seat. */
  forgive(): void {
    this.#recount(() =>
      this.#owed.forgive(this.#pieceLengthBytes() + Math.floor(this.#paidBytes / FORGIVEN_SHARE)),
    )
  }

  /** Lets free bytes pass on the seat's credit, a window of them at most; returns how many of those wished. */
  grant(wishedBytes: number): number {
    const account = [...this.#seats.values()].find((each) => this.#roomIn(each) > 0)
    if (!account) return 0
    this.#countIn(account)
    const bytes = Math.min(wishedBytes, this.#windowBytes(), this.#roomIn(account))
    this.#recount(() => {
      this.#grantedBytes += bytes
    })
    return bytes
  }

  #windowBytes(): number {
    const full = this.fullWindowBytes
    return this.#isProven ? full : Math.min(full, TRIAL_PIECES * this.#pieceLengthBytes())
  }

  /** Bytes that may still leave unpaid in a seat, this wire's own being counted there. */
  #roomIn(account: SeatAccount): number {
    const { rate } = this.#price
    const wire = { isProven: this.#isProven, windowBytes: this.fullWindowBytes, rate }
    const elsewhereBytes = this.#counted && this.#counted.account !== account ? this.#counted.bytes : 0
    return Math.max(0, getCreditBytes(account, wire) - elsewhereBytes)
  }

  #countIn(account: SeatAccount): void {
    if (this.#counted?.account === account) return
    this.#add(-1)
    this.#counted = { account, bytes: this.#exposedBytes() }
    this.#add(1)
  }

  #recount(change: () => void): void {
    this.#add(-1)
    change()
    if (this.#counted) this.#counted = { ...this.#counted, bytes: this.#exposedBytes() }
    this.#add(1)
  }

  #exposedBytes(): number {
    return this.#owed.unpaid + this.#owed.forgiven + this.#grantedBytes
  }

  #add(sign: 1 | -1): void {
    if (!this.#counted) return
    const { account, bytes } = this.#counted
    if (this.#isProven) account.unpaidBytes += sign * bytes
    else account.trialUnpaidBytes += sign * bytes
  }
}
