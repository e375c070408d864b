/** Tables, receipts and commits that outlive the page: for any room's tables. The one in a file is apart, in file.ts. */
export { openIdbLedger } from './idb.ts'
export { openMemoryLedger } from './memory.ts'
export type { Receipt, ReceiptBase, ReceiptKind, ReceiptRoll } from './receipt.ts'
export { type LedgerSchema, mergeSchemas, type RowDelta, type TableSchema } from './schema.ts'
export {
  type LedgerBatch,
  type LedgerPut,
  type LedgerStore,
  type LedgerTable,
  type NewReceipt,
  partOf,
  type ReceiptFilter,
  type ReceiptQuery,
} from './store.ts'
export { type ReceiptTotal, type ReceiptTotals, totalOf } from './totals.ts'
