/** Starting a session: approve (only what is short), fund and open. */

import { bytesToHex, ChainError, ChannelError, nowSec, WalletError, wait } from '../../base/index.ts'
import { type Amount, toAmount, toFeeSun, ZERO_AMOUNT } from '../../units/index.ts'
import type { SellerTerms } from '../ports.ts'
import type { SessionRecord } from '../records.ts'
import { agreeTo } from './agreed-torrents.ts'
import { isLocked, reduceSession } from './budget-state.ts'
import {
  type OnStep,
  type PayerContext,
  type PayerStep,
  type PayerWallet,
  requireSession,
} from './context.ts'
import { plannedSeats } from './refresh-channel.ts'
import { chooseFirstLeaves, chooseTrialLeaves } from './seat-choice.ts'
import { GATHER_MS, getFirstTotal, isInReach, planChannel, TRIAL_WAIT_MS } from './seat-plan.ts'
import { sendCall } from './send-call.ts'

const DELIVERY_LOOK_MS = 200

export interface StartTerms {
  readonly budget: Amount
  readonly maxAskPerMiB: Amount
  /** Info-hashes of what its owner was looking at: nothing else is paid for until they say so. */
  readonly torrents: readonly string[]
  readonly wallet: PayerWallet
  readonly onStep?: OnStep
}

/** Runs the steps one by one, each persisted before it is sent. Throws what stopped it; the session then says how it stands. */
export async function startSession(
  context: PayerContext,
  terms: StartTerms,
  sellers: ReadonlyMap<string, SellerTerms>,
): Promise<void> {
  const { book, chain, clock, sessionKey } = context
  const { budget, maxAskPerMiB, wallet } = terms
  const onStep = terms.onStep ?? (() => undefined)
  const before = book.getSession()
  if (before?.state.status === 'starting') {
    throw new ChainError('pending', 'The transaction of an earlier start is still under way.')
  }
  if (before && isLocked(before.state)) {
    throw new ChannelError('session-active', 'Settle the session that you have before you start another.')
  }
  if (budget <= 0n) throw new ChannelError('bad-budget', 'A budget is more than nothing.')
  if ((await chain.getBttBalance(wallet.address)) < budget) {
    throw new WalletError('too-little-btt', 'The wallet holds less than the budget.')
  }
  const session: SessionRecord = {
    id: bytesToHex(context.random(16)),
    payer: wallet.address,
    signer: sessionKey.address,
    budget,
    maxAskPerMiB,
    torrents: agreeTo({}, terms.torrents),
    untilSec: nowSec(clock) + BigInt(context.sessionSec),
    startedAtMs: clock.nowMs(),
    funded: ZERO_AMOUNT,
    refunded: ZERO_AMOUNT,
    feeSun: toFeeSun(0n),
    txIds: [],
    state: { status: 'starting' },
  }
  await book.commit(() => ({ session }))
  context.notify()
  try {
    const purse = (await chain.getPurse(wallet.address, sessionKey.address)).balance
    // Money left in this key's purse, by a start that was given up, counts towards the budget.
    const amount = toAmount(purse < budget ? budget - purse : 0n)
    const isAllowed = (await chain.getAllowance(wallet.address)) >= amount
    const plan: PayerStep['plan'] = isAllowed ? ['fund'] : ['approve', 'fund']
    if (!isAllowed) {
      // Exactly what is needed: no allowance outlives the session.
      await sendCall(
        context,
        wallet,
        {
          call: { kind: 'approve', amount },
          kind: 'approve',
          plan,
          step: 'approve',
          channelIds: [],
          amount,
        },
        onStep,
      )
    }
    await waitForDelivery(context, terms, sellers, plan)
    await fund(context, { session, wallet, amount, purse, sellers, plan }, onStep)
  } catch (error) {
    await giveUpStart(context)
    throw error
  }
}

/**
 * Resolves when a seller within the ceiling has delivered something, and others had a moment for it too; when none is
 * known; or after a few seconds: then a few get seats on trial, and others as they deliver.
 */
async function waitForDelivery(
  { clock }: PayerContext,
  { maxAskPerMiB, onStep }: StartTerms,
  sellers: ReadonlyMap<string, SellerTerms>,
  plan: PayerStep['plan'],
): Promise<void> {
  const inReach = (): readonly SellerTerms[] =>
    [...sellers.values()].filter((seller) => isInReach(seller, maxAskPerMiB))
  const hasDelivered = (): boolean => inReach().some(({ deliveredBytes }) => deliveredBytes > 0)
  if (inReach().length === 0 || hasDelivered()) return
  onStep?.({ plan, step: 'fund', waitingFor: 'peers', txId: null })
  const endsAtMs = clock.nowMs() + TRIAL_WAIT_MS
  while (!hasDelivered()) {
    if (clock.nowMs() >= endsAtMs) return
    await wait(clock, DELIVERY_LOOK_MS)
  }
  await wait(clock, GATHER_MS)
}

/** A start without a transaction under way has nothing to look up later: the next one may begin. */
export async function giveUpStart(context: PayerContext): Promise<void> {
  const { book } = context
  await book.commit(() => {
    const session = requireSession(context)
    if (session.state.status !== 'starting' || book.getPending().length > 0) return null
    return {
      session: { ...session, state: reduceSession(session.state, { kind: 'startFailed', reason: 'unsent' }) },
    }
  })
  context.notify()
}

async function fund(
  context: PayerContext,
  start: {
    readonly session: SessionRecord
    readonly wallet: PayerWallet
    readonly amount: Amount
    readonly purse: Amount
    readonly sellers: ReadonlyMap<string, SellerTerms>
    readonly plan: PayerStep['plan']
  },
  onStep: OnStep,
): Promise<void> {
  const { chain, clock, random, sessionKey } = context
  const { session, wallet, amount, purse, sellers, plan } = start
  const { budget, untilSec } = session
  const delivering = chooseFirstLeaves(
    getFirstTotal(budget, context.isWorthOpening),
    sellers.values(),
    session.maxAskPerMiB,
  )
  const leaves =
    delivering.length > 0
      ? delivering
      : chooseTrialLeaves(context.book, session, sellers.values(), budget, random)
  if (leaves.length === 0) {
    await sendCall(
      context,
      wallet,
      {
        call: { kind: 'fund', signer: sessionKey.address, amount, untilSec },
        kind: 'fund',
        plan,
        step: 'fund',
        channelIds: [],
        amount,
        purseBefore: purse,
      },
      onStep,
    )
    return
  }
  const planned = planChannel({
    payer: wallet.address,
    signer: sessionKey.address,
    leaves,
    closeDelaySec: context.closeDelaySec,
    random,
    domain: chain.network,
  })
  const channel = {
    ...planned,
    sessionId: session.id,
    openSignature: null,
    plannedAtMs: clock.nowMs(),
    state: { status: 'opening', txId: null },
  } as const
  await sendCall(
    context,
    wallet,
    {
      call: { kind: 'fundAndOpen', amount, untilSec, channel: planned.fields, note: planned.note },
      kind: 'fundAndOpen',
      plan,
      step: 'fund',
      channelIds: [planned.channelId],
      amount,
      purseBefore: purse,
      prepare: () => ({ channels: [channel], seats: plannedSeats(channel) }),
    },
    onStep,
  )
}
