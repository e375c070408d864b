/**
 * Which blocks of one wire go out. Invariants: unpaid bytes in class 'paid' never pass the window; a free block costs a free token;
 * what a buyer never used is forgiven slowly, so that bytes lost on the way do not hold its wire for ever.
 */
import type { Clock } from '../../base/index.ts'
import type { BlockClass } from '../../torrent/index.ts'
import { BLOCK_BYTES } from '../../units/index.ts'
import type { FreeShare } from './free-pool.ts'
import type { SellerPrice } from './price.ts'
import type { WireCredit } from './wire-credit.ts'

/** Blocked this long without a payment: bytes were wasted on the way, some are forgiven. */
const BLOCKED_MS = 2_000
/** A held wire is looked at again at least this often: the queue may have choked it meanwhile. */
const HELD_POLL_MS = 1_000

export interface Block {
  readonly blockClass: BlockClass
  readonly lengthBytes: number
}

export interface ServeGateOptions {
  /** Whether money is asked for at all; if not, everything is served. */
  readonly isSelling: () => boolean
  readonly credit: WireCredit
  readonly price: SellerPrice
  readonly free: FreeShare
  readonly clock: Clock
  /** Runs once after a delay, while the wire lives. */
  readonly after: (delayMs: number, run: () => void) => void
  readonly wakeUploads: () => void
}

export class ServeGate {
  readonly #options: ServeGateOptions
  #lastPaidAtMs = 0
  #isBlocked = false
  #isPolling = false
  /** Free requests that wait. */
  #freeRequests = 0
  /** Bytes that must be paid before the next grant. */
  #nextGrantAtBytes = 0

  constructor(options: ServeGateOptions) {
    this.#options = options
  }

  onRequest(blockClass: BlockClass): void {
    if (blockClass === 'free') this.#freeRequests += 1
  }

  decide(block: Block): 'serve' | 'hold' {
    const verdict = this.#weigh(block)
    if (verdict === 'hold' && !this.#isPolling) {
      this.#isPolling = true
      this.#options.after(HELD_POLL_MS, () => {
        this.#isPolling = false
        this.#options.wakeUploads()
      })
    }
    return verdict
  }

  onBlockSent({ blockClass, lengthBytes }: Block): void {
    const { credit, free } = this.#options
    if (blockClass === 'paid') credit.onSent(lengthBytes)
    else {
      this.#freeRequests = Math.max(0, this.#freeRequests - 1)
      free.onSent(lengthBytes)
    }
  }

  /** A payment for bytes came. */
  onPaid(): void {
    this.#lastPaidAtMs = this.#options.clock.nowMs()
  }

  /** Requests made before the bid are free and would fill the buyer's pipeline: they are let through, at most a window. */
  grantPending(): void {
    const { credit, free } = this.#options
    const { paidBytes, fullWindowBytes } = credit
    if (paidBytes < this.#nextGrantAtBytes) return
    free.grant(credit.grant(this.#freeRequests * BLOCK_BYTES))
    this.#freeRequests = 0
    this.#nextGrantAtBytes = paidBytes + 2 * fullWindowBytes
  }

  #weigh({ blockClass, lengthBytes }: Block): 'serve' | 'hold' {
    const { isSelling, credit, price, free, after } = this.#options
    if (!isSelling()) return 'serve'
    if (blockClass === 'free') return free.decide(lengthBytes)
    if (!price.isBidHighEnough()) return 'hold'
    if (credit.covers(lengthBytes)) return 'serve'
    // Blocks that the buyer never used fill the window, or what is left of the seat, until they are forgiven.
    if (!this.#isBlocked && credit.unpaidBytes > 0) {
      this.#isBlocked = true
      after(BLOCKED_MS, () => this.#forgive())
    }
    return 'hold'
  }

  #forgive(): void {
    const { clock, credit, wakeUploads } = this.#options
    this.#isBlocked = false
    const isPaying = clock.nowMs() - this.#lastPaidAtMs < BLOCKED_MS
    if (!isPaying) credit.forgive()
    wakeUploads()
  }
}
