/** The chain's clock: the machine's, moved ahead as tests ask. It gives each block its time. */

/** Blocks each 3 s as on TRON, or one for each transaction at once. */
export type BlockTime = 'instant' | number

export class ChainClock {
  readonly #blockTime: BlockTime
  /** How far it is ahead of the machine's. A snapshot holds it. */
  offsetMs = 0

  constructor(blockTime: BlockTime) {
    this.#blockTime = blockTime
  }

  nowMs(): number {
    return Date.now() + this.offsetMs
  }

  moveAhead(durationMs: number): void {
    this.offsetMs += durationMs
  }

  /** Not behind what the chain has seen already. */
  catchUp(timestampMs: number): void {
    this.offsetMs = Math.max(this.offsetMs, timestampMs - Date.now())
  }

  /** The time of a block that follows one of `latestMs`: the next slot, or at once and at least a millisecond later. */
  nextBlockMs(latestMs: number): number {
    const stepMs = this.#blockTime === 'instant' ? 1 : this.#blockTime
    return Math.max(Math.ceil(this.nowMs() / stepMs) * stepMs, latestMs + stepMs)
  }
}
