/** The seats that one wire's seller was shown. Invariant: a voucher leaves in no seat that the seller did not acknowledge. */
import type { Clock, Hex } from '../../base/index.ts'
import type { SignedVoucher } from '../../channels/index.ts'
import type { OfferedSeat } from '../../payments/index.ts'
import { ZERO_AMOUNT } from '../../units/index.ts'
import type { PayMessage, RejectMessage, SendMessage } from '../wire/message.ts'
import { reduceShownSeat, type ShownSeat, type ShownSeatEvent } from './shown-seat-state.ts'

/** A seat that the seller could not see on the chain is shown again after this long. */
const SEAT_RETRY_MS = 15_000
/** After these a seat may be shown again: nothing is wrong with it. */
const TRY_AGAIN: ReadonlySet<string> = new Set(['not-open', 'chain-unreachable', 'busy'])

export interface ShownSeatsOptions {
  readonly clock: Clock
  readonly send: SendMessage
  readonly fail: (error: unknown) => void
  /** Claims a seat on this wire; null where nobody answers for it. */
  readonly prove: (channelId: Hex) => Promise<Hex | null>
  /** A seat that was rejected may be shown again. */
  readonly onRetry: () => void
}

export class ShownSeats {
  readonly #options: ShownSeatsOptions
  readonly #seats = new Map<Hex, ShownSeat>()
  /** Vouchers on disk whose seat the seller has not acknowledged yet. */
  #unsent: PayMessage[] = []
  #cancelRetry: (() => void) | null = null
  #isClosed = false

  constructor(options: ShownSeatsOptions) {
    this.#options = options
  }

  /** null: not shown yet. */
  get(channelId: Hex): ShownSeat | null {
    return this.#seats.get(channelId) ?? null
  }

  hasAny(state: ShownSeat): boolean {
    return [...this.#seats.values()].includes(state)
  }

  present(seat: OfferedSeat): void {
    const { channelId } = seat
    this.#seats.set(channelId, 'presented')
    this.#options
      .prove(channelId)
      .then((proof) => {
        const isStill = !this.#isClosed && this.#seats.get(channelId) === 'presented'
        if (proof && isStill) this.#options.send({ type: 'seat', seat, proof })
      })
      .catch(this.#options.fail)
  }

  move(channelId: Hex, event: ShownSeatEvent): void {
    this.#seats.set(channelId, reduceShownSeat(this.#seats.get(channelId) ?? 'presented', event))
  }

  /** The seller rejected a seat: it is shown again later where nothing is wrong with it. */
  reject(channelId: Hex, code: RejectMessage['code']): void {
    this.move(channelId, 'rejected')
    if (!TRY_AGAIN.has(code)) return
    this.#cancelRetry?.()
    this.#cancelRetry = this.#options.clock.schedule(SEAT_RETRY_MS, () => {
      this.#cancelRetry = null
      this.#seats.delete(channelId)
      this.#options.onRetry()
    })
  }

  /** A voucher is on the disk: sends it, or keeps it until its seat is acknowledged. */
  pay(message: PayMessage): void {
    if (this.#seats.get(message.channelId) === 'ready') this.#options.send(message)
    else this.#unsent.push(message)
  }

  /** Both sides agree on the highest voucher; showing it also proves that we hold the signer's key. */
  catchUp(channelId: Hex, latest: SignedVoucher | null): void {
    const unsent = this.#unsent.filter((message) => message.channelId === channelId)
    this.#unsent = this.#unsent.filter((message) => message.channelId !== channelId)
    for (const message of unsent) this.#options.send(message)
    if (unsent.length > 0 || !latest || latest.cumulative === 0n) return
    this.#options.send({
      type: 'pay',
      channelId,
      cumulative: latest.cumulative,
      signature: latest.signature,
      amount: ZERO_AMOUNT,
      lengthBytes: 0,
      pieceIndex: null,
      tipMemo: null,
    })
  }

  close(): void {
    this.#isClosed = true
    this.#cancelRetry?.()
  }
}
