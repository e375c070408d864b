/**
 * More money for a budget that is open. Invariants: what it holds stays where it is; at most one top-up is under way; its time is
 * another than the purse had, so that the chain alone can say whether it stands.
 */
import { ChannelError, nowSec, WalletError } from '../../base/index.ts'
import type { Amount } from '../../units/index.ts'
import type { SellerTerms } from '../ports.ts'
import {
  type OnStep,
  type PayerContext,
  type PayerStep,
  type PayerWallet,
  requireSession,
} from './context.ts'
import { plannedSeats } from './refresh-channel.ts'
import { chooseFirstLeaves } from './seat-choice.ts'
import { getFirstTotal, planChannel } from './seat-plan.ts'
import { resolveAll, sendCall } from './send-call.ts'

export interface TopUpTerms {
  readonly amount: Amount
  readonly wallet: PayerWallet
  readonly onStep?: OnStep
}

/**
 * Approves what is short, then funds the purse, and opens a channel in the same transaction where sellers that delivered are in sight.
 * Throws ChannelError 'no-budget', 'bad-budget', 'session-key-lost', WalletError 'wrong-account', 'too-little-btt', ChainError, and what
 * the wallet throws; the budget is then as it was, or the transaction is looked up later.
 */
export async function topUp(
  context: PayerContext,
  { amount, wallet, onStep = () => undefined }: TopUpTerms,
  sellers: ReadonlyMap<string, SellerTerms>,
): Promise<void> {
  const { chain, clock, sessionKey } = context
  const session = requireSession(context)
  if (session.state.status !== 'paying' && session.state.status !== 'stopped')
    throw new ChannelError('no-budget', 'There is no open budget to top up.')
  if (amount <= 0n) throw new ChannelError('bad-budget', 'A top-up is more than nothing.')
  if (session.isFound || session.signer !== sessionKey.address)
    throw new ChannelError('session-key-lost', 'The key of this session is gone: settle it and start anew.')
  if (wallet.address !== session.payer)
    throw new WalletError(
      'wrong-account',
      `This session was funded by ${session.payer}: connect that account.`,
    )
  await resolveAll(context)
  if ((await chain.getBttBalance(wallet.address)) < amount)
    throw new WalletError('too-little-btt', 'The wallet holds less than the top-up.')

  const isAllowed = (await chain.getAllowance(wallet.address)) >= amount
  const plan: PayerStep['plan'] = isAllowed ? ['fund'] : ['approve', 'fund']
  if (!isAllowed) {
    await sendCall(
      context,
      wallet,
      { call: { kind: 'approve', amount }, kind: 'approve', plan, step: 'approve', channelIds: [], amount },
      onStep,
    )
  }
  const purse = await chain.getPurse(wallet.address, sessionKey.address)
  const planned = nowSec(clock) + BigInt(context.sessionSec)
  const untilSec = planned > purse.untilSec ? planned : purse.untilSec + 1n
  const common = { kind: 'topUp', plan, step: 'fund', amount, purseBefore: purse.balance, untilSec } as const
  const leaves =
    context.getMissingBytes() === 0
      ? []
      : chooseFirstLeaves(
          getFirstTotal(amount, context.isWorthOpening),
          sellers.values(),
          session.maxAskPerMiB,
        )
  if (leaves.length === 0) {
    const call = { kind: 'fund', signer: sessionKey.address, amount, untilSec } as const
    await sendCall(context, wallet, { ...common, call, channelIds: [] }, onStep)
    return
  }
  const opening = planChannel({
    payer: wallet.address,
    signer: sessionKey.address,
    leaves,
    closeDelaySec: context.closeDelaySec,
    random: context.random,
    domain: chain.network,
  })
  const channel = {
    ...opening,
    sessionId: session.id,
    openSignature: null,
    plannedAtMs: clock.nowMs(),
    state: { status: 'opening', txId: null },
  } as const
  const call = { kind: 'fundAndOpen', amount, untilSec, channel: opening.fields, note: opening.note } as const
  await sendCall(
    context,
    wallet,
    {
      ...common,
      call,
      channelIds: [opening.channelId],
      prepare: () => ({ channels: [channel], seats: plannedSeats(channel) }),
    },
    onStep,
  )
}
