/** What a feature may ask for. Each is lazy: what nobody asks for is not loaded. A new one is a decision (docs/decisions). */
import type { Chain } from '../channels/index.ts'
import type { SiteConfig } from '../config/index.ts'
import type { LedgerStore } from '../payments/index.ts'
import type { Lead } from './lead.ts'
import type { Swarm } from './swarm.ts'
import type { TransactionLog } from './transactions/transaction-log.ts'
import type { WalletAccess, WalletDesk } from './wallet-desk.ts'

export interface Capabilities {
  /** Rejects when config.json is missing or wrong. */
  readonly config: () => Promise<SiteConfig>
  readonly lead: Pick<Lead, 'granted' | 'require'>
  /** The chain's code is loaded at the first call. */
  readonly chain: () => Promise<Chain>
  readonly ledger: () => Promise<LedgerStore>
  /** Every transaction that left the page over `chain`, and where it stands. */
  readonly transactions: Omit<TransactionLog, 'begin'>
  readonly swarm: Omit<Swarm, 'stop'>
  /** The wallet that is connected, whichever it is. */
  readonly wallet: WalletAccess
  /** For the one feature that connects wallets. */
  readonly walletDesk: WalletDesk
  /** Joins what is published to the page together; returns what asks for a publication. */
  readonly publish: (publish: () => void) => () => void
  /** A failure that no command waits for: the page shows it. */
  readonly report: (error: unknown) => void
  /** Runs when a page that slept is awake again, and each minute. Returns what ends that. */
  readonly onWake: (listener: () => void) => () => void
}
