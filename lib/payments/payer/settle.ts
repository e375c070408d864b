/** The end of a session: releases, one `closeOut` where every seat is closed, the close delay where not, sums that add up. */

import { ChainError, type Hex, WalletError } from '../../base/index.ts'
import type { Settlement } from '../../channels/index.ts'
import { FailedTransaction, LOST_AFTER_MS } from '../../tron/index.ts'
import { type Amount, toAmount } from '../../units/index.ts'
import type { ChannelRecord } from '../records.ts'
import { reduceSession } from './budget-state.ts'
import { isLive } from './channel-state.ts'
import { halve, packSettlements } from './close-out-batches.ts'
import type { OnStep, PayerContext, PayerStep, PayerWallet } from './context.ts'
import { requireSession } from './context.ts'
import { changeChannel, readFinalFigures, refreshChannel } from './refresh-channel.ts'
import { resolveAll, sendCall } from './send-call.ts'
import type { SettleOutcome, SettleSummary } from './settle-outcome.ts'

export interface SettleTerms {
  readonly wallet: PayerWallet
  /** Pays for what is under way, and begins nothing more. Nothing is promised from its end to the end of settling. */
  readonly finishPieces?: () => Promise<void>
  /** Asks the connected sellers of these channels for their releases; each comes in by `acceptRelease`. */
  readonly collectReleases: (channelIds: readonly Hex[]) => Promise<void>
  readonly onStep?: OnStep
}

/** Transactions of one settlement that may burn their fee by running out of time: a node that slow is left alone. */
const MAX_BURNED = 4
const SETTLE_PLAN: PayerStep['plan'] = ['release', 'settle']
/** A seller may open a planned channel while we empty the purse; another round closes that too. */
const MAX_ROUNDS = 3

/** Settles what can be settled. On failure the session goes back to 'stopped' or 'closing' and the error is thrown. */
export async function settleSession(context: PayerContext, terms: SettleTerms): Promise<SettleOutcome> {
  const { book } = context
  const { wallet } = terms
  const onStep = terms.onStep ?? (() => undefined)
  const session = requireSession(context)
  if (wallet.address !== session.payer) {
    throw new WalletError(
      'wrong-account',
      `This session was funded by ${session.payer}: connect that account.`,
    )
  }
  await resolveAll(context)
  onStep({ plan: SETTLE_PLAN, step: 'release', waitingFor: 'peers', txId: null })
  await terms.finishPieces?.()
  await book.commit(() => {
    const current = requireSession(context)
    return { session: { ...current, state: reduceSession(current.state, { kind: 'settleBegun' }) } }
  })
  context.notify()
  try {
    await refreshAll(context)
    await writeOffDropped(context)
    const live = liveChannels(context)
    if (live.some((channel) => openSeats(context, channel).length > 0)) {
      onStep({ plan: SETTLE_PLAN, step: 'release', waitingFor: 'peers', txId: null })
      await terms.collectReleases(live.map(({ channelId }) => channelId))
    }
    return await closeAll(context, wallet, onStep)
  } catch (error) {
    await book.commit(() => {
      const current = requireSession(context)
      if (current.state.status !== 'settling') return null
      return { session: { ...current, state: reduceSession(current.state, { kind: 'settleFailed' }) } }
    })
    context.notify()
    throw error
  }
}

/**
 * Ends a budget of which nothing is on the chain any more: a settlement whose page did not live to record its end. Only once nothing
 * is under way. Throws ChainError.
 */
export async function finishIfOver(context: PayerContext): Promise<void> {
  const { book, chain } = context
  const session = book.getSession()
  const status = session?.state.status
  if (!session || session.funded === 0n || book.getPending().length > 0) return
  if (status !== 'stopped' && status !== 'settling' && status !== 'closing') return
  if (liveChannels(context).length > 0) return
  if (session.refunded === 0n && !book.getChannels().some(({ state }) => state.status === 'settled')) return
  if ((await chain.getPurse(session.payer, session.signer)).balance > 0n) return
  await book.commit(() => ({
    session: { ...session, state: reduceSession(session.state, { kind: 'settleBegun' }) },
  }))
  await finishSettled(context)
}

async function refreshAll(context: PayerContext): Promise<void> {
  const { book } = context
  const channels = [...book.getChannels(), ...book.getGivenUp(requireSession(context).signer)]
  for (const channelId of new Set(channels.map((channel) => channel.channelId))) {
    await refreshChannel(context, channelId, 'settlement')
    // Twice where somebody opened it and it is closing already: one step a look.
    await refreshChannel(context, channelId, 'settlement')
  }
}

/**
 * The session's funding, where a reorganisation took it back for good: what the purse holds is all that there ever was. The
 * chain itself must be past the time at which a block could take it again: a node that is behind proves nothing. Until
 * then throws ChainError 'pending'.
 */
