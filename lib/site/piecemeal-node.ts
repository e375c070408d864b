/** The features of this site. In another site's frame it only watches: what moves money is not started there. */
import { createStore } from '../base/index.ts'
import { loadConfig } from '../config/index.ts'
import { earnFeature } from '../features/earn/index.ts'
import { libraryFeature } from '../features/library/index.ts'
import { payFeature } from '../features/pay/index.ts'
import { receiptsFeature } from '../features/receipts/index.ts'
import { transactionsFeature } from '../features/transactions/index.ts'
import { walletFeature } from '../features/wallet/index.ts'
import { isFramed } from '../kernel/framed.ts'
import { createNode } from './create-node.ts'
import { createFramedCommands } from './framed-commands.ts'
import type { PiecemealNode } from './node.ts'

const WATCHING = [receiptsFeature, libraryFeature] as const
/** Transactions before who sends them; pay and earn before the wallet: they hear of one that was connected at the last visit. */
const ALL = [...WATCHING, transactionsFeature, payFeature, earnFeature, walletFeature] as const

/** Builds the page's node and starts it. One a page; client only. */
export function createPiecemealNode(): PiecemealNode {
  const config = loadConfig()
  if (isFramed()) {
    const { app, features, commands, stop } = createNode(config, WATCHING)
    return {
      app,
      torrents: features.library.store,
      ledgerVersion: features.receipts.store,
      wallet: createStore(walletFeature.initial),
      pay: createStore(payFeature.initial),
      earn: createStore(earnFeature.initial),
      transactions: createStore(transactionsFeature.initial),
      commands: {
        ...commands,
        ...features.library.commands,
        ...features.receipts.commands,
        ...createFramedCommands(),
      },
      stop,
    }
  }
  const { app, features, commands, stop } = createNode(config, ALL)
  const { library, receipts, wallet, pay, earn, transactions } = features
  return {
    app,
    torrents: library.store,
    ledgerVersion: receipts.store,
    wallet: wallet.store,
    pay: pay.store,
    earn: earn.store,
    transactions: transactions.store,
    commands: {
      ...commands,
      ...library.commands,
      ...receipts.commands,
      ...wallet.commands,
      ...pay.commands,
      ...earn.commands,
    },
    stop,
  }
}
