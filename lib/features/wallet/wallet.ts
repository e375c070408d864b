/** The connected wallet as a store: connection, network, balances. Balances are read from the chain, never guessed. */

import { createStore, WalletError } from '../../base/index.ts'
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
import { ZERO_AMOUNT } from '../../units/index.ts'
import type { WalletConnection, WalletKind, WalletOffer } from '../../wallet/index.ts'
import { INITIAL_WALLET } from './initial.ts'
import type { WalletCommands, WalletSnapshot } from './snapshot.ts'

/** The wallet that was connected last, so that a reload connects it again. */
const WALLET_KEY = 'wallet'
const BALANCE_INTERVAL_MS = 6_000
const REVOCATION = { kind: 'approve', amount: ZERO_AMOUNT } as const

type Need = 'config' | 'chain' | 'lead' | 'walletDesk' | 'report'

/** Begins with the wallet of the last visit, without a pop-up where the wallet allows it. */
export function startWallet(
  capabilities: Pick<Capabilities, Need>,
): RunningFeature<WalletSnapshot, WalletCommands> {
  const { config, chain, lead, walletDesk, report } = capabilities
  const network = async (): Promise<Network> => (await config()).network
  const store = createStore<WalletSnapshot>(INITIAL_WALLET)
  let offers: readonly WalletOffer[] = []
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
    show({ status: 'disconnected', problem, offers })
    if (had) walletDesk.announce()
    await findWallets()
  }

  async function findWallets(): Promise<void> {
    const wallets = await import('../../wallet/index.ts')
    offers = await wallets.findWallets()
    const now = store.get()
    if (now.status === 'disconnected' || now.status === 'connecting') show({ ...now, offers })
  }

  async function showConnected(next: WalletConnection): Promise<void> {
    const wanted = await network()
    if ((await next.getChainId()) !== wanted.chainId) {
      const { kind, name, address } = next
      show({ status: 'wrongNetwork', kind, name, address, wanted: wanted.label })
      return
    }
    show({
      status: 'connected',
      kind: next.kind,
      name: next.name,
      address: next.address,
      trx: null,
      btt: null,
      resources: null,
      bttold: null,
      allowance: null,
      problem: null,
      isFilling: false,
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
      const [means, btt, allowance] = await Promise.all([
        reader.getMeans(before.address),
        reader.getBttBalance(before.address),
        reader.getAllowance(before.address),
      ])
      const { balanceSun: trx, energy, bttold } = means
      const resources = { energy, bandwidthBytes: Math.max(means.stakedBytes, means.freeBytes) }
      const now = store.get()
      if (now.status !== 'connected' || now.address !== before.address) return
      const isSame =
        now.trx === trx &&
        now.btt === btt &&
        now.allowance === allowance &&
        now.bttold === bttold &&
        now.resources?.energy === energy &&
        now.resources.bandwidthBytes === resources.bandwidthBytes
      if (!isSame || now.problem) show({ ...now, trx, btt, resources, bttold, allowance, problem: null })
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
    try {
      const { connectWallet, nameWallet } = await import('../../wallet/index.ts')
      const choice = nameWallet(kind, offers)
      show({ status: 'connecting', ...choice, offers })
      const opened = await connectWallet(choice, await network())
      if (isStopped) opened.disconnect()
      else await adopt(opened)
      return { status: 'done' }
    } catch (error) {
      const outcome = toOutcome(error)
      await showDisconnected(outcome.status === 'failed' ? outcome.problem : null)
      return outcome
    }
  }

  /** So that nobody's first demo wallet is greeted by what it lacks. */
  async function fillDemoWallet(): Promise<Outcome | null> {
    const now = store.get()
    const { faucetUrl, isTestnet } = await network()
    const isEmpty = now.status === 'connected' && now.kind === 'demo' && now.trx === 0n && now.btt === 0n
    if (!isEmpty || !faucetUrl || !isTestnet) return null
    show({ ...now, isFilling: true })
    const outcome = await requestFaucet()
    const after = store.get()
    if (after.status === 'connected') show({ ...after, isFilling: false })
    return outcome
  }

  async function requestFaucet(): Promise<Outcome> {
    const now = store.get()
    if (now.status !== 'connected') return { status: 'failed', problem: describeCode('faucet-refused') }
    try {
      const wallets = await import('../../wallet/index.ts')
      await wallets.requestFaucet(await network(), now.address)
      await refreshBalances()
      return { status: 'done' }
    } catch (error) {
      return { status: 'failed', problem: describeError(error) }
    }
  }

  async function reconnect(): Promise<void> {
    const wishBefore = wish
    await findWallets()
    const { nameWallet, parseWalletKind, reconnectWallet } = await import('../../wallet/index.ts')
    const kind = parseWalletKind(readMemory(WALLET_KEY))
    const restored = kind ? await reconnectWallet(nameWallet(kind, offers), await network()) : null
    if (wish !== wishBefore) restored?.disconnect()
    else if (restored) await adopt(restored)
  }

  /** What an earlier visit chose may be impossible now: a demo wallet where coins have value. */
  async function restore(): Promise<void> {
    await lead.granted
    if (isStopped) return
    try {
      await reconnect()
    } catch (error) {
      await showDisconnected(describeError(error))
    }
  }

  walletDesk.onRefresh(() => void refreshBalances())
  restore().catch(report)

  return {
    store,
    stop() {
      isStopped = true
      wish += 1
      if (timer) clearInterval(timer)
      connection?.disconnect()
    },
    commands: {
      findWallets,
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
      async previewRevoke() {
        try {
          if (!connection) throw new WalletError('not-connected', 'Connect a wallet first.')
          const { feeSun } = await (await chain()).estimateFee(REVOCATION, connection.address)
          return { status: 'known', feeSun }
        } catch (error) {
          return { status: 'unknown', problem: describeError(error) }
        }
      },
      async revokeAllowance() {
        try {
          // Another tab may be about to lock what it allowed.
          await lead.require()
          if (!connection) throw new WalletError('not-connected', 'Connect a wallet first.')
          await (await chain()).send(REVOCATION, connection.signer)
          return { status: 'done' }
        } catch (error) {
          return toOutcome(error)
        } finally {
          await refreshBalances()
        }
      },
      requestFaucet,
      fillDemoWallet,
      async exportDemoWallet() {
        if (connection?.kind !== 'demo') return null
        try {
          const { exportDemoWalletSecret } = await import('../../wallet/index.ts')
          return await exportDemoWalletSecret(await network())
        } catch (error) {
          report(error)
          return null
        }
      },
    },
  }
}

export const walletFeature: Feature<'wallet', WalletSnapshot, WalletCommands, Need> = {
  name: 'wallet',
  needs: ['config', 'chain', 'lead', 'walletDesk', 'report'],
  initial: INITIAL_WALLET,
  start: startWallet,
}
