/**
 * A wallet behind its adapter. Invariant: before each signature the wallet's network and account are asked for anew, and both must be
 * what the transaction is for.
 */

import { WalletError } from '../base/index.ts'
import { type Address, type Network, parseAddress, type TransactionSigner } from '../tron/index.ts'
import type { WalletOffer } from './find-wallets.ts'
import { followSilentWallet, readInjectedAccount } from './follow-silent-wallet.ts'
import type { KnownWallet } from './known-wallets.ts'
import { parseMessageSignature } from './message-signature.ts'
import type { WalletAdapter } from './wallet-adapter.ts'
import type { WalletChange, WalletConnection } from './wallet-connection.ts'
import { toWalletError } from './wallet-failure.ts'

/** How long the adapter looks for the extension. Found ones answer at once; a person who asked waits for the answer. */
const DETECTION_MS = 1_500
/** At a page's start the machine may be busy, and nobody waits. */
const START_DETECTION_MS = 10_000
/** TronLink says "no account" for a moment after it connects and as it switches: wait before believing it. */
const SETTLE_MS = 400

type AdapterTransaction = Parameters<WalletAdapter['signTransaction']>[0]

/** A wallet under the name that it announced. */
interface NamedWallet extends KnownWallet {
  readonly kind: WalletOffer['kind']
}

/**
 * Connects to a wallet; it asks its owner unless this site is authorised already. A new adapter each time: one that
 * was declined keeps no way back. Throws WalletError: 'not-installed', 'rejected', 'request-pending', 'locked',
 * 'wallet-failed'. A wallet on another network connects: ask `getChainId`, offer `switchChain`.
 */
export async function connectAdapterWallet(wallet: NamedWallet, network: Network): Promise<WalletConnection> {
  return connect(wallet, await createAdapter(wallet, DETECTION_MS), network)
}

/** Connects only where the wallet needs not ask its owner; null otherwise. Never throws: it runs at every start. */
export async function reconnectAdapterWallet(
  wallet: NamedWallet,
  network: Network,
): Promise<WalletConnection | null> {
  const adapter = await createAdapter(wallet, START_DETECTION_MS)
  try {
    // Detection is over once the network is known; it throws where no account is authorised.
    await adapter.network()
    return await connect(wallet, adapter, network)
  } catch {
    // Not installed, locked or not authorised: the same as never connected.
    adapter.removeAllListeners()
    return null
  }
}

async function createAdapter({ load }: KnownWallet, checkTimeout: number): Promise<WalletAdapter> {
  const { createAdapter: create } = await load()
  const adapter = create({ checkTimeout, openUrlWhenWalletNotFound: false, openAppWithDeeplink: false })
  // What it reports by events it also throws; without a listener some emitters throw on 'error'.
  adapter.on('error', () => undefined)
  // Some read the injected account in a few microtasks, and would be asked before they know it.
  await new Promise((resolve) => setTimeout(resolve, 0))
  return adapter
}

async function connect(
  wallet: NamedWallet,
  adapter: WalletAdapter,
  network: Network,
): Promise<WalletConnection> {
  try {
    await adapter.connect()
    readAccount(adapter, wallet.name)
  } catch (error) {
    adapter.removeAllListeners()
    throw toWalletError(error, wallet.name)
  }
  const connection = createConnection(wallet, adapter, network)
  // A wallet that cannot say it now says so when it is asked to sign.
  await connection.getChainId().catch(() => undefined)
  return connection
}

function readAccount(adapter: WalletAdapter, walletName: string): Address {
  const address = parseAddress(adapter.address)
  if (!address) throw new WalletError('locked', 'The wallet named no account.', { walletName })
  return address
}