async function writeOffDropped(context: PayerContext): Promise<void> {
  const { book, chain, clock } = context
  // Nothing is under way here, so an opening that is neither on the chain nor pending was dropped.
  const dropped = book.getChannels().filter(({ state }) => state.status === 'opening')
  if (dropped.length === 0) return
  const atMs = Math.min(clock.nowMs(), await chain.getHeadTimeMs())
  if (dropped.some(({ plannedAtMs }) => atMs - plannedAtMs <= LOST_AFTER_MS)) {
    throw new ChainError(
      'pending',
      'The network took the opening back and may take it in again. Wait some minutes, then settle again.',
    )
  }
  // Asked once more: the node may have caught up since the first look.
  for (const { channelId } of dropped) await refreshChannel(context, channelId, 'settlement')
  if (book.getChannels().some(({ state }) => state.status === 'open')) return
  const { payer, signer } = requireSession(context)
  const { balance } = await chain.getPurse(payer, signer)
  await book.commit(() => ({
    channels: dropped.flatMap(
      ({ channelId }) =>
        changeChannel(context, channelId, { kind: 'openFailed', reason: 'dropped' }).channels ?? [],
    ),
    session: { ...requireSession(context), funded: balance },
  }))
  context.notify()
}

function liveChannels({ book }: PayerContext): readonly ChannelRecord[] {
  return book.getChannels().filter(({ state }) => isLive(state))
}

function openSeats({ book }: PayerContext, { channelId, leaves }: ChannelRecord) {
  return leaves.filter(({ payee }) => book.getSeat(channelId, payee)?.state.status !== 'released')
}

/** Whether the contract would settle it now. */
async function isReady(context: PayerContext, channel: ChannelRecord): Promise<boolean> {
  const { state } = channel
  const closeAtSec = state.status === 'closing' || state.status === 'settling' ? state.closeAtSec : null
  // By the chain's clock, which the contract goes by: the browser's may be hours off.
  if (closeAtSec !== null && closeAtSec * 1000n <= BigInt(await context.chain.getHeadTimeMs())) return true
  for (const { payee, cap } of openSeats(context, channel)) {
    if ((await context.chain.getSeat(channel.channelId, payee)).claimed < cap) return false
  }
  return true
}

function toSettlement({ book }: PayerContext, { channelId, fields, leaves }: ChannelRecord): Settlement {
  const releases = leaves.flatMap(({ payee }) => {
    const state = book.getSeat(channelId, payee)?.state
    return state?.status === 'released' ? [state.release] : []
  })
  return { channel: fields, leaves, releases }
}

async function closeAll(context: PayerContext, wallet: PayerWallet, onStep: OnStep): Promise<SettleOutcome> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    await refreshAll(context)
    const live = liveChannels(context)
    const ready = []
    for (const channel of live) if (await isReady(context, channel)) ready.push(channel)
    await closeOut(context, wallet, ready, onStep)
    await refreshAll(context)
    const rest = liveChannels(context)
    if (rest.length === 0) return await finishSettled(context)
    const unclosed = rest.filter(({ state }) => state.status === 'open')
    const isReopened = rest.some(({ channelId }) => !live.some((channel) => channel.channelId === channelId))
    if (isReopened && round + 1 < MAX_ROUNDS) continue
    for (const channel of unclosed) {
      await sendCall(
        context,
        wallet,
        {
          call: { kind: 'startClose', channel: channel.fields },
          kind: 'startClose',
          plan: ['release', 'startClose'],
          step: 'startClose',
          channelIds: [channel.channelId],
          amount: toAmount(0n),
        },
        onStep,
      )
    }
    return await waitForDelay(context)
  }
  throw new ChainError('still-opening', 'Channels keep being opened. Try to settle again.')
}

/**
 * Settles ready channels and empties the purse, in few transactions; sends nothing when there is nothing. A batch that runs
 * out of time is halved. One channel that does so twice is left to the close delay, which may find the network less busy.
 */
async function closeOut(
  context: PayerContext,
  wallet: PayerWallet,
  ready: readonly ChannelRecord[],
  onStep: OnStep,
): Promise<void> {
  const { book } = context
  const batches = packSettlements(ready, (channel) => ({
    seats: channel.leaves.length,
    releases: channel.leaves.length - openSeats(context, channel).length,
  }))
  // At least one, so that an empty list still empties the purse.
  const waiting: Batch[] = (batches.length > 0 ? batches : [[]]).map((channels) => ({
    channels,
    isRetry: false,
  }))
  let burned = 0
  let isPurseEmpty = false
  for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
    try {
      await closeBatch(context, wallet, batch.channels, onStep)
      isPurseEmpty = true
    } catch (error) {
      if (!(error instanceof ChainError) || error.code !== 'out-of-time') throw error
      if (error instanceof FailedTransaction) burned += 1
      if (burned >= MAX_BURNED) throw error
      waiting.unshift(...retry(context, batch, error))
    }
  }
  if (!isPurseEmpty) await closeBatch(context, wallet, [], onStep)
  if (book.getPending().length > 0) throw new ChainError('pending', 'The settlement is still under way.')
}

