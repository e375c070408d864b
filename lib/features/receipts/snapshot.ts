/** What the page may ask of the ledger. */
import type { Receipt, ReceiptQuery } from '../../ledger/index.ts'

export interface ReceiptsCommands {
  /** A page of receipts, newest first. */
  listReceipts(query: ReceiptQuery): Promise<readonly Receipt[]>
  /** Every receipt, oldest first, never all in memory at once. */
  eachReceipt(): AsyncIterable<Receipt>
}
