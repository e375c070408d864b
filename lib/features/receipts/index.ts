export { receiptsFeature } from './receipts.ts'
export type * from './snapshot.ts'
