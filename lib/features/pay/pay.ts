/** Paying for speed as the page sees it: one store, plain commands. The payer account owns the truth; this maps it. */

import { ChainError, createStore, systemClock, wait } from '../../base/index.ts'
import { makeRecoveryFile } from '../../channels/index.ts'
import {
  type Capabilities,
  describeCode,
  describeError,
  type Feature,
  type Outcome,
  once,
  type Problem,
  type RunningFeature,
  readMemory,
  type StateCode,
  toOutcome,
  writeMemory,
} from '../../kernel/index.ts'
import {
  createPayer,
  type PayerAccount,
  type PayerStep,
  type SettleOutcome,
  type TorrentAnswer,
} from '../../payments/index.ts'
import { type Amount, ZERO_AMOUNT } from '../../units/index.ts'
import type { WalletConnection } from '../../wallet/index.ts'
import { createElsewhere } from './elsewhere.ts'
import { INITIAL_PAY } from './initial.ts'
import { toPaySnapshot } from './pay-snapshot.ts'
import { toPayerWallet } from './payer-wallet.ts'
import type { FeePreview, PayCommands, PaySnapshot } from './snapshot.ts'
import { FEE_STOP_KEY, weighFees } from './weigh-fees.ts'

/** A connected seller answers at once; one that is silent this long is left to the close delay. */
const RELEASE_TIMEOUT_MS = 8_000
/** Pieces under way are done in a moment, or their seller is slow. */
const FINISH_TIMEOUT_MS = 3_000
const TIP_WORDS: Readonly<Record<string, StateCode>> = {
  'not-agreed': 'tip-not-here',
  'too-small': 'tip-too-small',
  'no-seat': 'tip-no-seat',
  'too-little': 'tip-too-little',
}
/** Problems that another account in the wallet may have solved. */
const OF_THE_ACCOUNT: ReadonlySet<string> = new Set(['wrong-account', 'account-changed', 'wrong-network'])
/** How often a start that an earlier visit left under way is looked up. */
const LOOK_INTERVAL_MS = 3_000
/** How often the chain's clock is read while a close delay runs. */
const CLOCK_LOOK_MS = 10_000

type Need = 'config' | 'chain' | 'ledger' | 'lead' | 'wallet' | 'swarm' | 'publish' | 'report'

