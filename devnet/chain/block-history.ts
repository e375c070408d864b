/** The sealed blocks, the solidified head that only ever moves on, and what it takes to drop the blocks above it. */
import type { Block } from './block.ts'
import type { ContentCapture } from './chain-content.ts'

/** A copy that later blocks do not touch. */
export interface HistoryCapture {
  readonly blocks: readonly Block[]
  readonly undo: ReadonlyMap<number, ContentCapture>
  readonly latestTimestampMs: number
  readonly solidNumber: number
}

export class BlockHistory {
  readonly #solidLagBlocks: number
  #blocks: Block[] = []
  /** What each block from the solidified one on left behind, by its number. */
  #undo = new Map<number, ContentCapture>()
  #latestTimestampMs = 0
  #solidNumber = 0

  constructor(solidLagBlocks: number) {
    this.#solidLagBlocks = solidLagBlocks
  }

  get head(): Block {
    return this.#blocks.at(-1)!
  }

  /** The newest block that cannot be dropped any more. */
  get solidNumber(): number {
    return this.#solidNumber
  }

  /** Of any block ever, dropped ones too: a block after it has an id that never was. */
  get latestTimestampMs(): number {
    return this.#latestTimestampMs
  }

  get(number: number): Block | undefined {
    return this.#blocks[number]
  }

  /** The blocks that `number` and what is above it would take away. */
  listFrom(number: number): readonly Block[] {
    return this.#blocks.slice(number)
  }

  /** The solidified block under a head of this number. */
  solidBelow(headNumber: number): number {
    return headNumber - this.#solidLagBlocks
  }

  /** Nothing up to this number can be dropped. */
  solidify(number: number): void {
    this.#solidNumber = Math.max(this.#solidNumber, number)
    for (const kept of this.#undo.keys()) if (kept < this.#solidNumber) this.#undo.delete(kept)
  }

  /** Adds a sealed block; `capture` is asked for what it left behind where that can still matter. */
  push(block: Block, capture: () => ContentCapture): void {
    this.#blocks.push(block)
    this.#latestTimestampMs = Math.max(this.#latestTimestampMs, block.timestampMs)
    this.solidify(this.solidBelow(block.number))
    if (this.#solidLagBlocks > 0 && block.number >= this.#solidNumber) this.#undo.set(block.number, capture())
  }

  /** What dropping everything above a block restores; null when that cannot be dropped. */
  findUndo(number: number): ContentCapture | null {
    return (number < this.head.number && this.#undo.get(number)) || null
  }

  /** What the solidified block left behind; null when nothing lags, or it is not kept. */
  findSolid(): ContentCapture | null {
    return this.#undo.get(this.#solidNumber) ?? null
  }

  /** Drops every block above this one. */
  dropAbove(number: number): void {
    this.#blocks.length = number + 1
    for (const dropped of this.#undo.keys()) if (dropped > number) this.#undo.delete(dropped)
  }

  capture(): HistoryCapture {
    return {
      blocks: [...this.#blocks],
      undo: new Map(this.#undo),
      latestTimestampMs: this.#latestTimestampMs,
      solidNumber: this.#solidNumber,
    }
  }

  restore(capture: HistoryCapture): void {
    this.#blocks = [...capture.blocks]
    this.#undo = new Map(capture.undo)
    this.#latestTimestampMs = capture.latestTimestampMs
    this.#solidNumber = capture.solidNumber
  }
}
