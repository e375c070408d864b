/** What a `closeOut` transaction did, read back from the chain and checked against what the contract must have done. */

import { ChainError, type Hex, wait } from '../../base/index.ts'
import type { SwarmEvent } from '../../channels/index.ts'
import type { NewReceipt } from '../../ledger/index.ts'
import { type Amount, type FeeSun, toAmount, toFeeSun } from '../../units/index.ts'
import type { ChannelRecord, PendingRecord, SessionRecord } from '../records.ts'
import type { PayerContext } from './context.ts'
import { changeChannel, readFinalFigures } from './refresh-channel.ts'

/** Nodes index events a little after the receipt. */
const EVENT_LOOKS = 5
const EVENT_DELAY_MS = 1_000

interface ClosedChannel {
  readonly channel: ChannelRecord
  /** To payees, by redemptions before and by this settlement. */
  readonly paid: Amount
  readonly paidHere: Amount
  readonly refund: Amount
}

/**
 * Records the settled channels, the refund and the receipts in one commit. The seats' figures on the chain give the
 * sums; the transaction's events must agree. Throws ChainError 'sums-differ' when they do not.
 */
export async function recordCloseOut(
  context: PayerContext,
  pending: PendingRecord,
  transaction: {
    readonly txId: Hex
    readonly feeSun: FeeSun
    readonly withTx: (session: SessionRecord) => SessionRecord
  },
): Promise<void> {
  const { book, clock } = context
  const { txId, feeSun, withTx } = transaction
  const session = book.getSession()
  if (!session) throw new ChainError('no-session', 'there is no payment session')
  const channels = pending.channelIds.flatMap((id) => book.getChannel(id) ?? [])
  const events = pending.txId ? await readEvents(context, pending.txId, channels.length) : []
  const closed = await Promise.all(channels.map((channel) => readClosed(context, channel, events)))
  const purse = await drainedPurse(context, pending, session)
  const refund = toAmount(closed.reduce((sum, one) => sum + one.refund, purse))
  const atMs = clock.nowMs()
  const receipts: NewReceipt[] = [
    ...closed.map(
      ({ channel, paidHere }, i): NewReceipt => ({
        kind: 'settle',
        atMs,
        txId,
        channelId: channel.channelId,
        amount: paidHere,
        feeSun: i === 0 ? feeSun : toFeeSun(0n),
      }),
    ),
    {
      kind: 'refund',
      atMs,
      txId,
      channelId: null,
      amount: refund,
      feeSun: closed.length === 0 ? feeSun : toFeeSun(0n),
    },
  ]
  await book.commit(() => {
    const current = book.getSession() ?? session
    return {
      droppedPending: [pending.id],
      channels: channels.flatMap(
        ({ channelId }) => changeChannel(context, channelId, { kind: 'settledSeen' }).channels ?? [],
      ),
      session: { ...withTx(current), refunded: toAmount(current.refunded + refund) },
      receipts,
    }
  })
}

async function readEvents(
  context: PayerContext,
  txId: Hex,
  settledCount: number,
): Promise<readonly SwarmEvent[]> {
  for (let look = 1; ; look++) {
    const events = await context.chain.getEvents(txId)
    const settled = events.filter(({ kind }) => kind === 'Settled').length
    if (settled >= settledCount || look === EVENT_LOOKS) return events
    await wait(context.clock, EVENT_DELAY_MS)
  }
}

async function readClosed(
  context: PayerContext,
  channel: ChannelRecord,
  events: readonly SwarmEvent[],
): Promise<ClosedChannel> {
  const { channelId, fields } = channel
  const finals = await readFinalFigures(context, channel)
  const paid = toAmount(finals.reduce((sum, { amount }) => sum + amount, 0n))
  const refund = toAmount(fields.total - paid)
  const settled = events.find((event) => event.kind === 'Settled' && event.channelId === channelId)
  if (settled?.kind === 'Settled' && settled.refund !== refund) {
    throw new ChainError(
      'sums-differ',
      `channel ${channelId}: the chain refunded ${settled.refund}, its seats leave ${refund}`,
    )
  }
  const paidHere = events.reduce(
    (sum, event) => (event.kind === 'SeatPaid' && event.channelId === channelId ? sum + event.amount : sum),
    0n,
  )
  return { channel, paid, paidHere: settled ? toAmount(paidHere) : paid, refund }
}

/** What the purse gave back: its balance before, less what a seller opened out of it meanwhile. */
async function drainedPurse(
  { book, chain }: PayerContext,
  pending: PendingRecord,
  session: SessionRecord,
): Promise<bigint> {
  let purse: bigint = pending.purseBefore ?? 0n
  const unopened = [...book.getChannels(), ...book.getGivenUp(session.signer)].filter(
    ({ state }) => state.status === 'planned' || state.status === 'failed',
  )
  for (const { channelId, fields } of new Set(unopened)) {
    if ((await chain.getChannel(channelId)).status !== 'unknown') purse -= fields.total
  }
  return purse
}
