/** What dropping blocks asks for, and what comes of it. */
import type { Block } from './block.ts'

/** What becomes of the transactions of dropped blocks: gone as if never sent, or waiting for a block again. */
export type DroppedTransactions = 'forget' | 'requeue'

export interface Reorganisation {
  readonly dropped: readonly Block[]
  /** Ids of the transactions that wait for a block again; they have run on the state as it is now. */
  readonly requeued: readonly string[]
  /** Ids of the dropped ones that do not: forgotten, or no longer valid. */
  readonly forgotten: readonly string[]
}
