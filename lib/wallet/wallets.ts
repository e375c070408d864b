/** Any wallet by its kind: those behind adapters, and the demo wallet. */
import type { Network } from '../tron/index.ts'
import { connectAdapterWallet, reconnectAdapterWallet } from './adapter-wallet.ts'
import { createDemoWallet, DEMO_WALLET_NAME } from './demo-wallet.ts'
import type { WalletOffer } from './find-wallets.ts'
import { KNOWN_WALLETS, type KnownWallet, STRANGER } from './known-wallets.ts'
import type { WalletConnection, WalletKind } from './wallet-connection.ts'

/** Which wallet, and what people call it. */
export interface WalletChoice {
  readonly kind: WalletKind
  /** May be a stranger's text. */
  readonly name: string
}

type AdapterWallet = KnownWallet & { readonly kind: WalletOffer['kind'] }
const ADAPTER_WALLETS: readonly AdapterWallet[] = [...KNOWN_WALLETS, STRANGER]

const findKnown = (kind: WalletKind): AdapterWallet | null =>
  ADAPTER_WALLETS.find((wallet) => wallet.kind === kind) ?? null

/** The wallet under the name that it announced, or that we know it by. */
export function nameWallet(kind: WalletKind, offers: readonly WalletOffer[]): WalletChoice {
  const name = offers.find((offer) => offer.kind === kind)?.name ?? findKnown(kind)?.name
  return { kind, name: name ?? DEMO_WALLET_NAME }
}

/** Asks its owner where it must. Throws WalletError, and StorageError for the demo wallet. */
export function connectWallet({ kind, name }: WalletChoice, network: Network): Promise<WalletConnection> {
  const wallet = findKnown(kind)
  return wallet ? connectAdapterWallet({ ...wallet, name }, network) : createDemoWallet(network)
}

/** Connects without a pop-up what was authorised at an earlier visit, or null. Throws as `connectWallet` does for the demo wallet alone. */
export function reconnectWallet(
  { kind, name }: WalletChoice,
  network: Network,
): Promise<WalletConnection | null> {
  const wallet = findKnown(kind)
  return wallet ? reconnectAdapterWallet({ ...wallet, name }, network) : createDemoWallet(network)
}

/** A kind that some earlier page wrote down; null for anything else. */
export function parseWalletKind(value: unknown): WalletKind | null {
  const kinds: readonly WalletKind[] = [...ADAPTER_WALLETS.map(({ kind }) => kind), 'demo']
  return kinds.find((kind) => kind === value) ?? null
}