/** Begins by showing money that an earlier visit left locked; loads the chain's code only if there is some. */
export function startPay(capabilities: Pick<Capabilities, Need>): RunningFeature<PaySnapshot, PayCommands> {
  const { config, chain, ledger, lead, wallet, swarm, publish: joinPublisher, report } = capabilities
  const store = createStore<PaySnapshot>(INITIAL_PAY)
  let isStopped = false
  let payer: PayerAccount | null = null
  let step: PayerStep | null = null
  let startingBudget: Amount = ZERO_AMOUNT
  let problem: Problem | null = null
  let isDismissed = false
  let isLookingUp = false
  let isWatchingClock = false
  let chainAheadMs: number | null = null
  let unwatchAccount = (): void => undefined

  const elsewhere = createElsewhere({
    chain,
    getOwnSigner: () => payer?.getOwnSigner() ?? null,
    onChange: () => publish(),
  })

  const publish: () => void = joinPublisher(() => {
    if (payer?.getState()?.status === 'closing') watchChainClock().catch(report)
    if (payer && !isStopped)
      store.set(
        toPaySnapshot(payer, {
          step,
          startingBudget,
          problem,
          isDismissed,
          elsewhere: elsewhere.list(),
          search: elsewhere.getSearch(),
          chainAheadMs,
        }),
      )
  })

  /** Throws AppError 'other-tab': two tabs must never sign from one channel. */
  const openPayer = once(async () => {
    await lead.require()
    const { openSessionKey } = await import('../../wallet/index.ts')
    const [connected, store, sessionKey, bttPerTrx] = await Promise.all([
      chain(),
      ledger(),
      openSessionKey(),
      readRate(),
    ])
    const account = createPayer({ chain: connected, ledger: store, sessionKey, bttPerTrx, getMissingBytes })
    await account.restore()
    return account
  })

  const readRate = async (): Promise<Amount | null> => (await config()).rates?.bttPerTrx ?? null

  /** What is still to come of a torrent; null while nobody knows, 0 once it is off the list. */
  function getMissingBytes(infoHash: string): number | null {
    const running = swarm.getRunning()
    if (!running) return null
    const torrent = running.engine.getSnapshot(infoHash)
    if (!torrent) return 0
    return torrent.lengthBytes === 0 ? null : torrent.lengthBytes - torrent.verifiedBytes
  }

  async function requirePayer(): Promise<PayerAccount> {
    if (payer) return payer
    const account = await openPayer()
    if (payer) return payer
    payer = account
    unwatchAccount = account.onChange(publish)
    account.setWallet(toPayerWallet(wallet.getConnection()))
    publish()
    swarm.onExchange((market) => market.setPayer(account))
    return account
  }

  const onStep = (next: PayerStep): void => {
    step = next
    publish()
  }

  /** Runs a command of the wallet with its steps on screen; what it throws becomes the outcome. */
  async function attempt(
    run: (account: PayerAccount, connection: WalletConnection) => Promise<void>,
  ): Promise<Outcome> {
    problem = null
    isDismissed = false
    try {
      const connection = wallet.requireConnection()
      const account = await requirePayer()
      await run(account, connection)
      return { status: 'done' }
    } catch (error) {
      const outcome = toOutcome(error)
      problem = outcome.status === 'failed' ? outcome.problem : null
      return outcome
    } finally {
      step = null
      publish()
      wallet.refreshBalances()
      lookElsewhere()
    }
  }

  async function answer(infoHash: string, said: TorrentAnswer): Promise<Outcome> {
    try {
      await (await requirePayer()).answerTorrent(infoHash, said)
      return { status: 'done' }
    } catch (error) {
      return toOutcome(error)
    }
  }

  const refusesHighFees = (): boolean => readMemory(FEE_STOP_KEY) === true

  /** Throws ChainError, WalletError. */
  async function previewFees(budget: Amount): Promise<FeePreview> {
    const { address } = wallet.requireConnection()
    const preview = await (await requirePayer()).previewStart(budget, address)
    return weighFees(preview, {
      budget,
      btt: wallet.held.get()?.btt,
      bttPerTrx: await readRate(),
      refusesHighFees: refusesHighFees(),
    })
  }

  async function settle(account: PayerAccount, connection: WalletConnection): Promise<SettleOutcome> {
    const terms = { wallet: toPayerWallet(connection), onStep }
    // Without a swarm nobody can release; the close delay then decides.
    const market = await swarm.requireExchange().catch(() => null)
    try {
      return await account.settle({
        ...terms,
        finishPieces: async () => market?.finishPieces(FINISH_TIMEOUT_MS),
        collectReleases: async (channelIds) => market?.collectReleases(channelIds, RELEASE_TIMEOUT_MS),
      })
    } finally {
      market?.resumeBuying()
    }
  }

  /** While a close delay runs, the chain is asked what time it is: this computer's clock may be hours off. */
  async function watchChainClock(): Promise<void> {
    if (isWatchingClock) return
    isWatchingClock = true
    try {
      while (payer?.getState()?.status === 'closing' && !isStopped) {
        const headMs = await (await chain()).getHeadTimeMs().catch(() => null)
        chainAheadMs = headMs === null ? null : headMs - Date.now()
        publish()
        await wait(systemClock, CLOCK_LOOK_MS)
      }
    } finally {
      isWatchingClock = false
    }
  }

  /** Only while nothing of this browser is locked: a budget in hand is settled first. */
  function lookElsewhere(): void {
    const connection = wallet.getConnection()
    if (!payer || isStopped || payer.getOwnSigner() !== null) return
    elsewhere.look(connection?.address ?? null)
  }

  const unwatch = wallet.onConnection((connection) => {
    payer?.setWallet(connection ? toPayerWallet(connection) : null)
    if (connection && problem && OF_THE_ACCOUNT.has(problem.code)) {
      problem = null
      publish()
    }
    // Sellers are offered to the payer from here on, so that a budget finds its seats in one transaction.
    if (connection) requirePayer().then(lookElsewhere, () => undefined)
    else elsewhere.look(null)
  })

  /** Whether this browser has money locked, found without loading the chain's code. */
  async function hasLockedMoney(): Promise<boolean> {
    const sessions = await (await ledger()).list('sessions')
    return sessions.some(({ state }) => state.status !== 'settled' && state.status !== 'failed')
  }

  async function restore(): Promise<void> {
    await lead.granted
    if (isStopped || !(await hasLockedMoney())) return
    await lookUpStart(await requirePayer())
  }

  /** A start whose answer was lost is looked up until its fate is known. */
  async function lookUpStart(account: PayerAccount): Promise<void> {
    if (isLookingUp) return
    isLookingUp = true
    try {
      while (account.getState()?.status === 'starting' && !isStopped) {
        await wait(systemClock, LOOK_INTERVAL_MS)
        if (step === null && !isStopped) await account.resolvePending()
      }
    } finally {
      isLookingUp = false
    }
  }

  /** What was asked for in this visit goes on once the chain says that it stands. */
  async function resumeWhenKnown(account: PayerAccount): Promise<void> {
    if (account.getState()?.status !== 'starting') return
    await lookUpStart(account)
    if (isStopped || account.getState()?.status !== 'stopped') return
    problem = null
    await account.resume()
  }
  restore().catch(report)

  return {
    store,
    stop() {
      isStopped = true
      elsewhere.stop()
      unwatch()
      unwatchAccount()
      payer?.setWallet(null)
      swarm.onExchange((market) => market.setPayer(null))
    },
    commands: {
      async previewFees(budget) {
        try {
          return { status: 'known', preview: await previewFees(budget) }
        } catch (error) {
          return { status: 'unknown', problem: describeError(error) }
        }
      },
      refuseHighFees: (refuses) => writeMemory(FEE_STOP_KEY, refuses || null),
      startPaying: ({ budget, maxAskPerMiB, torrents }) =>
        attempt(async (account, connection) => {
          startingBudget = budget
          // Balances and allowance are read first: the screen shows the first step meanwhile.
          onStep({ plan: ['approve', 'fund'], step: 'approve', waitingFor: 'confirm', txId: null })
          if (refusesHighFees() && (await previewFees(budget)).areFeesHigh)
            throw new ChainError('fees-too-high', 'The fees are more than a tenth of the budget.')
          const terms = { budget, maxAskPerMiB, torrents, wallet: toPayerWallet(connection), onStep }
          await account.start(terms).catch((error: unknown) => {
            resumeWhenKnown(account).catch(report)
            throw error
          })
        }),
      payHere: (infoHash) => answer(infoHash, 'pay'),
      watchFreeHere: (infoHash) => answer(infoHash, 'free'),
      stopPaying: () => void payer?.stop(),
      async resumePaying() {
        problem = null
        try {
          await (await requirePayer()).resume()
          return { status: 'done' }
        } catch (error) {
          problem = describeError(error)
          publish()
          return toOutcome(error)
        }
      },
      takeBack: (signer) =>
        attempt(async (account, connection) => {
          const found = await elsewhere.find(connection.address, signer)
          if (!found) return
          await account.adopt(connection.address, found)
          await settle(account, connection)
        }),
      async readBlocks(newest) {
        try {
          const { address } = wallet.requireConnection()
          await requirePayer()
          await elsewhere.readBlocks(address, newest)
          return { status: 'done' }
        } catch (error) {
          return toOutcome(error)
        }
      },
      stopReadingBlocks: () => elsewhere.stopReading(),
      async openRecoveryFile(text) {
        try {
          const { address } = wallet.requireConnection()
          await requirePayer()
          await elsewhere.lookWith(address, text)
          return { status: 'done' }
        } catch (error) {
          return toOutcome(error)
        }
      },
      async makeRecoveryFile() {
        const openings = payer?.listOpenings().map(({ fields, note }) => ({ channel: fields, note })) ?? []
        return openings.length === 0 ? null : makeRecoveryFile((await config()).network, openings)
      },
      topUp: (amount) =>
        attempt(async (account, connection) => {
          onStep({ plan: ['approve', 'fund'], step: 'approve', waitingFor: 'confirm', txId: null })
          await account.topUp({ amount, wallet: toPayerWallet(connection), onStep })
        }),
      openMoreSeats: () =>
        attempt((account, connection) => account.openPlanned(toPayerWallet(connection), onStep)),
      async tip(infoHash, peerKey, amount, memo) {
        try {
          if (payer && !payer.mayPayFor(infoHash))
            return { status: 'failed', problem: describeCode('tip-not-here') }
          const outcome = await (await swarm.requireExchange()).tip(peerKey, amount, memo)
          if (outcome.status === 'sent') return { status: 'done' }
          return { status: 'failed', problem: describeCode(TIP_WORDS[outcome.code] ?? 'tip-failed') }
        } catch (error) {
          return toOutcome(error)
        }
      },
      async previewSettle() {
        try {
          const { feeSun, signatures, silent, balanceSun } = await (await requirePayer()).previewSettle()
          const problem = balanceSun < feeSun ? describeCode('too-little-trx') : null
          return { status: 'known', preview: { feeSun, signatures, silentFeeSun: silent.feeSun, problem } }
        } catch (error) {
          return { status: 'unknown', problem: describeError(error) }
        }
      },
      settle: () =>
        attempt(async (account, connection) => {
          const wasClosing = account.getState()?.status === 'closing'
          const end = await settle(account, connection)
          if (wasClosing && end.status === 'closing')
            throw new ChainError('too-early', 'The close delay is not over by the network’s clock.')
        }),
      dismissSettlement() {
        isDismissed = true
        problem = null
        publish()
      },
    },
  }
}

export const payFeature: Feature<'pay', PaySnapshot, PayCommands, Need> = {
  name: 'pay',
  needs: ['config', 'chain', 'ledger', 'lead', 'wallet', 'swarm', 'publish', 'report'],
  initial: INITIAL_PAY,
  start: startPay,
}
