/** Brings channel and seat records in line with what the chain says of a channel. */

import type { Hex } from '../../base/index.ts'
import type { Address } from '../../tron/index.ts'
import type { Amount } from '../../units/index.ts'
import type { ChannelRecord, PayerSeatRecord } from '../records.ts'
import type { BookChange } from './book.ts'
import { type ChannelEvent, reduceChannel } from './channel-state.ts'
import type { PayerContext } from './context.ts'
import { reducePayerSeat } from './seat-state.ts'

/** Records of a channel that is about to be persisted for the first time: its seats begin as 'planned'. */
export function plannedSeats(channel: ChannelRecord): readonly PayerSeatRecord[] {
  return channel.leaves.map(({ payee, delegate, cap }) => ({
    channelId: channel.channelId,
    payee,
    delegate,
    cap,
    state: { status: 'planned' },
  }))
}

/** The change that an event makes to a channel, seats included where it opened. */
export function changeChannel(
  context: PayerContext,
  channelId: Hex,
  event: ChannelEvent,
): Pick<BookChange, 'channels' | 'seats'> {
  const record = context.book.getChannel(channelId)
  if (!record) return {}
  const state = reduceChannel(record.state, event)
  if (state === record.state) return {}
  // A channel that an earlier session gave up and somebody opened now belongs to the present one, whose purse it took.
  const sessionId =
    event.kind === 'openSeen' ? (context.book.getSession()?.id ?? record.sessionId) : record.sessionId
  const seats =
    event.kind === 'openSeen'
      ? record.leaves.flatMap(({ payee, cap }) => {
          const seat = context.book.getSeat(channelId, payee)
          return seat ? [{ ...seat, state: reducePayerSeat(seat.state, { kind: 'opened' }, cap) }] : []
        })
      : []
  return { channels: [{ ...record, sessionId, state }], seats }
}

/**
 * Asks the chain about a channel and records what changed. By 'background' nothing is recorded once the settlement has
 * begun: its sums rest on what it read itself. Throws ChainError when the node does not answer.
 */
export async function refreshChannel(
  context: PayerContext,
  channelId: Hex,
  by: 'background' | 'settlement',
): Promise<void> {
  const { book, chain } = context
  const onChain = await chain.getChannel(channelId)
  let isChanged = false
  await book.commit(() => {
    const mode = book.getSession()?.state.status
    if (by === 'background' && mode !== 'paying' && mode !== 'stopped') return null
    const event = eventFor(book.getChannel(channelId), onChain)
    if (!event) return null
    const change = changeChannel(context, channelId, event)
    isChanged = (change.channels?.length ?? 0) > 0
    return isChanged ? change : null
  })
  if (isChanged) context.notify()
}

function eventFor(
  record: ChannelRecord | null,
  onChain: Awaited<ReturnType<PayerContext['chain']['getChannel']>>,
): ChannelEvent | null {
  if (!record) return null
  const { status } = record.state
  const isUnopened = status === 'planned' || status === 'opening' || status === 'failed'
  if (onChain.status === 'open' && isUnopened) return { kind: 'openSeen' }
  if (onChain.status === 'unknown' && status === 'open')
    return { kind: 'droppedSeen', hasSignature: record.openSignature !== null }
  if (onChain.status === 'open' && status === 'closing') return { kind: 'closeDropped' }
  if (onChain.status === 'closing') {
    // First seen open, then closing: the next look records the second step.
    if (isUnopened) return { kind: 'openSeen' }
    if (status === 'open') return { kind: 'closeSeen', closeAtSec: onChain.closeAtSec }
  }
  return null
}

/** What each seat comes to in a settlement: the greater of its release and what the chain paid; exact, as the contract does it. */
export async function readFinalFigures(
  context: PayerContext,
  channel: ChannelRecord,
): Promise<readonly { readonly payee: Address; readonly amount: Amount }[]> {
  return Promise.all(
    channel.leaves.map(async ({ payee }) => {
      const { claimed } = await context.chain.getSeat(channel.channelId, payee)
      const state = context.book.getSeat(channel.channelId, payee)?.state
      const isAbove = state?.status === 'released' && state.release.cumulative > claimed
      return { payee, amount: isAbove ? state.release.cumulative : claimed }
    }),
  )
}