/** The purse's balance at a moment when our records say the same as the chain of what was opened out of it. */
async function readPurse(context: PayerContext): Promise<Amount> {
  const { payer, signer } = requireSession(context)
  const { balance } = await context.chain.getPurse(payer, signer)
  await refreshAll(context)
  const after = (await context.chain.getPurse(payer, signer)).balance
  return after === balance ? balance : readPurse(context)
}

interface Batch {
  readonly channels: readonly ChannelRecord[]
  /** The same channel ran out of time before. */
  readonly isRetry: boolean
}

/** What to try after a batch ran out of time; throws its error where there is nothing else to try. */
function retry({ book }: PayerContext, { channels, isRetry }: Batch, error: ChainError): readonly Batch[] {
  if (channels.length > 1) return halve(channels).map((half) => ({ channels: half, isRetry: false }))
  if (!isRetry) return [{ channels, isRetry: true }]
  const isDelayOver = channels.every(
    ({ channelId }) => book.getChannel(channelId)?.state.status === 'closing',
  )
  if (isDelayOver) throw error
  return []
}

async function closeBatch(
  context: PayerContext,
  wallet: PayerWallet,
  channels: readonly ChannelRecord[],
  onStep: OnStep,
): Promise<void> {
  const { signer } = requireSession(context)
  const purse = await readPurse(context)
  if (channels.length === 0 && purse === 0n) return
  await sendCall(
    context,
    wallet,
    {
      call: {
        kind: 'closeOut',
        settlements: channels.map((channel) => toSettlement(context, channel)),
        signer,
      },
      kind: 'closeOut',
      plan: SETTLE_PLAN,
      step: 'settle',
      channelIds: channels.map(({ channelId }) => channelId),
      amount: purse,
      purseBefore: purse,
      prepare: (txId) => ({
        channels: channels.flatMap(
          ({ channelId }) => changeChannel(context, channelId, { kind: 'settleSent', txId }).channels ?? [],
        ),
      }),
    },
    onStep,
  )
}

async function waitForDelay(context: PayerContext): Promise<SettleOutcome> {
  const { book } = context
  const closeAtSec = liveChannels(context).reduce((latest, { state }) => {
    const own = state.status === 'closing' || state.status === 'settling' ? (state.closeAtSec ?? 0n) : 0n
    return own > latest ? own : latest
  }, 0n)
  await book.commit(() => {
    const session = requireSession(context)
    return {
      session: { ...session, state: reduceSession(session.state, { kind: 'closeStarted', closeAtSec }) },
    }
  })
  context.notify()
  return { status: 'closing', closeAtSec }
}

async function finishSettled(context: PayerContext): Promise<SettleOutcome> {
  const { book } = context
  const summary = await summarise(context)
  await book.commit(() => {
    const session = requireSession(context)
    const failed = book
      .getChannels()
      .filter(({ state }) => state.status === 'planned')
      .flatMap(
        ({ channelId }) =>
          changeChannel(context, channelId, { kind: 'openFailed', reason: 'settled' }).channels ?? [],
      )
    return {
      channels: failed,
      session: { ...session, state: reduceSession(session.state, { kind: 'settled', summary }) },
    }
  })
  context.notify()
  return { status: 'settled', summary }
}

/** Sums over every channel, from the chain's seats; throws ChainError 'sums-differ' unless funded = paid + refunded. */
async function summarise(context: PayerContext): Promise<SettleSummary> {
  const session = requireSession(context)
  const byPayee = new Map<SettleSummary['payees'][number]['payee'], Amount>()
  for (const channel of context.book.getChannels()) {
    if (channel.state.status !== 'settled') continue
    for (const { payee, amount } of await readFinalFigures(context, channel)) {
      if (amount > 0n) byPayee.set(payee, toAmount((byPayee.get(payee) ?? 0n) + amount))
    }
  }
  const paid = toAmount([...byPayee.values()].reduce((sum, amount) => sum + amount, 0n))
  const { funded, refunded, txIds, feeSun } = session
  if (funded !== paid + refunded) {
    throw new ChainError(
      'sums-differ',
      `Funded ${funded}, paid ${paid}, refunded ${refunded}: they do not add up.`,
    )
  }
  const payees = [...byPayee].map(([payee, amount]) => ({ payee, amount }))
  return { funded, paid, refunded, payees, txIds, feeSun }
}
