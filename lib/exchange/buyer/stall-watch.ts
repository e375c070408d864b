/** Notices a seller that takes a bid and then sends nothing, or a block now and then, and says when to try it again. */

import type { Clock } from '../../base/index.ts'
import type { ExtensionLink } from '../../torrent/index.ts'
import { BLOCK_BYTES } from '../../units/index.ts'

/** A seller that we bid to and that sends less than a trickle for so long is asked for free blocks instead … */
const STALL_MS = 10_000
const TRICKLE_BYTES = 10 * BLOCK_BYTES
/** … for so long, and twice as long after each further time. */
const STALL_PAUSE_MS = 30_000
const MAX_STALL_PAUSE_MS = 16 * STALL_PAUSE_MS
const STALL_CHECK_MS = 2_000

export interface StallWatchOptions {
  readonly clock: Clock
  readonly link: Pick<ExtensionLink, 'silentMs' | 'receivedBytes'>
  readonly isBidding: () => boolean
  readonly onStall: () => void
  /** The pause is over. */
  readonly onRetry: () => void
}

export class StallWatch {
  readonly #options: StallWatchOptions
  /** Since when it has been asked for paid blocks, and what had come from it by then. */
  #asked = { atMs: 0, receivedBytes: 0 }
  #cancel: (() => void) | null = null
  #pauseMs = STALL_PAUSE_MS

  constructor(options: StallWatchOptions) {
    this.#options = options
  }

  /** A bid went out. */
  begin(): void {
    this.#note()
    if (!this.#cancel) this.#check()
  }

  close(): void {
    this.#cancel?.()
  }

  #check(): void {
    this.#cancel = this.#options.clock.schedule(STALL_CHECK_MS, () => {
      this.#cancel = null
      if (!this.#options.isBidding()) return
      if (!this.#isTrickling()) return this.#check()
      this.#options.onStall()
      this.#cancel = this.#options.clock.schedule(this.#pauseMs, () => {
        this.#cancel = null
        this.#pauseMs = Math.min(MAX_STALL_PAUSE_MS, 2 * this.#pauseMs)
        this.#options.onRetry()
      })
    })
  }

  #note(): void {
    const { clock, link } = this.#options
    this.#asked = { atMs: clock.nowMs(), receivedBytes: link.receivedBytes() }
  }

  /** Asked all the while, and less than a trickle came: a block now and then is no answer. */
  #isTrickling(): boolean {
    const { clock, link } = this.#options
    const { atMs, receivedBytes } = this.#asked
    const isAsked = link.silentMs() > 0
    const isEnough = link.receivedBytes() - receivedBytes >= TRICKLE_BYTES
    if (!isAsked || isEnough) this.#note()
    return isAsked && !isEnough && clock.nowMs() - atMs >= STALL_MS
  }
}
