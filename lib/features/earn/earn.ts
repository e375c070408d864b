/** Earning by seeding as the page sees it. Independent of paying: either can be on alone. */

import type { Store } from '../../base/index.ts'
import { ChainError, createStore, type Hex, WalletError } from '../../base/index.ts'
import type { Endorsement } from '../../channels/index.ts'
import type { Rates } from '../../config/index.ts'
import type { Exchange } from '../../exchange/index.ts'
import { chooseSeats, createPayee, createRowPricer, type PayeeAccount, type RedeemableSeat } from '../../payments/index.ts'
import { type Amount, ZERO_AMOUNT } from '../../units/index.ts'
import { describeCode } from '../../kernel/describe-error.ts'
import type { MoneyRoom } from '../../kernel/money-room.ts'
import type { EarnSnapshot, NodeCommands, Outcome, Problem } from '../../site/index.ts'
import { toOutcome } from '../../kernel/outcome.ts'
import { findEndorsement, isFresh, requestEndorsement } from './page-endorsement.ts'
import { onPageWake } from '../../kernel/page-wake.ts'
import type { WalletSession } from '../wallet/wallet.ts'

/** What a stranger gets from this browser before it asks for money, and the trickle that free peers share after that. */
const FREE_ALLOWANCE_BYTES = 1_048_576
const FREE_BYTES_PER_SEC = 65_536

export interface EarnSession {
  readonly store: Store<EarnSnapshot>
  readonly commands: Pick<NodeCommands, 'startEarning' | 'stopEarning' | 'redeem'>
}

export interface EarnSessionOptions {
  readonly money: MoneyRoom
  readonly wallet: WalletSession
  readonly exchange: () => Promise<Exchange>
  /** Throws in a tab that does not lead: two tabs must never keep one account's vouchers. */
  readonly requireLead: () => Promise<void>
  /** Adds to what is published together; returns what asks for a publication. */
  readonly joinPublisher: (publish: () => void) => () => void
  /** Tells when a page that slept is awake again. */
  readonly onWake?: (listener: () => void) => void
  readonly nowMs?: () => number
  /** What a fee is worth, as the site's operator wrote it down. */
  readonly rates?: () => Promise<Rates | null>
}

const isClosing = ({ closeAtSec }: RedeemableSeat): boolean => closeAtSec !== null

export function createEarnSession({
  money,
  wallet,
  exchange,
  requireLead,
  joinPublisher,
  onWake = onPageWake,
  nowMs = Date.now,
  rates = async () => null,
}: EarnSessionOptions): EarnSession {
  const store = createStore<EarnSnapshot>({
    status: 'off',
    redeemable: ZERO_AMOUNT,
    asksForSignature: false,
    problem: null,
  })
  let account: PayeeAccount | null = null
  let askPerMiB: Amount | null = null
  let isRedeeming = false
  let txId: Hex | null = null
  let problem: Problem | null = null
  let endorsement: Endorsement | null = null
  let asksForSignature = false

  const publish = joinPublisher(() => {
    const totals = account?.getTotals()
    const redeemable = totals?.redeemable ?? ZERO_AMOUNT
    const earned = totals?.earned ?? ZERO_AMOUNT
    if (isRedeeming) store.set({ status: 'redeeming', askPerMiB, earned, redeemable, txId })
    else if (askPerMiB === null || !totals)
      store.set({ status: 'off', redeemable, asksForSignature, problem })
    else store.set({ status: 'on', askPerMiB, earned, redeemable, payers: totals.payers, problem })
  })

  /** The payee account of the connected wallet: another wallet is another account. */
  async function requireAccount(): Promise<PayeeAccount> {
    await requireLead()
    const { address } = wallet.requireConnection()
    if (account?.payee === address) return account
    const { openDelegateKey } = await import('../../wallet/index.ts')
    const [chain, ledger, delegateKey] = await Promise.all([money.chain(), money.ledger(), openDelegateKey()])
    const opened = createPayee({
      chain,
      ledger,
      payee: address,
      delegateKey,
      getEndorsement: () =>
        endorsement?.payee === address && endorsement.untilSec * 1000 > nowMs() ? endorsement : null,
    })
    await opened.restore()
    opened.onChange(publish)
    account = opened
    endorsement = findEndorsement(opened, chain.network, nowMs())
    asksForSignature = !endorsement && wallet.getConnection()?.canSignSilently === false
    publish()
    void lookAtChannels()
    return opened
  }

  /** The account's word for this browser's key: the one that is kept, or a new one from the wallet. Throws WalletError. */
  async function requireEndorsement(opened: PayeeAccount): Promise<void> {
    if (endorsement?.payee === opened.payee && isFresh(endorsement, nowMs())) return
    const { network } = await money.chain()
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
  onWake(() => void lookAtEndorsement())

  async function sell(opened: PayeeAccount, ask: Amount): Promise<void> {
    const market = await exchange()
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

  /** The seats that bring more than they add to the fee, where a rate is known: strangers must not choose what a redemption costs. */
  async function chooseWorth(
    opened: PayeeAccount,
    choose: (seat: RedeemableSeat) => boolean,
  ): Promise<{ readonly due: number; readonly chosen: readonly RedeemableSeat[] }> {
    const seats = (await opened.listRedeemable()).filter(choose)
    const bttPerTrx = (await rates())?.bttPerTrx ?? null
    const priceRows = createRowPricer(await money.chain(), opened.payee, () => undefined)
    const terms = { bttPerTrx, floor: ZERO_AMOUNT }
    return { due: seats.length, chosen: (await chooseSeats(seats, terms, priceRows)).seats }
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
    const isUrgent = seats !== null && seats.chosen.length > 0
    if (isUrgent && wallet.getConnection()?.canSignSilently) await redeemAll(isClosing)
    else if (isUrgent !== (problem?.code === 'payer-closing')) {
      // A pop-up out of nowhere would be refused: the person is told, and redeems.
      problem = isUrgent ? describeCode('payer-closing') : null
      publish()
    }
  }
  onWake(() => void lookAtChannels())

  let seenBtt: Amount | null = null
  wallet.store.subscribe(() => {
    const now = wallet.store.get()
    const btt = now.status === 'connected' ? now.btt : null
    if (btt !== seenBtt && btt !== null) void lookAtChannels()
    seenBtt = btt
  })

  async function stopSelling(): Promise<void> {
    askPerMiB = null
    publish()
    const market = await exchange().catch(() => null)
    market?.setSelling(null)
  }

  wallet.onConnection((connection) => {
    if (!connection || (account && account.payee !== connection.address)) void stopSelling()
    // What was earned on an earlier visit can be redeemed without selling again.
    if (connection) void requireAccount().catch(() => undefined)
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
        const { due, chosen } = await chooseWorth(opened, choose)
        if (due > 0 && chosen.length === 0)
          throw new ChainError('redeem-too-little', 'What is due is worth less than the fee.')
        const channels = new Set(chosen.map(({ record }) => record.seat.channelId))
        const batches = await opened.redeem(wallet.requireConnection().signer, {
          choose: ({ record }) => channels.has(record.seat.channelId),
        })
        txId = batches.at(-1)?.txId ?? null
      } finally {
        isRedeeming = false
        void wallet.commands.refreshBalances()
      }
    })

  return {
    store,
    commands: {
      startEarning: (terms) =>
        attempt(async (opened) => {
          await requireEndorsement(opened)
          await sell(opened, terms.askPerMiB)
        }),
      stopEarning: () => void stopSelling(),
      redeem: () => redeemAll(() => true),
    },
  }
}
