/** What we use of the adapters that `@tronweb3/tronwallet-adapters` brings. They must never be made outside of a page. */
import type { TronLinkAdapter } from '@tronweb3/tronwallet-adapters'

/** What all of them share: no typed data, and a word about the network only when asked. */
export interface WalletAdapter
  extends Pick<
    TronLinkAdapter,
    | 'address'
    | 'connected'
    | 'connect'
    | 'disconnect'
    | 'network'
    | 'signMessage'
    | 'signTransaction'
    | 'switchChain'
  > {
  on(event: 'accountsChanged' | 'chainChanged' | 'disconnect' | 'error', listener: () => void): unknown
  removeAllListeners(): unknown
}

export interface AdapterOptions {
  /** How long it looks for its extension, in milliseconds. */
  readonly checkTimeout: number
  readonly openUrlWhenWalletNotFound: false
  readonly openAppWithDeeplink: false
}

/** Each file of `adapters/` exports one, with a static import of its own class: so each is a chunk of its own. */
export type CreateAdapter = (options: AdapterOptions) => WalletAdapter
