/** The connected wallet as a store: connection, network, balances. Balances are read from the chain, never guessed. */

import { createStore } from '../../base/index.ts'
import {
  type Capabilities,
  describeCode,
  describeError,
  type Feature,
  type Outcome,
  type Problem,
  type RunningFeature,
  readMemory,
  toOutcome,
  writeMemory,
} from '../../kernel/index.ts'
import type { Network } from '../../tron/index.ts'
import type { WalletConnection, WalletKind } from '../../wallet/index.ts'
import { INITIAL_WALLET } from './initial.ts'
import type { WalletCommands, WalletSnapshot } from './snapshot.ts'

/** The wallet that was connected last, so that a reload connects it again. */
const WALLET_KEY = 'wallet'
const BALANCE_INTERVAL_MS = 6_000

type Need = 'config' | 'chain' | 'lead' | 'walletDesk' | 'report'

/** Begins with the wallet of the last visit, without a pop-up where the wallet allows it. */
export function startWallet(
  capabilities: Pick<Capabilities, Need>,
): RunningFeature<WalletSnapshot, WalletCommands> {
  const { config, chain, lead, walletDesk, report } = capabilities
  const network = async (): Promise<Network> => (await config()).network
  const store = createStore<WalletSnapshot>(INITIAL_WALLET)
  let connection: WalletConnection | null = null
  let timer: ReturnType<typeof setInterval> | null = null
  /** Grows with each wish of the user: what an older one brings late no longer counts. */
  let wish = 0

  let isStopped = false

  /** What is shown, and what lies on the desk for others. */
  function show(snapshot: WalletSnapshot): void {
    store.set(snapshot)
    const { status } = snapshot
    walletDesk.put(connection, status === 'connected')
    walletDesk.hold(
      status === 'connected' ? { address: snapshot.address, trx: snapshot.trx, btt: snapshot.btt } : null,
    )
  }

  async function showDisconnected(problem: Problem | null): Promise<void> {
    if (timer) clearInterval(timer)
    timer = null
    const had = connection !== null
    connection = null
    const { isTronLinkPresent } = await import('../../wallet/index.ts')
    show({ status: 'disconnected', problem, tronlinkFound: await isTronLinkPresent() })
    if (had) walletDesk.announce()
  }

  async function showConnected(next: WalletConnection): Promise<void> {
    const wanted = await network()
    if ((await next.getChainId()) !== wanted.chainId) {
      show({ status: 'wrongNetwork', kind: next.kind, address: next.address, wanted: wanted.label })
      return
    }
    show({
      status: 'connected',
      kind: next.kind,
      address: next.address,
      trx: null,
      btt: null,
      problem: null,
    })
    walletDesk.announce()
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
      if (now.trx !== trx || now.btt !== btt || now.problem) show({ ...now, trx, btt, problem: null })
    } catch (error) {
      const now = store.get()
      if (now.status === 'connected') show({ ...now, problem: describeError(error) })
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
    writeMemory(WALLET_KEY, next.kind)
    await showConnected(next)
  }

  async function open(kind: WalletKind): Promise<Outcome> {
    wish += 1
    show({ status: 'connecting', kind })
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
    else show({ status: 'disconnected', problem: null, tronlinkFound })
  }

  walletDesk.onRefresh(() => void refreshBalances())
  lead.granted.then(() => (isStopped ? undefined : reconnect())).catch(report)

  return {
    store,
    stop() {
      isStopped = true
      wish += 1
      if (timer) clearInterval(timer)
      connection?.disconnect()
    },
    commands: {
      connectWallet: open,
      async disconnectWallet() {
        wish += 1
        connection?.disconnect()
        writeMemory(WALLET_KEY, null)
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

function readWalletKind(): WalletKind | null {
  const value = readMemory(WALLET_KEY)
  return value === 'tronlink' || value === 'demo' ? value : null
}

export const walletFeature: Feature<'wallet', WalletSnapshot, WalletCommands, Need> = {
  name: 'wallet',
  needs: ['config', 'chain', 'lead', 'walletDesk', 'report'],
  initial: INITIAL_WALLET,
  start: startWallet,
}
