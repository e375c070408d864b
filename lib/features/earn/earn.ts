/** Earning by seeding as the page sees it. Independent of paying: either can be on alone. */

import { ChainError, createMutex, createStore, type Hex, WalletError } from '../../base/index.ts'
import type { Endorsement } from '../../channels/index.ts'
import {
  type Capabilities,
  describeCode,
  describeError,
  type Feature,
  type Outcome,
  type Problem,
  type RunningFeature,
  toOutcome,
} from '../../kernel/index.ts'
import {
  chooseSeats,
  createPayee,
  createRowPricer,
  MAX_REDEEM_ROWS,
  type PayeeAccount,
  type RedeemableSeat,
} from '../../payments/index.ts'
import { type Amount, toAmount, toFeeSun, ZERO_AMOUNT } from '../../units/index.ts'
import { INITIAL_EARN } from './initial.ts'
import { forgetSale, keepSale, readSale } from './kept-sale.ts'
import { findEndorsement, isFresh, requestEndorsement } from './page-endorsement.ts'
import type { ClosingPayer, EarnCommands, EarnSnapshot, RedeemPreview } from './snapshot.ts'

/** What a stranger gets from this browser before it asks for money, and the trickle that free peers share after that. */
const FREE_ALLOWANCE_BYTES = 1_048_576
const FREE_BYTES_PER_SEC = 65_536

type Need = 'chain' | 'ledger' | 'lead' | 'wallet' | 'swarm' | 'publish' | 'onWake' | 'config'

const isClosing = ({ closeAtSec }: RedeemableSeat): boolean => closeAtSec !== null

