/**
 * Further channels out of the purse, for late sellers and for seats that run dry. Invariants: a planned channel's total is set aside
 * from the moment it is on the disk, so that all openings together never pass the budget; none is planned while seats in sight pay for
 * all that is still to come; a wallet that signs by itself opens none that is not worth its fee.
 */

import { AppError, createMutex, type Hex, nowSec } from '../../base/index.ts'
import { openDigest, type SeatLeaf } from '../../channels/index.ts'
import { LOST_AFTER_MS } from '../../tron/index.ts'
import { type Amount, priceOf, ZERO_AMOUNT } from '../../units/index.ts'
import { type SellerId, type SellerTerms, sellerKey } from '../ports.ts'
import type { ChannelRecord, SessionRecord } from '../records.ts'
import { remainingOf } from './book.ts'
import type { OnStep, PayerContext, PayerWallet } from './context.ts'
import { requireSession } from './context.ts'
import { changeChannel, plannedSeats, refreshChannel } from './refresh-channel.ts'
import { chooseLeaves, chooseTrialLeaves, hasOnlyTrials, mayBeSeated } from './seat-choice.ts'
import { GATHER_MS, isInReach, planChannel, TRIAL_WAIT_MS } from './seat-plan.ts'
import { resolvePending, sendCall } from './send-call.ts'

/** Several sellers met at once share one channel; strangers that keep coming cannot empty the purse at once. */
const PLAN_INTERVAL_MS = 5_000
const WATCH_INTERVAL_MS = 3_000
/** Seats on trial that bring nothing are followed by others, in no hurry: each opening is a fee. */
const NEXT_TRIAL_MS = 30_000
/** A seller that said it opens channels and did not within this time is not waited for: the user is asked. */
const RELAY_PATIENCE_MS = 30_000
/** As often as sellers look: a channel may be closed by another page, or dropped with its block. */
const RECHECK_INTERVAL_MS = 60_000

export interface PayerPlanner {
  /** Looks whether a seller needs a seat and plans one. Returns at once; failures are reported. */
  review(): void
  /** Opens what waits for the user's wallet. Throws WalletError, ChainError. */
  openPlanned(wallet: PayerWallet, onStep: OnStep): Promise<void>
  /** Planned channels that only the user's wallet can open, or that are not worth their fee unless the user says so. */
  getNeedingOpen(): readonly ChannelRecord[]
  /** Whether the purse or a planned channel may still give this seller a seat. */
  mayGrow(seller: SellerId): boolean
}

