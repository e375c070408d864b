/** The port by which a chain keeps its blocks: it waits for each answer before anybody sees the change. */
import type { Transaction } from '../codec/transaction.ts'
import type { Block } from './block.ts'

export interface SealedBlock {
  readonly block: Block
  readonly transactions: readonly Transaction[]
}

/** The head goes back by `dropBlocks`, then forward by `blocks`. */
export interface Replacement {
  readonly dropBlocks: number
  readonly blocks: readonly SealedBlock[]
  /** What stays solidified. */
  readonly solidNumber: number
}

/** All or nothing: a rejected change is as if it had not been asked for. */
export interface ChainStore {
  append(sealed: SealedBlock): Promise<void>
  replace(replacement: Replacement): Promise<void>
}

/** Keeps nothing. */
export const FORGETFUL_STORE: ChainStore = {
  append: async () => undefined,
  replace: async () => undefined,
}
