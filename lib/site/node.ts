/** What the page sees: read-only stores and plain async commands. */
import type { Store } from '../base/index.ts'
import type { EarnCommands, EarnSnapshot } from '../features/earn/index.ts'
import type { LibraryCommands, WatchSnapshot } from '../features/library/index.ts'
import type { PayCommands, PaySnapshot } from '../features/pay/index.ts'
import type { ReceiptsCommands } from '../features/receipts/index.ts'
import type { TransactionsSnapshot } from '../features/transactions/index.ts'
import type { WalletCommands, WalletSnapshot } from '../features/wallet/index.ts'
import type { AppCommands, AppSnapshot } from './create-node.ts'

export type MoneyCommands = WalletCommands & PayCommands & EarnCommands
export type NodeCommands = AppCommands & LibraryCommands & MoneyCommands & ReceiptsCommands

export interface PiecemealNode {
  readonly app: Store<AppSnapshot>
  readonly torrents: Store<readonly WatchSnapshot[]>
  readonly wallet: Store<WalletSnapshot>
  readonly pay: Store<PaySnapshot>
  readonly earn: Store<EarnSnapshot>
  /** What the page sent, and where it stands. */
  readonly transactions: Store<TransactionsSnapshot>
  /** Bumps when the ledger gained receipts. */
  readonly ledgerVersion: Store<number>
  readonly commands: NodeCommands
  /** For tests and pages that end: what runs ends, the last that began first. */
  stop(): Promise<void>
}
