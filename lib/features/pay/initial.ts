import type { PaySnapshot } from './snapshot.ts'

export const INITIAL_PAY: PaySnapshot = {
  status: 'free',
  problem: null,
  elsewhere: [],
  search: { status: 'told' },
}
