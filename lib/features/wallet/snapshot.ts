/** What the page sees of the connected wallet, and what it may ask of it. */
import type { Outcome, Problem } from '../../kernel/index.ts'
import type { Address } from '../../tron/index.ts'
import type { Amount, FeeSun } from '../../units/index.ts'
import type { WalletKind } from '../../wallet/index.ts'

export type WalletSnapshot =
  | { readonly status: 'disconnected'; readonly problem: Problem | null; readonly tronlinkFound: boolean }
  | { readonly status: 'connecting'; readonly kind: WalletKind }
  | {
      readonly status: 'wrongNetwork'
      readonly kind: WalletKind
      readonly address: Address
      readonly wanted: string
    }
  | {
      readonly status: 'connected'
      readonly kind: WalletKind
      readonly address: Address
      /** null while unknown: shown as a dash, never as 0. */
      readonly trx: FeeSun | null
      readonly btt: Amount | null
      /** What pays for fees before TRX does: staked or rented energy, staked and free bandwidth. null while unknown. */
      readonly resources: { readonly energy: number; readonly bandwidthBytes: number } | null
      readonly problem: Problem | null
    }

export interface WalletCommands {
  connectWallet(kind: WalletKind): Promise<Outcome>
  disconnectWallet(): Promise<void>
  switchNetwork(): Promise<Outcome>
  refreshBalances(): Promise<void>
  /** Testnets: TRX and BTT for the connected wallet. */
  requestFaucet(): Promise<Outcome>
}
