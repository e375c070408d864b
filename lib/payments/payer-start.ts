/** Starting a session: what it will cost, then approve (only what is short), fund and open. */
import type { Address, FeeQuote } from '../tron/index.ts'
import {
  type Amount,
  bytesToHex,
  ChainError,
  ChannelError,
  toAmount,
  toFeeSun,
  WalletError,
  ZERO_AMOUNT,
} from '../units/index.ts'
import { agreeTo } from './agreed-torrents.ts'
import { nowSec } from './clock.ts'
import type { SessionRecord } from './ledger.ts'
import { plannedSeats } from './payer-channels.ts'
import type { OnStep, PayerContext, PayerWallet } from './payer-context.ts'
import { requireSession, sendTracked } from './payer-transactions.ts'
import type { SellerTerms } from './ports.ts'
import { getFirstTotal, pickSellers, planChannel, splitTotal } from './seat-plan.ts'
import { isLocked, reduceSession } from './session-state.ts'

/**
 * Upper bounds for calls that cannot be simulated before the approval stands. Energy from the TVM's cost table over
 * SwarmChannels' storage writes: a new slot is 20,000, another write 5,000, a TRC-20 transferFrom about 30,000.
 */
const ENERGY_BOUND = {
  approve: 25_000,
  fundAndOpen: 105_000,
  settleBase: 45_000,
  settlePerSeat: 40_000,
} as const
const BANDWIDTH_BOUND_BYTES = { approve: 350, fundAndOpen: 650, settleBase: 800, settlePerSeat: 350 } as const
/** The chain's prices since August 2025; what a simulated call quotes is taken instead where there is one. */
const SUN_PER_ENERGY = 100
const SUN_PER_BYTE = 1_000

export interface StartPreview {
  /** null when the allowance suffices. */
  readonly approve: FeeQuote | null
  readonly open: FeeQuote
  /** Of settling later. */
  readonly settle: FeeQuote
}

export interface StartTerms {
  readonly budget: Amount
  readonly maxAskPerMiB: Amount
  /** Info-hashes of what its owner was looking at: nothing else is paid for until they say so. */
  readonly torrents: readonly string[]
  readonly wallet: PayerWallet
  readonly onStep?: OnStep
}

function boundQuote(energy: number, bandwidthBytes: number): FeeQuote {
  return {
    energy,
    bandwidthBytes,
    feeSun: toFeeSun(BigInt(energy * SUN_PER_ENERGY + bandwidthBytes * SUN_PER_BYTE)),
  }
}

/** Prices of the transactions that a budget takes, before anything is signed. Throws ChainError when the node is away. */
export async function previewStart(
  { chain }: PayerContext,
  budget: Amount,
  wallet: Address,
  sellerCount: number,
): Promise<StartPreview> {
  const seats = Math.max(1, sellerCount)
  const settle = boundQuote(
    ENERGY_BOUND.settleBase + seats * ENERGY_BOUND.settlePerSeat,
    BANDWIDTH_BOUND_BYTES.settleBase + seats * BANDWIDTH_BOUND_BYTES.settlePerSeat,
  )
  const open = boundQuote(ENERGY_BOUND.fundAndOpen, BANDWIDTH_BOUND_BYTES.fundAndOpen)
  if ((await chain.getAllowance(wallet)) >= budget) return { approve: null, open, settle }
  return { approve: await chain.estimateFee({ kind: 'approve', amount: budget }, wallet), open, settle }
}

/** Runs the steps one by one, each persisted before it is sent. Throws what stopped it; the session then says how it stands. */
export async function startSession(
  context: PayerContext,
  terms: StartTerms,
  sellers: Iterable<SellerTerms>,
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
    if ((await chain.getAllowance(wallet.address)) < amount) {
      // Exactly what is needed: no allowance outlives the session.
      await sendTracked(
        context,
        wallet,
        {
          call: { kind: 'approve', amount },
          kind: 'approve',
          step: 'approve',
          channelIds: [],
          amount,
        },
        onStep,
      )
    }
    await fund(
      context,
      { session, wallet, amount, purse, sellers: pickSellers(sellers, maxAskPerMiB) },
      onStep,
    )
  } catch (error) {
    await giveUpStart(context)
    throw error
  }
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
    readonly sellers: readonly SellerTerms[]
  },
  onStep: OnStep,
): Promise<void> {
  const { chain, clock, random, sessionKey } = context
  const { session, wallet, amount, purse, sellers } = start
  const { budget, untilSec } = session
  const leaves = splitTotal(getFirstTotal(budget), sellers)
  if (leaves.length === 0) {
    await sendTracked(
      context,
      wallet,
      {
        call: { kind: 'fund', signer: sessionKey.address, amount, untilSec },
        kind: 'fund',
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
  await sendTracked(
    context,
    wallet,
    {
      call: { kind: 'fundAndOpen', amount, untilSec, channel: planned.fields, note: planned.note },
      kind: 'fundAndOpen',
      step: 'open',
      channelIds: [planned.channelId],
      amount,
      purseBefore: purse,
      prepare: () => ({ channels: [channel], seats: plannedSeats(channel) }),
    },
    onStep,
  )
}