function createConnection(wallet: NamedWallet, adapter: WalletAdapter, network: Network): WalletConnection {
  const { kind, name } = wallet
  const listeners = new Set<(change: WalletChange) => void>()
  let address = readAccount(adapter, name)
  /** As the wallet said last. */
  let chainId: number | null = null
  let isOver = false
  let settling: ReturnType<typeof setTimeout> | null = null

  const emit = (kind: WalletChange['kind']): void => {
    for (const listener of [...listeners]) listener({ kind })
  }
  const end = (): void => {
    isOver = true
    if (settling) clearTimeout(settling)
    stopFollowing()
    window.removeEventListener('focus', lookAtNetwork)
    adapter.removeAllListeners()
  }

  async function settle(): Promise<void> {
    settling = null
    try {
      // Without an account the adapter has let go; where the site is still authorised this brings it back silently.
      if (!adapter.connected && readInjectedAccount(wallet)) await adapter.connect()
      const next = readAccount(adapter, name)
      if (isOver || next === address) return
      address = next
      emit('account')
    } catch {
      if (isOver) return
      end()
      emit('disconnected')
    }
  }
  const onAccounts = (): void => {
    if (settling) clearTimeout(settling)
    settling = setTimeout(() => void settle(), parseAddress(adapter.address) ? 0 : SETTLE_MS)
  }
  adapter.on('accountsChanged', onAccounts)
  adapter.on('disconnect', onAccounts)
  adapter.on('chainChanged', lookAtNetwork)
  // It lets go of the account that it knows; `settle` brings the one that is chosen now.
  const stopFollowing = wallet.isSilent
    ? followSilentWallet(wallet, () => void adapter.disconnect())
    : () => undefined
  // Most adapters do not tell of another network. Whoever chose one comes back to the page.
  window.addEventListener('focus', lookAtNetwork)

  function lookAtNetwork(): void {
    getChainId().catch(() => undefined)
  }

  async function getChainId(): Promise<number> {
    try {
      const now = parseChainId((await adapter.network()).chainId, name)
      const before = chainId
      chainId = now
      if (!isOver && before !== null && now !== before) emit('network')
      return now
    } catch (error) {
      throw toWalletError(error, name)
    }
  }

  /** Lets the owner sign, once network and account were asked for anew. */
  async function sign<T>(ask: () => Promise<T>): Promise<T> {
    if (isOver) throw new WalletError('locked', 'The wallet is disconnected.', { walletName: name })
    const owner = address
    if ((await getChainId()) !== network.chainId)
      throw new WalletError('wrong-network', `The wallet is not on ${network.label}.`)
    // A silent wallet may have another account chosen, of which its adapter knows nothing.
    const readChosen = (): Address =>
      (wallet.isSilent ? readInjectedAccount(wallet) : null) ?? readAccount(adapter, name)
    const isOther = (): boolean => readChosen() !== owner
    const otherAccount = (): WalletError =>
      new WalletError('account-changed', 'Another account was chosen in the wallet.')
    if (isOther()) throw otherAccount()
    try {
      return await ask()
    } catch (error) {
      const failure = toWalletError(error, name)
      // Wallets say in words of their own that the key of the account chosen meanwhile does not fit.
      throw failure.code === 'wallet-failed' && isOther() ? otherAccount() : failure
    }
  }

  const signer: TransactionSigner = {
    get address() {
      return address
    },
    signTransaction: (transaction) =>
      sign<unknown>(() => adapter.signTransaction(transaction as AdapterTransaction)),
  }

  return {
    kind,
    name,
    canSignSilently: false,
    signer,
    signMessage: async (text) => parseMessageSignature(await sign(() => adapter.signMessage(text))),
    get address() {
      return address
    },
    getChainId,
    async switchChain() {
      try {
        await adapter.switchChain(`0x${network.chainId.toString(16).padStart(8, '0')}`)
      } catch (error) {
        const failure = toWalletError(error, name)
        throw failure.code === 'rejected' || failure.code === 'request-pending'
          ? failure
          : new WalletError(
              'switch-unsupported',
              `The wallet could not switch. Choose ${network.label} in ${name} by hand.`,
              { cause: error, walletName: name },
            )
      }
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    disconnect() {
      if (isOver) return
      end()
      listeners.clear()
      void adapter.disconnect()
    },
  }
}

function parseChainId(text: unknown, walletName: string): number {
  if (typeof text !== 'string' || !/^0x[0-9a-fA-F]{1,8}$/.test(text))
    throw new WalletError('locked', 'The wallet does not say on which network it is.', { walletName })
  return Number.parseInt(text, 16)
}
