/** The wallets that the page knows, as data: another one is another entry. */
import type { Network } from '../tron/index.ts'
import { createDemoWallet } from './demo-wallet.ts'
import { connectTronLink, reconnectTronLink } from './tronlink.ts'
import { isTronLinkPresent } from './tronlink-presence.ts'
import type { WalletConnection, WalletKind } from './wallet-connection.ts'

export interface Wallet {
  readonly kind: WalletKind
  /** Whether this browser has it, found without connecting to it. */
  isPresent(): Promise<boolean>
  /** Asks its owner where it must. Throws WalletError. */
  connect(network: Network): Promise<WalletConnection>
  /** Connects without a pop-up what was authorised at an earlier visit, or null. Throws WalletError. */
  reconnect(network: Network): Promise<WalletConnection | null>
}

export const WALLETS: Readonly<Record<WalletKind, Wallet>> = {
  tronlink: {
    kind: 'tronlink',
    isPresent: isTronLinkPresent,
    connect: connectTronLink,
    reconnect: reconnectTronLink,
  },
  demo: {
    kind: 'demo',
    isPresent: async () => true,
    connect: createDemoWallet,
    reconnect: createDemoWallet,
  },
}

/** A kind that some earlier page wrote down; null for anything else. */
export function parseWalletKind(value: unknown): WalletKind | null {
  return Object.values(WALLETS).find(({ kind }) => kind === value)?.kind ?? null
}