export function createPayerPlanner(
  context: PayerContext,
  sellers: ReadonlyMap<string, SellerTerms>,
  getWallet: () => PayerWallet | null,
): PayerPlanner {
  const { book, clock, chain } = context
  const mutex = createMutex()
  let plannedAtMs = Number.NEGATIVE_INFINITY
  let wake: { readonly atMs: number; cancel(): void } | null = null
  let isWatching = false
  const waits = new Map<'gather' | 'trial', { readonly sessionId: Hex; readonly sinceMs: number }>()
  let cancelRecheck: (() => void) | null = null

  const isUnopened = ({ state }: ChannelRecord): boolean =>
    state.status === 'planned' || state.status === 'opening'
  const isRelayed = ({ leaves }: ChannelRecord): boolean =>
    leaves.some((leaf) => {
      const relayFrom = sellers.get(sellerKey(leaf))?.relayFrom ?? null
      return relayFrom !== null && leaf.cap >= relayFrom
    })

  const hasRelay = (channel: ChannelRecord): boolean =>
    isRelayed(channel) && clock.nowMs() - channel.plannedAtMs < RELAY_PATIENCE_MS

  /** What the purse may give to new seats now; 0 when the session does not pay or its key's time is over. */
  function getAvailable(): Amount {
    const session = book.getSession()
    if (session?.state.status !== 'paying' || session.untilSec <= nowSec(clock)) return ZERO_AMOUNT
    return session.signer === context.sessionKey.address ? book.getFreePurse() : ZERO_AMOUNT
  }

  /** Who was paid for pieces has delivered them, whichever page that was: a reload leaves nobody without a further seat. */
  const listSellers = (): readonly SellerTerms[] =>
    [...sellers.values()].map((terms) => ({
      ...terms,
      deliveredBytes: Math.max(terms.deliveredBytes, book.getPaidBytes(terms)),
    }))

  /** Whose turn it is; empty where there is nobody, or it is better to wait a moment. */
  function chooseNow(session: SessionRecord): readonly SeatLeaf[] {
    const available = getAvailable()
    if (!isMoreWanted(session)) return []
    const leaves = chooseLeaves(book, session, listSellers(), available, context.isWorthOpening)
    if (leaves.length > 0) {
      // Whoever delivers first does not take the first channel alone: others have a moment too.
      return hasOnlyTrials(book, session.budget) && isWaitingFor('gather', session.id, GATHER_MS)
        ? []
        : leaves
    }
    const isOpening = book.getChannels().some(isUnopened)
    const trial = isOpening ? [] : chooseTrialLeaves(book, session, listSellers(), available, context.random)
    const isTrying = book
      .getChannels()
      .some(({ leaves }) => leaves.some((leaf) => sellers.has(sellerKey(leaf))))
    const patienceMs = isTrying ? NEXT_TRIAL_MS : TRIAL_WAIT_MS
    if (trial.length === 0 || isWaitingFor('trial', session.id, patienceMs)) return []
    waits.delete('trial')
    return trial
  }

  /** Whether what is left in the seats of sellers in sight does not pay for all that is still to come. */
  function isMoreWanted({ maxAskPerMiB }: SessionRecord): boolean {
    const missingBytes = context.getMissingBytes()
    if (missingBytes === null) return true
    if (missingBytes === 0) return false
    let left = 0n
    let dearest = ZERO_AMOUNT
    for (const seller of sellers.values()) {
      if (!isInReach(seller, maxAskPerMiB)) continue
      const seats = book.getSeatsOf(seller).filter(({ channelId }) => isSpendableChannel(channelId))
      const own = seats.reduce((sum, seat) => sum + remainingOf(seat), 0n)
      if (own > 0n && seller.askPerMiB > dearest) dearest = seller.askPerMiB
      left += own
    }
    return left === 0n || left < priceOf(missingBytes, dearest)
  }

  function isSpendableChannel(channelId: Hex): boolean {
    const channel = book.getChannel(channelId)
    return channel !== null && (channel.state.status === 'open' || isUnopened(channel))
  }

  /** Begins a wait at the first call, and looks again when it is over. */
  function isWaitingFor(what: 'gather' | 'trial', sessionId: Hex, durationMs: number): boolean {
    const begun = waits.get(what)
    const sinceMs = begun?.sessionId === sessionId ? begun.sinceMs : clock.nowMs()
    waits.set(what, { sessionId, sinceMs })
    const waitMs = sinceMs + durationMs - clock.nowMs()
    if (waitMs > 0) reviewLater(waitMs)
    return waitMs > 0
  }

  async function plan(): Promise<void> {
    const session = book.getSession()
    if (!session) return
    const leaves = chooseNow(session)
    if (leaves.length === 0) return
    const waitMs = plannedAtMs + PLAN_INTERVAL_MS - clock.nowMs()
    if (waitMs > 0) return reviewLater(waitMs)
    plannedAtMs = clock.nowMs()
    const planned = planChannel({
      payer: session.payer,
      signer: session.signer,
      leaves,
      closeDelaySec: context.closeDelaySec,
      random: context.random,
      domain: chain.network,
    })
    const openSignature = await context.sessionKey.sign(openDigest(planned, chain.network))
    const channel: ChannelRecord = {
      ...planned,
      sessionId: session.id,
      openSignature,
      plannedAtMs: clock.nowMs(),
      state: { status: 'planned' },
    }
    await book.commit(() => {
      const isStill = book.getSession()?.id === session.id && getAvailable() >= channel.fields.total
      return isStill ? { channels: [channel], seats: plannedSeats(channel) } : null
    })
    context.notify()
  }

  async function openOne(channelId: Hex, wallet: PayerWallet, onStep: OnStep): Promise<void> {
    const channel = book.getChannel(channelId)
    if (channel?.state.status !== 'planned') return
    await sendCall(
      context,
      wallet,
      {
        call: {
          kind: 'open',
          channel: channel.fields,
          note: channel.note,
          signature: channel.openSignature,
        },
        kind: 'open',
        plan: ['open'],
        step: 'open',
        channelIds: [channelId],
        amount: channel.fields.total,
        prepare: () => changeChannel(context, channelId, { kind: 'openSent', txId: null }),
      },
      onStep,
    )
  }

  async function openSilently(): Promise<void> {
    const wallet = getWallet()
    const session = book.getSession()
    if (!wallet?.canSignSilently || session?.state.status !== 'paying' || wallet.address !== session.payer)
      return
    for (const channel of book.getChannels()) {
      if (channel.state.status === 'planned' && context.isWorthOpening(channel.fields.total))
        await openOne(channel.channelId, wallet, () => undefined)
    }
  }

  /** A seller opens by itself: the chain is the only one to tell us. */
  function watch(): void {
    if (isWatching) return
    const status = book.getSession()?.state.status
    const unopened = book.getChannels().filter((channel) => isUnopened(channel) && isRelayed(channel))
    if (unopened.length === 0 || (status !== 'paying' && status !== 'stopped')) return
    isWatching = true
    clock.schedule(WATCH_INTERVAL_MS, () => {
      Promise.all(unopened.map(({ channelId }) => refreshChannel(context, channelId, 'background')))
        .catch(report)
        .finally(() => {
          isWatching = false
          // Patience may have ended meanwhile: the screen then offers to open it.
          context.notify()
          watch()
        })
    })
  }

  /** Openings that an earlier page signed and, as it seems, never sent: undone, so that they are sent anew. */
  async function resolveLostOpenings(): Promise<void> {
    for (const pending of book.getPending()) {
      const isLost = clock.nowMs() - pending.sentAtMs > LOST_AFTER_MS
      if (pending.kind === 'open' && pending.txId !== null && isLost) await resolvePending(context, pending)
    }
  }

  /** While we pay, the chain is asked about open channels too, and about openings whose fate is not known. */
  function watchOpen(): void {
    const isPaying = book.getSession()?.state.status === 'paying'
    const open = book.getChannels().filter(({ state }) => state.status === 'open')
    const isOpening = book.getPending().some(({ kind }) => kind === 'open')
    if (!isPaying || (open.length === 0 && !isOpening)) {
      cancelRecheck?.()
      cancelRecheck = null
      return
    }
    cancelRecheck ??= clock.schedule(RECHECK_INTERVAL_MS, () => {
      cancelRecheck = null
      Promise.all(open.map(({ channelId }) => refreshChannel(context, channelId, 'background')))
        .then(resolveLostOpenings)
        .catch(report)
        .finally(review)
    })
  }

  function report(error: unknown): void {
    // A node that does not answer is asked again; anything else somebody must hear of.
    if (!(error instanceof AppError && error.code === 'unreachable')) context.report(error)
  }

  function reviewLater(delayMs: number): void {
    const atMs = clock.nowMs() + delayMs
    if (wake !== null && wake.atMs <= atMs) return
    wake?.cancel()
    const cancel = clock.schedule(delayMs, () => {
      wake = null
      review()
    })
    wake = { atMs, cancel }
  }

  function review(): void {
    mutex
      .run(async () => {
        await plan()
        await openSilently()
        watch()
        watchOpen()
      })
      .catch(report)
  }

  return {
    review,
    openPlanned: (wallet, onStep) =>
      mutex.run(async () => {
        requireSession(context)
        for (const { channelId } of book.getChannels()) await openOne(channelId, wallet, onStep)
      }),
    getNeedingOpen: () =>
      book.getChannels().filter((channel) => {
        const opensItself = getWallet()?.canSignSilently && context.isWorthOpening(channel.fields.total)
        return channel.state.status === 'planned' && !hasRelay(channel) && !opensItself
      }),
    mayGrow(seller) {
      const isPlanned = book.getSeatsOf(seller).some(({ channelId }) => {
        const channel = book.getChannel(channelId)
        return channel !== null && isUnopened(channel)
      })
      const terms = sellers.get(sellerKey(seller))
      return isPlanned || (terms !== undefined && mayBeSeated(book, terms, getAvailable()))
    },
  }
}
