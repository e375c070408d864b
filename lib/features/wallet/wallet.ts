/** The connected wallet as a store: connection, network, balances. Balances are read from the chain, never guessed. */

import type { Store } from '../../base/index.ts'
import { createStore, WalletError } from '../../base/index.ts'
import type { Chain } from '../../channels/index.ts'
import type { Network } from '../../tron/index.ts'
import type { WalletConnection } from '../../wallet/index.ts'
import { describeCode, describeError } from '../../kernel/describe-error.ts'
import type { NodeCommands, Outcome, Problem, WalletKind, WalletSnapshot } from '../../site/index.ts'
import { toOutcome } from '../../kernel/outcome.ts'
import { readWalletKind, writeWalletKind } from '../../kernel/browser-memory.ts'

const BALANCE_INTERVAL_MS = 6_000

export interface WalletSession {
  readonly store: Store<WalletSnapshot>
  readonly commands: Pick<
    NodeCommands,
    'connectWallet' | 'disconnectWallet' | 'switchNetwork' | 'refreshBalances' | 'requestFaucet'
  >
  /** The live connection on the right network. Throws WalletError when there is none. */
  requireConnection(): WalletConnection
  getConnection(): WalletConnection | null
  /** Connects again what was connected at the last visit, without a pop-up where the wallet allows it. */
  reconnect(): Promise<void>
  onConnection(listener: (connection: WalletConnection | null) => void): void
}

export interface WalletSessionOptions {
  readonly network: () => Promise<Network>
  readonly chain: () => Promise<Chain>
}

export function createWalletSession({ network, chain }: WalletSessionOptions): WalletSession {
  const store = createStore<WalletSnapshot>({ status: 'disconnected', problem: null, tronlinkFound: false })
  const listeners = new Set<(connection: WalletConnection | null) => void>()
  let connection: WalletConnection | null = null
  let timer: ReturnType<typeof setInterval> | null = null
  /** Grows with each wish of the user: what an older one brings late no longer counts. */
  let wish = 0

  const announce = (): void => {
    for (const listener of listeners) listener(connection)
  }

  async function showDisconnected(problem: Problem | null): Promise<void> {
    if (timer) clearInterval(timer)
    timer = null
    const had = connection !== null
    connection = null
    const { isTronLinkPresent } = await import('../../wallet/index.ts')
    store.set({ status: 'disconnected', problem, tronlinkFound: await isTronLinkPresent() })
    if (had) announce()
  }

  async function showConnected(next: WalletConnection): Promise<void> {
    const wanted = await network()
    if ((await next.getChainId()) !== wanted.chainId) {
      store.set({ status: 'wrongNetwork', kind: next.kind, address: next.address, wanted: wanted.label })
      return
    }
    store.set({
      status: 'connected',
      kind: next.kind,
      address: next.address,
      trx: null,
      btt: null,
      problem: null,
    })
    announce()
    await refreshBalances()
    if (timer) clearInterval(timer)
    timer = setInterval(() => void refreshBalances(), BALANCE_INTERVAL_MS)
  }

  async function refreshBalances(): Promise<void> {
    const before = store.get()
    if (before.status !== 'connected') return
    try {
      const reader = await chain()
      const [trx, btt] = await Promise.all([
        reader.getTrxBalance(before.address),
        reader.getBttBalance(before.address),
      ])
      const now = store.get()
      if (now.status !== 'connected' || now.address !== before.address) return
      if (now.trx !== trx || now.btt !== btt || now.problem) store.set({ ...now, trx, btt, problem: null })
    } catch (error) {
      const now = store.get()
      if (now.status === 'connected') store.set({ ...now, problem: describeError(error) })
    }
  }

  async function adopt(next: WalletConnection): Promise<void> {
    connection?.disconnect()
    connection = next
    next.onChange((change) => {
      if (connection !== next) return
      if (change.kind === 'disconnected') void showDisconnected(null)
      else void showConnected(next)
    })
    writeWalletKind(next.kind)
    await showConnected(next)
  }

  async function open(kind: WalletKind): Promise<Outcome> {
    wish += 1
    store.set({ status: 'connecting', kind })
    try {
      const wallets = await import('../../wallet/index.ts')
      const wanted = await network()
      await adopt(
        kind === 'tronlink' ? await wallets.connectTronLink(wanted) : await wallets.createDemoWallet(wanted),
      )
      return { status: 'done' }
    } catch (error) {
      const outcome = toOutcome(error)
      await showDisconnected(outcome.status === 'failed' ? outcome.problem : null)
      return outcome
    }
  }

  async function reconnect(): Promise<void> {
    const kind = readWalletKind()
    const wishBefore = wish
    if (kind === 'demo') {
      await open('demo')
      return
    }
    const { isTronLinkPresent, reconnectTronLink } = await import('../../wallet/index.ts')
    const restored = kind === 'tronlink' ? await reconnectTronLink(await network()) : null
    const tronlinkFound = restored !== null || (await isTronLinkPresent())
    if (wish !== wishBefore) {
      restored?.disconnect()
      return
    }
    if (restored) await adopt(restored)
    else store.set({ status: 'disconnected', problem: null, tronlinkFound })
  }

  return {
    store,
    getConnection: () => connection,
    requireConnection() {
      if (!connection || store.get().status !== 'connected')
        throw new WalletError('not-connected', 'Connect a wallet first.')
      return connection
    },
    onConnection: (listener) => void listeners.add(listener),
    reconnect,
    commands: {
      connectWallet: open,
      async disconnectWallet() {
        wish += 1
        connection?.disconnect()
        writeWalletKind(null)
        await showDisconnected(null)
      },
      async switchNetwork() {
        try {
          await connection?.switchChain()
          if (connection) await showConnected(connection)
          return { status: 'done' }
        } catch (error) {
          return { status: 'failed', problem: describeError(error) }
        }
      },
      refreshBalances,
      async requestFaucet() {
        const now = store.get()
        if (now.status !== 'connected') return { status: 'failed', problem: describeCode('faucet-refused') }
        try {
          const { requestFaucet } = await import('../../wallet/index.ts')
          await requestFaucet(await network(), now.address)
          await refreshBalances()
          return { status: 'done' }
        } catch (error) {
          return { status: 'failed', problem: describeError(error) }
        }
      },
    },
  }
}
