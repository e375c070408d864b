/** A throw-away wallet inside the page, for networks whose coins are worth nothing: so that a demo needs no extension. */

import { bytesToHex, type Hex, WalletError } from '../base/index.ts'
import { addressOfPrivateKey, messageDigest, type Network, signDigest } from '../tron/index.ts'
import { signWithKey } from './key-signer.ts'
import { forgetSealedKey, openSealedKey } from './sealed-key.ts'
import type { WalletChange, WalletConnection } from './wallet-connection.ts'

const KEY = 'demo-wallet'
/** What people call it. */
export const DEMO_WALLET_NAME = 'Demo wallet'

/** Opens this browser's demo wallet, making its key at the first call. Throws WalletError 'testnet-only' or StorageError. */
export async function createDemoWallet(network: Network): Promise<WalletConnection> {
  requireTestnet(network)
  const privateKey = await openSealedKey(KEY)
  const address = addressOfPrivateKey(privateKey)
  const listeners = new Set<(change: WalletChange) => void>()
  let isOver = false
  return {
    kind: 'demo',
    name: DEMO_WALLET_NAME,
    address,
    canSignSilently: true,
    signer: {
      address,
      async signTransaction(transaction) {
        if (isOver) throw new WalletError('locked', 'The demo wallet is disconnected.')
        return signWithKey(privateKey, transaction)
      },
    },
    async signMessage(text) {
      if (isOver) throw new WalletError('locked', 'The demo wallet is disconnected.')
      return signDigest(privateKey, messageDigest(text))
    },
    getChainId: async () => network.chainId,
    switchChain: async () => undefined,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    disconnect() {
      isOver = true
      listeners.clear()
    },
  }
}

/** The demo wallet's private key in the clear, for its owner to take along. Throws WalletError 'testnet-only'. */
export async function exportDemoWalletSecret(network: Network): Promise<Hex> {
  requireTestnet(network)
  return bytesToHex(await openSealedKey(KEY))
}

/** Deletes the demo wallet's key for good; the next `createDemoWallet` makes another. */
export function forgetDemoWallet(): Promise<void> {
  return forgetSealedKey(KEY)
}

function requireTestnet(network: Network): void {
  if (!network.isTestnet || network.name === 'mainnet')
    throw new WalletError('testnet-only', 'The demo wallet is only for test networks.')
}
