/** What the page sees of the connected wallet, and what it may ask of it. */
import type { Hex } from '../../base/index.ts'
import type { Outcome, Problem } from '../../kernel/index.ts'
import type { Address } from '../../tron/index.ts'
import type { Amount, FeeSun, Money } from '../../units/index.ts'
import type { WalletKind, WalletOffer } from '../../wallet/index.ts'

/** What a wallet is called may be a stranger's text: `name` is shown as such. */
export type WalletSnapshot =
  | {
      readonly status: 'disconnected'
      readonly problem: Problem | null
      /** Those in this browser first; empty until the page looked. */
      readonly offers: readonly WalletOffer[]
    }
  | {
      readonly status: 'connecting'
      readonly kind: WalletKind
      readonly name: string
      readonly offers: readonly WalletOffer[]
    }
  | {
      readonly status: 'wrongNetwork'
      readonly kind: WalletKind
      readonly name: string
      readonly address: Address
      readonly wanted: string
    }
  | {
      readonly status: 'connected'
      readonly kind: WalletKind
      readonly name: string
      readonly address: Address
      /** null while unknown: shown as a dash, never as 0. */
      readonly trx: FeeSun | null
      readonly btt: Amount | null
      /** What pays for fees before TRX does: staked or rented energy, staked and free bandwidth. null while unknown. */
      readonly resources: { readonly energy: number; readonly bandwidthBytes: number } | null
      /** null while unknown. It pays for nothing here. */
      readonly bttold: Money<'BTTOLD'> | null
      /** What the payment contract may still take: 0 but between an approval and its funding, or after one that never came. */
      readonly allowance: Amount | null
      readonly problem: Problem | null
      /** A new demo wallet is being filled by the network's faucet. */
      readonly isFilling: boolean
    }

export interface WalletCommands {
  /** Looks anew for wallets in this browser: one may have been installed or unlocked meanwhile. */
  findWallets(): Promise<void>
  connectWallet(kind: WalletKind): Promise<Outcome>
  disconnectWallet(): Promise<void>
  switchNetwork(): Promise<Outcome>
  refreshBalances(): Promise<void>
  /** What taking the allowance back costs at most. */
  previewRevoke(): Promise<
    | { readonly status: 'known'; readonly feeSun: FeeSun }
    | { readonly status: 'unknown'; readonly problem: Problem }
  >
  /** Lets the payment contract take nothing any more: one transaction. */
  revokeAllowance(): Promise<Outcome>
  /** Testnets: TRX and BTT for the connected wallet. */
  requestFaucet(): Promise<Outcome>
  /** As `requestFaucet`, for an empty demo wallet on a network with a faucet; null where that is not what is connected. */
  fillDemoWallet(): Promise<Outcome | null>
  /** The demo wallet's private key in the clear, for its owner; null where none is connected or it cannot be read. */
  exportDemoWallet(): Promise<Hex | null>
}
