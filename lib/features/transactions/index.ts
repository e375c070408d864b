export type * from './snapshot.ts'
export { transactionsFeature } from './transactions.ts'