export function startEarn(
  capabilities: Pick<Capabilities, Need>,
  nowMs: () => number = Date.now,
): RunningFeature<EarnSnapshot, EarnCommands> {
  const { chain, ledger, lead, wallet, swarm, publish: joinPublisher, onWake, config } = capabilities
  const store = createStore<EarnSnapshot>(INITIAL_EARN)
  let isStopped = false
  let account: PayeeAccount | null = null
  let askPerMiB: Amount | null = null
  let isRedeeming = false
  let txId: Hex | null = null
  let problem: Problem | null = null
  let endorsement: Endorsement | null = null
  let asksForSignature = false
  let closing: ClosingPayer | null = null
  const opening = createMutex()

  const publish = joinPublisher(() => {
    if (isStopped) return
    const totals = account?.getTotals()
    const redeemable = totals?.redeemable ?? ZERO_AMOUNT
    const earned = totals?.earned ?? ZERO_AMOUNT
    const figures = { earned, redeemable, closing }
    if (isRedeeming) store.set({ status: 'redeeming', askPerMiB, ...figures, txId })
    else if (askPerMiB === null || !totals)
      store.set({ status: 'off', ...figures, keptAskPerMiB: findKeptAsk(), asksForSignature, problem })
    else store.set({ status: 'on', askPerMiB, ...figures, payers: totals.payers, problem })
  })

  /** What the connected account sold when it was last asked to. */
  function findKeptAsk(): Amount | null {
    const sale = readSale()
    return sale && sale.payee === account?.payee ? sale.askPerMiB : null
  }

  /** The payee account of the connected wallet: another wallet is another account. */
  const requireAccount = (): Promise<PayeeAccount> => opening.run(openAccount)

  async function openAccount(): Promise<PayeeAccount> {
    await lead.require()
    const { address } = wallet.requireConnection()
    if (account?.payee === address) return account
    const { openDelegateKey } = await import('../../wallet/index.ts')
    const [connected, kept, delegateKey] = await Promise.all([chain(), ledger(), openDelegateKey()])
    const opened = createPayee({
      chain: connected,
      ledger: kept,
      payee: address,
      delegateKey,
      getEndorsement: () =>
        endorsement?.payee === address && endorsement.untilSec * 1000 > nowMs() ? endorsement : null,
    })
    await opened.restore()
    opened.onChange(publish)
    account = opened
    endorsement = findEndorsement(opened, connected.network, nowMs())
    asksForSignature = !endorsement && wallet.getConnection()?.canSignSilently === false
    publish()
    void lookAtChannels()
    void goOn()
    return opened
  }

  /** The account's word for this browser's key: the one that is kept, or a new one from the wallet. Throws WalletError. */
  async function requireEndorsement(opened: PayeeAccount): Promise<void> {
    if (endorsement?.payee === opened.payee && isFresh(endorsement, nowMs())) return
    const { network } = await chain()
    const given = await requestEndorsement(wallet.requireConnection(), opened.delegate, network, nowMs())
    if (account !== opened || given.payee !== opened.payee)
      throw new WalletError('account-changed', 'Another account was chosen in the wallet.')
    endorsement = given
    asksForSignature = false
  }

  /** A tab may stay open for longer than the wallet's word is good. */
  async function lookAtEndorsement(): Promise<void> {
    if (askPerMiB === null || !endorsement || isFresh(endorsement, nowMs())) return
    const ask = askPerMiB
    if (wallet.getConnection()?.canSignSilently) {
      await attempt(async (opened) => {
        await requireEndorsement(opened)
        await sell(opened, ask)
      })
    } else if (endorsement.untilSec * 1000 <= nowMs()) {
      // A pop-up out of nowhere would be refused: the person is told, and starts again.
      asksForSignature = true
      problem = describeCode('endorsement-over')
      await stopSelling()
    }
  }
  const unwatchEndorsement = onWake(() => void lookAtEndorsement())

  async function sell(opened: PayeeAccount, ask: Amount): Promise<void> {
    const market = await swarm.requireExchange()
    market.setPayee(opened)
    market.setSelling({
      askPerMiB: ask,
      freeAllowanceBytes: FREE_ALLOWANCE_BYTES,
      freeBytesPerSec: FREE_BYTES_PER_SEC,
      // A page would have to ask its user for each opening.
      relayFrom: null,
    })
    askPerMiB = ask
  }

  /** What was sold before a reload is sold again, where the wallet is asked nothing: else its owner starts again. */
  async function goOn(): Promise<void> {
    const ask = findKeptAsk()
    if (isStopped || !account || ask === null || askPerMiB !== null || asksForSignature) return
    // Without consent to peers there is nobody to sell to; `onExchange` comes back to it.
    const market = await swarm.requireExchange().catch(() => null)
    // Its owner may have stopped it meanwhile.
    if (market && findKeptAsk() === ask) await startSelling(ask)
  }
  swarm.onExchange(() => void goOn())

  const startSelling = (ask: Amount): Promise<Outcome> =>
    attempt(async (opened) => {
      await requireEndorsement(opened)
      await sell(opened, ask)
      keepSale({ payee: opened.payee, askPerMiB: ask })
    })

  /** The seats that bring more than they add to the fee, where a rate is known: strangers must not choose what a redemption costs. */
  async function chooseWorth(
    opened: PayeeAccount,
    choose: (seat: RedeemableSeat) => boolean,
  ): Promise<{ readonly all: readonly RedeemableSeat[]; readonly chosen: readonly RedeemableSeat[] }> {
    const all = (await opened.listRedeemable()).filter(choose)
    const bttPerTrx = (await config()).rates?.bttPerTrx ?? null
    const priceRows = createRowPricer(await chain(), opened.payee, () => undefined)
    const terms = { bttPerTrx, floor: ZERO_AMOUNT }
    return { all, chosen: (await chooseSeats(all, terms, priceRows)).seats }
  }

  /** Throws ChainError, WalletError. */
  async function previewRedeem(): Promise<RedeemPreview> {
    const opened = await requireAccount()
    const connected = await chain()
    const { all, chosen } = await chooseWorth(opened, () => true)
    const priceRows = createRowPricer(connected, opened.payee, () => undefined)
    let feeSun = toFeeSun(0n)
    let transactions = 0
    for (let from = 0; from < chosen.length; from += MAX_REDEEM_ROWS) {
      const priced = await priceRows(chosen.slice(from, from + MAX_REDEEM_ROWS))
      feeSun = toFeeSun(feeSun + priced.feeSun)
      transactions += 1
    }
    const { balanceSun } = await connected.getMeans(opened.payee)
    const findProblem = (): Problem | null => {
      if (chosen.length === 0) return describeCode('redeem-too-little')
      return balanceSun < feeSun ? describeCode('too-little-trx') : null
    }
    return { due: sumDue(all), brings: sumDue(chosen), feeSun, transactions, problem: findProblem() }
  }

  /**
   * Channels go on without this tab, which may have slept: a payer's settlement pays without our doing, and what is due from a
   * channel that closes is lost once that is settled without our voucher.
   */
  async function lookAtChannels(): Promise<void> {
    if (!account || isRedeeming) return
    // A silent node changes nothing: the next look asks again.
    const { redeemable } = account.getTotals()
    const seats = redeemable > 0n ? await chooseWorth(account, isClosing).catch(() => null) : null
    if (redeemable > 0n && seats === null) return
    const urgent = seats?.chosen ?? []
    closing = null
    if (urgent.length > 0 && wallet.getConnection()?.canSignSilently) await redeemAll(isClosing)
    // A pop-up out of nowhere would be refused: the person is told, and redeems.
    else closing = sumClosing(urgent)
    publish()
  }
  const unwatchChannels = onWake(() => void lookAtChannels())

  let seenBtt: Amount | null = null
  const unwatchHeld = wallet.held.subscribe(() => {
    const btt = wallet.held.get()?.btt ?? null
    if (btt !== seenBtt && btt !== null) void lookAtChannels()
    seenBtt = btt
  })

  async function stopSelling(): Promise<void> {
    askPerMiB = null
    publish()
    const market = await swarm.requireExchange().catch(() => null)
    market?.setSelling(null)
  }

  const unwatchWallet = wallet.onConnection((connection) => {
    if (!connection || (account && account.payee !== connection.address)) void stopSelling()
    // What was earned on an earlier visit can be redeemed without selling again.
    if (connection) void requireAccount().catch(() => undefined)
  })
  // A tab that followed another one leads once that is closed.
  void lead.granted.then(() => {
    if (!isStopped && wallet.getConnection()) void requireAccount().catch(() => undefined)
  })

  async function attempt(run: (opened: PayeeAccount) => Promise<void>): Promise<Outcome> {
    problem = null
    try {
      await run(await requireAccount())
      return { status: 'done' }
    } catch (error) {
      const outcome = toOutcome(error)
      if (outcome.status === 'failed') problem = outcome.problem
      return outcome
    } finally {
      publish()
    }
  }

  const redeemAll = (choose: (seat: RedeemableSeat) => boolean): Promise<Outcome> =>
    attempt(async (opened) => {
      isRedeeming = true
      publish()
      try {
        const { all, chosen } = await chooseWorth(opened, choose)
        if (all.length > 0 && chosen.length === 0)
          throw new ChainError('redeem-too-little', 'What is due is worth less than the fee.')
        const channels = new Set(chosen.map(({ record }) => record.seat.channelId))
        const batches = await opened.redeem(wallet.requireConnection().signer, {
          choose: ({ record }) => channels.has(record.seat.channelId),
        })
        txId = batches.at(-1)?.txId ?? null
        closing = null
      } finally {
        isRedeeming = false
        wallet.refreshBalances()
      }
    })

  return {
    store,
    async stop() {
      isStopped = true
      for (const unwatch of [unwatchEndorsement, unwatchChannels, unwatchHeld, unwatchWallet]) unwatch()
      await stopSelling()
    },
    commands: {
      startEarning: (terms) => startSelling(terms.askPerMiB),
      stopEarning() {
        forgetSale()
        void stopSelling()
      },
      async previewRedeem() {
        try {
          return { status: 'known', preview: await previewRedeem() }
        } catch (error) {
          return { status: 'unknown', problem: describeError(error) }
        }
      },
      redeem: () => redeemAll(() => true),
    },
  }
}

/** null where nobody closes. */
function sumClosing(seats: readonly RedeemableSeat[]): ClosingPayer | null {
  const times = seats.flatMap(({ closeAtSec }) => closeAtSec ?? [])
  const [first] = times.sort((a, b) => (a < b ? -1 : 1))
  if (first === undefined) return null
  const problem = describeCode('payer-closing')
  return { problem, due: sumDue(seats), closeAtSec: first }
}

const sumDue = (seats: readonly RedeemableSeat[]): Amount =>
  toAmount(seats.reduce((sum, { due }) => sum + due, 0n))

export const earnFeature: Feature<'earn', EarnSnapshot, EarnCommands, Need> = {
  name: 'earn',
  needs: ['chain', 'ledger', 'lead', 'wallet', 'swarm', 'publish', 'onWake', 'config'],
  initial: INITIAL_EARN,
  start: (capabilities) => startEarn(capabilities),
}
