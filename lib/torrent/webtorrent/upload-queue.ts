/**
 * The requests of one wire, answered in order. Invariant: each accepted request ends in exactly one of a piece, a
 * reject (fast extension, BEP 6) or silence (no fast extension, after a choke); a cancelled one is never read.
 */

import { WireError } from '../../base/index.ts'
import { BLOCK_BYTES } from '../../units/index.ts'
import type { BlockClass, ExtensionWire } from '../wire-extension.ts'
import type { RateLimit } from './rate-limit.ts'

/** Announced as `reqq` (BEP 10); requests above it are refused one by one. */
export const MAX_QUEUED_REQUESTS = 512
/** So many refused requests in excess are no misunderstanding. */
const MAX_EXCESS_REQUESTS = 4_096
/** Below the 30 s after which a stock peer gives the wire up. */
const MAX_HOLD_MS = 15_000
/** Bytes handed to the wire and not yet on their way: little, so that a cancel still finds its request here. */
const MAX_BUFFERED_BYTES = 1 << 18
const RECHECK_MS = 250

interface UploadWire {
  readonly hasFast: boolean
  readonly destroyed: boolean
  readonly peerInterested: boolean
  piece(index: number, offset: number, block: Uint8Array): void
  reject(index: number, offset: number, length: number): void
  choke(): void
  unchoke(): void
  readonly _readableState: { readonly buffered: number }
}

export interface UploadQueueOptions {
  readonly wire: UploadWire
  readonly session: Pick<ExtensionWire, 'getUploadClass' | 'onRequest' | 'gate' | 'onBlockSent'>
  readonly limit: RateLimit
  /** 'absent': we do not have it; 'invalid': no such block. */
  readonly inspect: (index: number, offset: number, length: number) => 'present' | 'absent' | 'invalid'
  readonly read: (index: number, offset: number, length: number) => Promise<Uint8Array>
  readonly onOffence: (error: WireError) => void
  /** BEP 6 answers a cancel with a reject. Stock webtorrent neither does nor expects it. */
  readonly answersCancels: () => boolean
  readonly maxHoldMs?: number
}

interface QueuedRequest {
  readonly index: number
  readonly offset: number
  readonly length: number
  readonly blockClass: BlockClass
  readonly arrivedAtMs: number
  isCancelled: boolean
}

export class UploadQueue {
  private readonly options: UploadQueueOptions
  private queue: QueuedRequest[] = []
  private reading: QueuedRequest | null = null
  private isPumping = false
  private isClosed = false
  private excess = 0
  private chokedByGate = false
  private timer: ReturnType<typeof setTimeout> | null = null

  constructor(options: UploadQueueOptions) {
    this.options = options
  }

  /** True while the wire is choked because its uploads were held too long. */
  get isChokedByGate(): boolean {
    return this.chokedByGate
  }

  get length(): number {
    return this.queue.length
  }

  onRequest(index: number, offset: number, length: number): void {
    if (this.isClosed) return
    const blockClass = this.options.session.getUploadClass()
    const found = this.options.inspect(index, offset, length)
    if (found === 'invalid') {
      this.options.onOffence(new WireError('bad-request', 'The peer asked for a block that does not exist.'))
      return
    }
    if (this.queue.length >= MAX_QUEUED_REQUESTS) this.excess += 1
    if (this.excess > MAX_EXCESS_REQUESTS) {
      this.options.onOffence(new WireError('request-flood', 'The peer sent far more requests than it may.'))
      return
    }
    if (found === 'absent' || this.queue.length >= MAX_QUEUED_REQUESTS) {
      this.refuse({ index, offset, length })
      return
    }
    this.options.session.onRequest(blockClass)
    this.queue.push({ index, offset, length, blockClass, arrivedAtMs: performance.now(), isCancelled: false })
    this.pump()
  }

  onCancel(index: number, offset: number, length: number): void {
    const isSame = (request: QueuedRequest): boolean =>
      request.index === index && request.offset === offset && request.length === length
    const at = this.queue.findIndex(isSame)
    const [request] = at < 0 ? [] : this.queue.splice(at, 1)
    if (request && this.options.answersCancels()) this.refuse(request)
    else if (!request && this.reading && isSame(this.reading)) this.reading.isCancelled = true
  }

