/**
 * Chain, ledger and the log of transactions, each made once and only when first asked for: tronweb is the heaviest thing we load. What
 * is sent over this chain has a row in the log.
 */
import type { Chain } from '../channels/index.ts'
import { mergeSchemas, openIdbLedger, partOf } from '../ledger/index.ts'
import { type LedgerStore, PAYMENT_SCHEMA } from '../payments/index.ts'
import type { Network } from '../tron/index.ts'
import { once } from './once.ts'
import { logSending } from './transactions/log-sending.ts'
import { createTransactionLog, type TransactionLog } from './transactions/transaction-log.ts'
import { TRANSACTION_SCHEMA } from './transactions/transaction-record.ts'

export interface MoneyRoom {
  chain(): Promise<Chain>
  ledger(): Promise<LedgerStore>
  readonly transactions: TransactionLog
}

const PAGE_SCHEMA = mergeSchemas(PAYMENT_SCHEMA, TRANSACTION_SCHEMA)

export function createMoneyRoom(network: () => Promise<Network>): MoneyRoom {
  const pageLedger = once(async () => {
    // A ledger belongs to one contract on one chain: another network's channels mean nothing here.
    const { chainId, contract } = await network()
    return openIdbLedger(PAGE_SCHEMA, `piecemeal-ledger-${chainId}-${contract}`)
  })
  const transactions = createTransactionLog(async () => partOf(await pageLedger(), TRANSACTION_SCHEMA))
  return {
    ledger: async () => partOf(await pageLedger(), PAYMENT_SCHEMA),
    transactions,
    chain: once(async () => {
      const { connectChain } = await import('../channels/connect-chain.ts')
      return logSending(await connectChain(await network()), transactions)
    }),
  }
}
