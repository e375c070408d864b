/** A connected wallet, whatever its kind. It holds the user's funds; the session key signs what flows per piece. */

import type { Hex } from '../base/index.ts'
import type { Address, TransactionSigner } from '../tron/index.ts'
import type { WalletOffer } from './find-wallets.ts'

/** What happened to a connection. After 'disconnected' nothing more comes; connect anew. */
export interface WalletChange {
  readonly kind: 'account' | 'network' | 'disconnected'
}

/** Kept between visits: never renamed. */
export type WalletKind = WalletOffer['kind'] | 'demo'

export interface WalletConnection {
  readonly kind: WalletKind
  /** What people call it: of a wallet that announces itself, a stranger's text. */
  readonly name: string
  /** The account chosen now; it changes with the 'account' event. */
  readonly address: Address
  /** True when a signature needs no pop-up. */
  readonly canSignSilently: boolean
  /** Signs for `address`. Throws WalletError: 'rejected', 'request-pending', 'wrong-network', 'account-changed', 'locked'. */
  readonly signer: TransactionSigner
  /**
   * Signs a text for `address` under TIP-191; the owner reads it. 65 bytes r, s, v (27 or 28), not yet checked against the account.
   * Throws WalletError as `signer` does, and 'bad-message-signature'.
   */
  signMessage(text: string): Promise<Hex>
  /** The last 4 bytes of the genesis block's id, as a number. Throws WalletError. */
  getChainId(): Promise<number>
  /** Asks the wallet to go to the site's network. Throws WalletError 'rejected' or 'switch-unsupported'. */
  switchChain(): Promise<void>
  /** Returns what ends the subscription. */
  onChange(listener: (change: WalletChange) => void): () => void
  /** Lets go of the wallet. The wallet itself stays authorised: only its owner can withdraw that. */
  disconnect(): void
}