  /** Looks at everything again: credit, tokens or room came. */
  wake(): void {
    if (this.isClosed) return
    if (this.chokedByGate) {
      if (this.isHeld(this.options.session.getUploadClass())) return
      this.chokedByGate = false
      if (this.options.wire.peerInterested) this.options.wire.unchoke()
    }
    this.pump()
  }

  /** The wire was choked: every waiting request is refused. */
  refuseAll(): void {
    if (this.reading) this.reading.isCancelled = true
    for (const request of this.queue.splice(0)) this.refuse(request)
    this.arm(null)
  }

  close(): void {
    this.isClosed = true
    this.queue = []
    this.arm(null)
  }

  private refuse(request: { index: number; offset: number; length: number }): void {
    const { wire } = this.options
    if (wire.hasFast && !wire.destroyed) wire.reject(request.index, request.offset, request.length)
  }

  private arm(afterMs: number | null): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = afterMs === null ? null : setTimeout(() => this.onTimer(), afterMs)
  }

  /** First request that the gate lets pass; classes that it holds are skipped, not the requests behind them. */
  private takeNext(): QueuedRequest | 'held' | null {
    if (this.queue.length === 0) return null
    const held = new Set<BlockClass>()
    for (const [at, request] of this.queue.entries()) {
      if (held.has(request.blockClass)) continue
      const { blockClass, length: lengthBytes } = request
      if (this.options.session.gate({ blockClass, lengthBytes }) === 'serve') {
        const waitMs = this.options.limit.take(lengthBytes)
        if (waitMs > 0) {
          this.arm(waitMs)
          return null
        }
        this.queue.splice(at, 1)
        return request
      }
      held.add(blockClass)
      if (held.size === 2) break
    }
    return 'held'
  }

  private pump(): void {
    if (this.isPumping || this.isClosed) return
    this.isPumping = true
    this.serve().catch((error: unknown) => {
      this.options.onOffence(new WireError('upload-failed', 'The upload could not go on.', { cause: error }))
    })
  }

  private async serve(): Promise<void> {
    const { wire, session } = this.options
    try {
      while (!this.isClosed && !wire.destroyed && wire._readableState.buffered < MAX_BUFFERED_BYTES) {
        const request = this.takeNext()
        if (request === 'held') this.arm(this.untilExpiryMs())
        if (request === 'held' || request === null) return
        this.reading = request
        const block = await this.options.read(request.index, request.offset, request.length).catch(() => null)
        this.reading = null
        if (this.isClosed || wire.destroyed) return
        if (block === null || block.length !== request.length || request.isCancelled) {
          if (!request.isCancelled || this.options.answersCancels()) this.refuse(request)
          continue
        }
        this.excess = Math.max(0, this.excess - 1)
        wire.piece(request.index, request.offset, block)
        session.onBlockSent({ blockClass: request.blockClass, lengthBytes: block.length })
      }
      // The stream's next `_read` wakes the queue; the timer is for a stream that forgets.
      if (this.queue.length > 0 && !this.isClosed && !wire.destroyed) this.arm(RECHECK_MS)
    } finally {
      // In the same tick as the last look at the queue, or a wake in between would be lost.
      this.isPumping = false
    }
  }

  private get maxHoldMs(): number {
    return this.options.maxHoldMs ?? MAX_HOLD_MS
  }

  private untilExpiryMs(): number {
    const oldest = this.queue[0]?.arrivedAtMs ?? performance.now()
    return Math.max(10, oldest + this.maxHoldMs - performance.now())
  }

  private isHeld(blockClass: BlockClass): boolean {
    return this.options.session.gate({ blockClass, lengthBytes: BLOCK_BYTES }) === 'hold'
  }

  /** Held too long: refused one by one while the peer's present class is served, else the wire is choked. */
  private onTimer(): void {
    this.timer = null
    if (this.isClosed) return
    const { session, wire } = this.options
    const oldestMs = performance.now() - this.maxHoldMs
    const expired = this.queue.filter((each) => each.arrivedAtMs <= oldestMs && this.isHeld(each.blockClass))
    if (expired.length > 0 && (!wire.hasFast || this.isHeld(session.getUploadClass()))) {
      this.chokedByGate = true
      this.refuseAll()
      wire.choke()
      return
    }
    this.queue = this.queue.filter((each) => !expired.includes(each))
    for (const request of expired) this.refuse(request)
    this.pump()
  }
}
