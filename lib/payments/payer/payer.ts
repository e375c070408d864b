/**
 * The account that pays. Invariants: a voucher and its receipt are on the disk before anybody sees the voucher; no
 * voucher passes its seat's cap; all channels together never pass the budget; no piece above the user's ceiling is paid.
 */

import {
  ChainError,
  ChannelError,
  type Clock,
  createKeyedMutex,
  createMutex,
  type Hex,
  nowSec,
  systemClock,
} from '../../base/index.ts'
import { type Chain, type LockedByKey, MIN_CLOSE_DELAY_SEC, seatProofDigest } from '../../channels/index.ts'
import type { Address } from '../../tron/index.ts'
import { type Amount, toAmount, toFeeSun, ZERO_AMOUNT } from '../../units/index.ts'
import type { LedgerStore } from '../ledger.ts'
import { type Payer, type SellerTerms, sellerKey } from '../ports.ts'
import type { ChannelRecord } from '../records.ts'
import { adoptLocked } from './adopt.ts'
import { type AgreedTorrents, answerFor, isAgreedTo, type TorrentAnswer } from './agreed-torrents.ts'
import { createPayerBook } from './book.ts'
import { isLocked, reduceSession, type SessionState } from './budget-state.ts'
import { isWorthOpening } from './call-bounds.ts'
import { isLive } from './channel-state.ts'
import type { DigestSigner, OnStep, PayerContext, PayerStep, PayerWallet } from './context.ts'
import { requireSession } from './context.ts'
import type { PayerFigures } from './figures.ts'
import { createPayerPlanner } from './planner.ts'
import { previewSettle, type SettlePreview } from './preview-settle.ts'
import { previewStart, type StartPreview } from './preview-start.ts'
import { createPromises } from './promise.ts'
import { refreshChannel } from './refresh-channel.ts'
import { createPayerSeats, type Exhaustion } from './seats.ts'
import { forgetUnsent, resolvePending } from './send-call.ts'
import { finishIfOver, type SettleTerms, settleSession } from './settle.ts'
import type { SettleOutcome } from './settle-outcome.ts'
import { giveUpStart, type StartTerms, startSession } from './start.ts'
import { type TopUpTerms, topUp } from './top-up.ts'

export interface PayerOptions {
  readonly chain: Chain
  readonly ledger: LedgerStore
  readonly sessionKey: DigestSigner
  readonly clock?: Clock
  /** Cryptographically random bytes. */
  readonly random?: (lengthBytes: number) => Uint8Array
  /** From `startClose` to the settlement without releases; 3,600 (default) … 2,592,000. */
  readonly closeDelaySec?: number
  /** What one TRX is worth, to weigh a fee against what it buys; null where nobody knows. */
  readonly bttPerTrx?: Amount | null
  /** Bytes that are still to come of one of the torrents; null while nobody knows. No seat is opened for what is here already. */
  readonly getMissingBytes?: (infoHash: string) => number | null
  /** How long the session key may open channels; 30 days by default. */
  readonly sessionSec?: number
  /** A failure in the background (opening a further channel): money is safe, the user should hear of it. */
  readonly onError?: (error: unknown) => void
}

export interface PayerAccount extends Payer {
  /** Reads the ledger and looks up what was under way. Call once, before anything else. */
  restore(): Promise<void>
  /** How the session stands; null before the first one of this page. */
  getState(): SessionState | null
  /** Who funded it; only this account can settle it. */
  getFunder(): Address | null
  getFigures(): PayerFigures
  /** Why nothing more can be bought now; null while something can. */
  getExhaustion(): Exhaustion | null
  /** What the budget's owner said of each torrent; empty before the first session. */
  getTorrents(): AgreedTorrents
  /** The owner's answer for one more torrent, on the disk when it resolves. Throws ChannelError 'no-budget'. */
  answerTorrent(infoHash: string, answer: TorrentAnswer): Promise<void>
  previewStart(budget: Amount, wallet: Address): Promise<StartPreview>
  /** For the budget in hand. Throws ChainError 'no-session'. */
  previewSettle(): Promise<SettlePreview>
  start(terms: StartTerms): Promise<void>
  /** Takes a budget over that was found on the chain, to settle it; see `adoptLocked`. */
  adopt(owner: Address, found: LockedByKey): Promise<void>
  /** Whether the budget in hand was found on the chain: it can be settled, not spent. */
  isFound(): boolean
  /** Keys whose budget is this browser's own and open: nothing of them needs to be found. */
  getOwnSigner(): Address | null
  /** More money for the budget in hand; see `topUp`. */
  topUp(terms: TopUpTerms): Promise<void>
  /** No more bids and seats; pieces under way are still paid. The money stays locked. */
  stop(): Promise<void>
  /** Throws ChannelError: 'no-session', 'session-key-lost'. */
  resume(): Promise<void>
  /** The wallet that may open further channels by itself; null when it is gone. */
  setWallet(wallet: PayerWallet | null): void
  /** True when planned channels wait for the user's wallet: the screen offers `openPlanned`. */
  needsOpen(): boolean
  openPlanned(wallet: PayerWallet, onStep?: OnStep): Promise<void>
  settle(terms: SettleTerms): Promise<SettleOutcome>
  /** After the close delay: settles without waiting for releases. */
  finish(terms: Omit<SettleTerms, 'collectReleases'>): Promise<SettleOutcome>
  /** The transaction of a start whose answer is not known yet; null when none is under way. */
  getStartUnderWay(): Pick<PayerStep, 'plan' | 'step' | 'txId'> | null
  /** Openings of the channels in hand that may be on the chain, for the recovery file. */
  listOpenings(): readonly Pick<ChannelRecord, 'fields' | 'note'>[]
  /** Channels with money in them, for collecting releases. */
  getOpenChannelIds(): readonly Hex[]
  /** Looks up transactions whose outcome was unknown, and whether the chain still has the open channels. */
  resolvePending(): Promise<void>
}

