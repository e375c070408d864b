/** What the page sees of its transactions. */
import type { TransactionRecord } from '../../kernel/index.ts'

export type { TransactionRecord }

export type TransactionsSnapshot =
  | { readonly status: 'reading' }
  | { readonly status: 'failed' }
  | {
      readonly status: 'read'
      /** Newest first. */
      readonly rows: readonly TransactionRecord[]
    }

/** It looks its transactions up by itself: there is nothing to ask of it. */
export type TransactionsCommands = Readonly<Record<never, never>>
