'use client'
import type { TransactionsSnapshot } from '@/lib/features/transactions/index.ts'
import { INITIAL_TRANSACTIONS } from '@/lib/features/transactions/initial.ts'
import { useNode } from './use-node.ts'
import { useStore } from './use-store.ts'

/** What the page sent and where it stands. Apart from the other snapshots: no first paint needs it. */
export const useTransactions = (): TransactionsSnapshot =>
  useStore(useNode()?.transactions ?? null, INITIAL_TRANSACTIONS)
