/**
 * A budget that was found on the chain, taken into the book so that it ends like any other: purse at once, channels after their delay, each
 * seat what was redeemed of it. Invariant: nothing is paid of it, for what its vouchers promised is not known here.
 */
import { bytesToHex, ChannelError } from '../../base/index.ts'
import type { LockedByKey } from '../../channels/index.ts'
import type { Address } from '../../tron/index.ts'
import { toAmount, toFeeSun, ZERO_AMOUNT } from '../../units/index.ts'
import type { ChannelRecord, PayerSeatRecord, SessionRecord } from '../records.ts'
import { isLocked } from './budget-state.ts'
import type { PayerContext } from './context.ts'

/**
 * Makes it the budget in hand, stopped. Throws ChannelError 'session-active' while there is one of this browser's own, and 'no-budget'
 * where nothing of it can be settled.
 */
export async function adoptLocked(context: PayerContext, owner: Address, found: LockedByKey): Promise<void> {
  const { book, clock } = context
  if (found.purse === 0n && found.channels.length === 0)
    throw new ChannelError('no-budget', 'There is nothing in it that can be settled from here.')
  const nowMs = clock.nowMs()
  const id = bytesToHex(context.random(16))
  const whole = found.channels.reduce((sum, { channel }) => sum + channel.total, found.purse as bigint)
  const session: SessionRecord = {
    id,
    payer: owner,
    signer: found.signer,
    budget: toAmount(whole),
    maxAskPerMiB: ZERO_AMOUNT,
    torrents: {},
    untilSec: 0n,
    startedAtMs: nowMs,
    funded: toAmount(whole),
    refunded: ZERO_AMOUNT,
    feeSun: toFeeSun(0n),
    txIds: [],
    isFound: true,
    state: { status: 'stopped' },
  }
  const channels = found.channels.map(
    ({ channelId, channel, leaves, note, closeAtSec }): ChannelRecord => ({
      channelId,
      sessionId: id,
      fields: channel,
      leaves,
      note,
      openSignature: null,
      plannedAtMs: nowMs,
      state: closeAtSec === null ? { status: 'open' } : { status: 'closing', closeAtSec },
    }),
  )
  const seats = found.channels.flatMap(({ channelId, leaves }) =>
    leaves.map(
      ({ payee, delegate, cap }): PayerSeatRecord => ({
        channelId,
        payee,
        delegate,
        cap,
        state: { status: 'open', voucher: null },
      }),
    ),
  )
  await book.commit(() => {
    const before = book.getSession()
    if (before && isLocked(before.state))
      throw new ChannelError('session-active', 'Settle the budget in hand before you take another back.')
    return { session, channels, seats }
  })
  context.notify()
}
