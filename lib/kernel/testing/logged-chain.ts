/** Test only: what `createMoneyRoom` makes, over a chain that a test holds. */
import type { Chain } from '../../channels/index.ts'
import { mergeSchemas, openIdbLedger, partOf } from '../../ledger/index.ts'
import { type LedgerStore, PAYMENT_SCHEMA } from '../../payments/index.ts'
import { logSending } from '../transactions/log-sending.ts'
import { createTransactionLog, type TransactionLog } from '../transactions/transaction-log.ts'
import { TRANSACTION_SCHEMA } from '../transactions/transaction-record.ts'

export interface LoggedChain {
  readonly chain: Chain
  readonly ledger: LedgerStore
  readonly transactions: TransactionLog
  close(): Promise<void>
}

/** Opens a page's ledger of that name, as often as its page is loaded. */
export async function openLoggedChain(chain: Chain, ledgerName: string): Promise<LoggedChain> {
  const ledger = await openIdbLedger(mergeSchemas(PAYMENT_SCHEMA, TRANSACTION_SCHEMA), ledgerName)
  const transactions = createTransactionLog(async () => partOf(ledger, TRANSACTION_SCHEMA))
  return {
    chain: logSending(chain, transactions),
    ledger: partOf(ledger, PAYMENT_SCHEMA),
    transactions,
    close: ledger.close,
  }
}
