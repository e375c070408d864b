/**
 * Vouchers that come in over one wire. Invariant: a voucher is persisted (by the payee) before it earns credit; what came in is matched
 * once with the bytes or the tip that it was for.
 */
import { WireError } from '../../base/index.ts'
import type { PaymentReason, RejectCode } from '../../payments/index.ts'
import { type Amount, toAmount, ZERO_AMOUNT } from '../../units/index.ts'
import type { PayMessage } from '../wire/message.ts'
import type { SellerPrice } from './price.ts'
import type { SellerQuotes } from './quotes.ts'
import type { SeatAccount } from './seat-account.ts'
import type { WireCredit } from './wire-credit.ts'

/** So many in a seat may be smaller (the last piece of a torrent), and one more for each of so many paid windows. */
const MIN_SMALL_PAYMENTS = 16
const BYTES_PER_SMALL_PAYMENT = 4 * 1_048_576

export interface PaymentIntakeOptions {
  readonly credit: WireCredit
  readonly price: SellerPrice
  readonly quotes: SellerQuotes
  /** Of the torrent that this wire is for. */
  readonly nameTorrent: () => Pick<PaymentReason, 'infoHash' | 'torrentName'>
  readonly reject: (code: RejectCode, words: string, channelId: PayMessage['channelId'] | null) => void
  /** Bytes were paid for. */
  readonly onPaidBytes: () => void
}

export class PaymentIntake {
  readonly #options: PaymentIntakeOptions
  #earned: Amount = ZERO_AMOUNT

  constructor(options: PaymentIntakeOptions) {
    this.#options = options
  }

  /** What this wire brought, in vouchers and in releases above them. */
  get earned(): Amount {
    return this.#earned
  }

  addEarned(amount: Amount): void {
    this.#earned = toAmount(this.#earned + amount)
  }

  /** The seat that now stands higher, or null where the voucher was rejected. Throws WireError on what no honest buyer sends. */
  async take(message: PayMessage): Promise<SeatAccount | null> {
    const { credit, quotes, nameTorrent } = this.#options
    const { payee } = quotes
    const { channelId, cumulative, signature, lengthBytes } = message
    const account = credit.seats.get(channelId)
    if (!payee || !account) return this.#reject('not-open', 'no such seat on this wire', channelId)
    if (!credit.mayPay(lengthBytes))
      throw new WireError('bytes-not-served', 'it pays for far more bytes than we sent')
    if (!this.#isWorthTaking(message, account))
      return this.#reject('too-small', 'a voucher adds at least the price of a block', channelId)
    const isTip = message.tipMemo !== null
    const verdict = await payee.acceptVoucher(
      { channelId, payee: payee.payee, cumulative, signature },
      { ...nameTorrent(), pieceIndex: isTip ? null : message.pieceIndex, lengthBytes, memo: message.tipMemo },
    )
    if (verdict.status === 'refused' && verdict.code === 'bad-signature')
      throw new WireError('bad-signature', 'the voucher is not signed by the channel’s signer')
    if (verdict.status === 'refused' && verdict.code !== 'stale')
      return this.#reject(verdict.code, 'this voucher was refused', channelId)
    if (verdict.status === 'accepted') {
      account.surplus = toAmount(account.surplus + verdict.delta)
      this.addEarned(verdict.delta)
    }
    if (verdict.cumulative > account.cumulative) account.cumulative = verdict.cumulative
    if (cumulative >= verdict.cumulative) credit.prove()
    this.#match(message, account, isTip)
    return account
  }

  #reject(code: RejectCode, words: string, channelId: PayMessage['channelId']): null {
    this.#options.reject(code, words, channelId)
    return null
  }

  /** Each voucher costs us a check and a write: a few may be smaller than the least step, no more. */
  #isWorthTaking({ cumulative }: PayMessage, account: SeatAccount): boolean {
    const rise = cumulative - account.cumulative
    if (rise <= 0n || rise >= this.#options.quotes.step) return true
    account.smallPayments += 1
    const most = MIN_SMALL_PAYMENTS + Math.floor(account.paidBytes / BYTES_PER_SMALL_PAYMENT)
    return account.smallPayments <= most
  }

  /** Matches what came in with the bytes or the tip that it was for. */
  #match(message: PayMessage, account: SeatAccount, isTip: boolean): void {
    const { credit, price, onPaidBytes } = this.#options
    const due = isTip ? ZERO_AMOUNT : price.priceOf(message.lengthBytes)
    if (message.amount < due || account.surplus < message.amount) {
      this.#reject('underpaid', 'the payment is below the price of its bytes', message.channelId)
      return
    }
    account.surplus = toAmount(account.surplus - message.amount)
    if (isTip || message.lengthBytes === 0) return
    credit.onPaid(account, message.lengthBytes)
    onPaidBytes()
  }
}
