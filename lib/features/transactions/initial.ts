import type { TransactionsSnapshot } from './snapshot.ts'

export const INITIAL_TRANSACTIONS: TransactionsSnapshot = { status: 'reading' }
