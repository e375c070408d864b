/**
 * TronLink behind its official adapter. Invariant: before each signature the wallet's network and account are asked
 * for anew, and both must be what the transaction is for.
 */

import { WalletError } from '../base/index.ts'
import { type Address, type Network, parseAddress, type TransactionSigner } from '../tron/index.ts'
import { parseMessageSignature } from './message-signature.ts'
import type { WalletChange, WalletConnection } from './wallet-connection.ts'
import { toWalletError } from './wallet-failure.ts'

/** How long the adapter looks for the extension. Found ones answer at once; a person who asked waits for the answer. */
const DETECTION_MS = 1_500
/** At a page's start the machine may be busy, and nobody waits. */
const START_DETECTION_MS = 10_000
/** TronLink says "no account" for a moment after it connects and as it switches: wait before believing it. */
const SETTLE_MS = 400

type Adapter = InstanceType<typeof import('./tronlink-adapter.ts')['TronLinkAdapter']>
type AdapterTransaction = Parameters<Adapter['signTransaction']>[0]

/**
 * Connects to TronLink; it asks its owner unless this site is authorised already. A new adapter each time: one that
 * was declined keeps no way back. Throws WalletError: 'not-installed', 'rejected', 'request-pending', 'locked',
 * 'wallet-failed'. A wallet on another network connects: ask `getChainId`, offer `switchChain`.
 */
export async function connectTronLink(network: Network): Promise<WalletConnection> {
  return connect(await createAdapter(DETECTION_MS), network)
}

/** Connects only where TronLink needs not ask its owner; null otherwise. Never throws: it runs at every start. */
export async function reconnectTronLink(network: Network): Promise<WalletConnection | null> {
  const adapter = await createAdapter(START_DETECTION_MS)
  try {
    // Detection is over once the network is known; it throws where no account is authorised.
    await adapter.network()
    return await connect(adapter, network)
  } catch {
    // Not installed, locked or not authorised: the same as never connected.
    adapter.removeAllListeners()
    return null
  }
}

async function createAdapter(checkTimeout: number): Promise<Adapter> {
  const { TronLinkAdapter } = await import('./tronlink-adapter.ts')
  const adapter = new TronLinkAdapter({
    checkTimeout,
    openUrlWhenWalletNotFound: false,
    openAppWithDeeplink: false,
    openTronLinkAppOnMobile: false,
    dappName: 'Piecemeal',
  })
  // What it reports by events it also throws; without a listener some emitters throw on 'error'.
  adapter.on('error', () => undefined)
  return adapter
}

async function connect(adapter: Adapter, network: Network): Promise<WalletConnection> {
  try {
    await adapter.connect()
    readAccount(adapter)
  } catch (error) {
    adapter.removeAllListeners()
    throw toWalletError(error)
  }
  return createConnection(adapter, network)
}

function readAccount(adapter: Adapter): Address {
  const address = parseAddress(adapter.address)
  if (!address) throw new WalletError('locked', 'The wallet named no account.')
  return address
}

function createConnection(adapter: Adapter, network: Network): WalletConnection {
  const listeners = new Set<(change: WalletChange) => void>()
  let address = readAccount(adapter)
  let isOver = false
  let settling: ReturnType<typeof setTimeout> | null = null

  const emit = (kind: WalletChange['kind']): void => {
    for (const listener of [...listeners]) listener({ kind })
  }
  const end = (): void => {
    isOver = true
    if (settling) clearTimeout(settling)
    adapter.removeAllListeners()
  }

  async function settle(): Promise<void> {
    settling = null
    try {
      // Without an account the adapter has let go; where the site is still authorised this brings it back silently.
      if (!adapter.connected && hasInjectedAccount()) await adapter.connect()
      const next = readAccount(adapter)
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
  adapter.on('chainChanged', () => emit('network'))

  async function getChainId(): Promise<number> {
    try {
      return parseChainId((await adapter.network()).chainId)
    } catch (error) {
      throw toWalletError(error)
    }
  }

  /** Lets the owner sign, once network and account were asked for anew. */
  async function sign<T>(ask: () => Promise<T>): Promise<T> {
    if (isOver) throw new WalletError('locked', 'The wallet is disconnected.')
    const owner = address
    if ((await getChainId()) !== network.chainId)
      throw new WalletError('wrong-network', `The wallet is not on ${network.label}.`)
    const isOther = (): boolean => readAccount(adapter) !== owner
    const otherAccount = (): WalletError =>
      new WalletError('account-changed', 'Another account was chosen in the wallet.')
    if (isOther()) throw otherAccount()
    try {
      return await ask()
    } catch (error) {
      const failure = toWalletError(error)
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
    kind: 'tronlink',
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
        const failure = toWalletError(error)
        throw failure.code === 'rejected' || failure.code === 'request-pending'
          ? failure
          : new WalletError(
              'switch-unsupported',
              `The wallet could not switch. Choose ${network.label} in TronLink by hand.`,
              { cause: error },
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

function parseChainId(text: unknown): number {
  if (typeof text !== 'string' || !/^0x[0-9a-fA-F]{1,8}$/.test(text))
    throw new WalletError('locked', 'The wallet does not say on which network it is.')
  return Number.parseInt(text, 16)
}

interface InjectedTronWeb {
  readonly defaultAddress?: { readonly base58?: unknown }
}
interface InjectedWindow {
  readonly tron?: { readonly tronWeb?: InjectedTronWeb | false }
  readonly tronLink?: { readonly tronWeb?: InjectedTronWeb | false }
}

function hasInjectedAccount(): boolean {
  const { tron, tronLink } = window as unknown as InjectedWindow
  return [tron?.tronWeb, tronLink?.tronWeb].some(
    (tronWeb) => tronWeb && parseAddress(tronWeb.defaultAddress?.base58) !== null,
  )
}