/** The contract wants an end; whatever is left then comes back all the same. */
const BUDGET_SEC = 30 * 86_400

/** Makes a payer over a ledger. Nothing is read or sent until `restore`. */
export function createPayer(options: PayerOptions): PayerAccount {
  const { chain, ledger, sessionKey } = options
  const listeners = new Set<() => void>()
  const sellers = new Map<string, SellerTerms>()
  const payeeMutex = createKeyedMutex()
  const lifecycle = createMutex()
  const book = createPayerBook(ledger)
  let wallet: PayerWallet | null = null

  const context: PayerContext = {
    chain,
    book,
    sessionKey,
    clock: options.clock ?? systemClock,
    random: options.random ?? ((lengthBytes) => crypto.getRandomValues(new Uint8Array(lengthBytes))),
    closeDelaySec: options.closeDelaySec ?? MIN_CLOSE_DELAY_SEC,
    sessionSec: options.sessionSec ?? BUDGET_SEC,
    isWorthOpening: (total) => isWorthOpening(total, options.bttPerTrx ?? null),
    getMissingBytes() {
      const torrents = book.getSession()?.torrents ?? {}
      const missing = Object.keys(torrents)
        .filter((infoHash) => isAgreedTo(torrents, infoHash))
        .map((infoHash) => options.getMissingBytes?.(infoHash) ?? null)
      return missing.includes(null) ? null : missing.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0)
    },
    notify() {
      for (const listener of listeners) listener()
    },
    report: options.onError ?? (() => undefined),
  }
  const { clock } = context
  const planner = createPayerPlanner(context, sellers, () => wallet)

  const seats = createPayerSeats(context, sellers, planner)
  const { isSpendable, mayPayFor, promise, acceptRelease } = createPromises(context, seats)

  async function changeMode(kind: 'stopped' | 'resumed'): Promise<void> {
    await book.commit(() => {
      const session = book.getSession()
      const status = session?.state.status
      if (!session || (status !== 'paying' && status !== 'stopped')) return null
      return { session: { ...session, state: reduceSession(session.state, { kind }) } }
    })
    context.notify()
  }

  /** What another page closed, or a reorganisation took back. A node that is away is asked again later. */
  async function recheckOpen(): Promise<void> {
    for (const { channelId, state } of book.getChannels()) {
      if (state.status !== 'open') continue
      await refreshChannel(context, channelId, 'background').catch((error: unknown) => {
        if (!(error instanceof ChainError)) throw error
      })
    }
  }

  async function resolveAll(): Promise<void> {
    for (const pending of book.getPending()) await resolvePending(context, pending)
    await recheckOpen()
    if (book.getSession()?.state.status === 'starting') await giveUpStart(context)
  }

  /** A funding of an earlier page that turns out to have happened ends in 'paying': nothing is paid unasked. */
  async function resolveEarlier(): Promise<void> {
    const wasStarting = book.getSession()?.state.status === 'starting'
    await resolveAll()
    if (wasStarting) await changeMode('stopped')
    // A node that is away is asked again at the next look.
    await finishIfOver(context).catch((error: unknown) => {
      if (!(error instanceof ChainError)) throw error
    })
  }

  return {
    offerSeller(terms) {
      sellers.set(sellerKey(terms), terms)
      planner.review()
    },
    forgetSeller: (seller) => void sellers.delete(sellerKey(seller)),
    isOwn(payee) {
      const session = book.getSession()
      return payee === (session && isLocked(session.state) ? session.payer : wallet?.address)
    },
    getSeat: (seller) => (isSpendable() ? seats.getOffered(seller) : null),
    getSeatRemaining: (seller) => (isSpendable() ? seats.getRemaining(seller) : ZERO_AMOUNT),
    isPaying: () => book.getSession()?.state.status === 'paying' && !seats.isExhausted(),
    getExhaustion: seats.getExhaustion,
    getTorrents: () => book.getSession()?.torrents ?? {},
    async answerTorrent(infoHash, answer) {
      await book.commit(() => {
        const session = book.getSession()
        if (!session || !isLocked(session.state))
          throw new ChannelError('no-budget', 'There is no budget to pay from.')
        const torrents = answerFor(session.torrents, infoHash, answer)
        return torrents === session.torrents ? null : { session: { ...session, torrents } }
      })
      planner.review()
      context.notify()
    },
    getMaxAskPerMiB: () => book.getSession()?.maxAskPerMiB ?? ZERO_AMOUNT,
    mayPayFor,
    proveSeat: (claim) => sessionKey.sign(seatProofDigest(claim, chain.network)),
    async pay(seller, amount, reason) {
      const voucher = await payeeMutex.of(seller.payee).run(() => promise(seller, amount, reason))
      planner.review()
      context.notify()
      return voucher
    },
    getLatestVoucher: (channelId, payee) => book.getVoucher(channelId, payee),
    async acceptRelease(release) {
      const isAccepted = await payeeMutex.of(release.payee).run(() => acceptRelease(release))
      if (isAccepted) context.notify()
      return isAccepted
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    restore: () =>
      lifecycle.run(async () => {
        await book.load()
        await changeMode('stopped')
        await forgetUnsent(context)
        await resolveEarlier()
        await book.commit(() => {
          const session = book.getSession()
          if (session?.state.status !== 'settling') return null
          return { session: { ...session, state: reduceSession(session.state, { kind: 'settleFailed' }) } }
        })
        context.notify()
      }),
    resolvePending: () => lifecycle.run(resolveEarlier),
    getState: () => book.getSession()?.state ?? null,
    getFunder: () => book.getSession()?.payer ?? null,
    getFigures() {
      const session = book.getSession()
      const spend = book.tally().read(clock.nowMs())
      const isOver = !session || !isLocked(session.state)
      const locked = isOver ? 0n : session.funded - session.refunded - spend.spent
      return {
        ...spend,
        budget: session?.budget ?? ZERO_AMOUNT,
        locked: toAmount(locked > 0n ? locked : 0n),
        maxAskPerMiB: session?.maxAskPerMiB ?? ZERO_AMOUNT,
        untilSec: session?.untilSec ?? 0n,
        feeSun: session?.feeSun ?? toFeeSun(0n),
        transactions: session?.txIds.length ?? 0,
        channels: book
          .getChannels()
          .filter(({ state }) => !['planned', 'opening', 'failed'].includes(state.status)).length,
      }
    },
    previewStart: (budget, address) => previewStart(context, budget, address, sellers.values()),
    previewSettle: () => previewSettle(context),
    start: (terms) =>
      lifecycle.run(async () => {
        wallet = terms.wallet
        await resolveEarlier()
        await startSession(context, terms, sellers)
        planner.review()
      }),
    adopt: (owner, found) => lifecycle.run(() => adoptLocked(context, owner, found)),
    isFound: () => book.getSession()?.isFound === true,
    getOwnSigner() {
      const session = book.getSession()
      return session && isLocked(session.state) ? session.signer : null
    },
    topUp: (terms) => lifecycle.run(() => topUp(context, terms, sellers).finally(planner.review)),
    stop: () => changeMode('stopped'),
    async resume() {
      const session = requireSession(context)
      if (session.isFound || session.signer !== sessionKey.address) {
        throw new ChannelError(
          'session-key-lost',
          'The key of this session is gone: settle it and start anew.',
        )
      }
      await changeMode('resumed')
      planner.review()
    },
    setWallet(next) {
      wallet = next
      planner.review()
      context.notify()
    },
    needsOpen: () =>
      (book.getSession()?.untilSec ?? 0n) > nowSec(clock) && planner.getNeedingOpen().length > 0,
    async openPlanned(opener, onStep = () => undefined) {
      await planner.openPlanned(opener, onStep)
    },
    settle: (terms) => lifecycle.run(() => settleSession(context, terms).finally(planner.review)),
    finish: (terms) =>
      lifecycle.run(() => settleSession(context, { ...terms, collectReleases: async () => undefined })),
    getStartUnderWay() {
      const pending = book.getPending().find(({ kind }) => kind === 'approve' || kind.startsWith('fund'))
      if (book.getSession()?.state.status !== 'starting' || !pending) return null
      const isApproval = pending.kind === 'approve'
      return {
        plan: isApproval ? ['approve', 'fund'] : ['fund'],
        step: isApproval ? 'approve' : 'fund',
        txId: pending.txId,
      }
    },
    listOpenings: () =>
      book.getChannels().filter(({ state }) => state.status !== 'settled' && state.status !== 'failed'),
    getOpenChannelIds: () =>
      book
        .getChannels()
        .filter(({ state }) => isLive(state))
        .map(({ channelId }) => channelId),
  }
}
