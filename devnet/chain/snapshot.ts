/** A whole chain as it was at a moment, and the way to it from another. */
import type { Block } from './block.ts'
import type { HistoryCapture } from './block-history.ts'
import type { ContentCapture } from './chain-content.ts'
import type { Replacement } from './chain-store.ts'

/** The block that collects transactions: they have run already. */
export interface OpenBlock {
  readonly number: number
  readonly timestampMs: number
  readonly txIds: string[]
}

export interface Snapshot {
  readonly content: ContentCapture
  readonly history: HistoryCapture
  readonly open: OpenBlock | null
  readonly clockOffsetMs: number
}

/** A copy that later transactions do not touch. */
export function copyOpenBlock(open: OpenBlock | null): OpenBlock | null {
  return open && { ...open, txIds: [...open.txIds] }
}

/** What takes a chain with these blocks to the snapshot: back to their last common block, then forward. */
export function describeReplacement(
  { content, history }: Snapshot,
  headNumber: number,
  getBlock: (number: number) => Block | undefined,
): Replacement {
  const firstOther = history.blocks.findIndex((block, number) => block.id !== getBlock(number)?.id)
  const shared = firstOther < 0 ? history.blocks.length : firstOther
  const blocks = history.blocks.slice(shared).map((block) => ({
    block,
    transactions: block.txIds.map((txId) => content.transactions.stored.get(txId)!.transaction),
  }))
  return { dropBlocks: headNumber + 1 - shared, blocks, solidNumber: history.solidNumber }
}
