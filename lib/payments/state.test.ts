import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChannelError } from '../base/index.ts'
import type { SignedVoucher } from '../channels/index.ts'
import { addressFromBytes } from '../tron/index.ts'
import { toAmount } from '../units/index.ts'
import { type PayeeSeatEvent, type PayeeSeatState, reducePayeeSeat } from './payee/seat-state.ts'
import { isLocked, reduceSession, type SessionEvent, type SessionState } from './payer/budget-state.ts'
import { type ChannelEvent, type ChannelLifecycle, isReserved, reduceChannel } from './payer/channel-state.ts'
import { getFirstTotal, getNewcomersTotal, getTopUpTotal } from './payer/seat-plan.ts'
import { type PayerSeatEvent, type PayerSeatState, promisedOf, reducePayerSeat } from './payer/seat-state.ts'

const payee = addressFromBytes(new Uint8Array(20).fill(7))
const signed = (cumulative: bigint): SignedVoucher => ({
  channelId: '0x01',
  payee,
  cumulative: toAmount(cumulative),
  signature: '0x',
})

/** Runs events; a refused one leaves the state. */
function run<S, E>(
  state: S,
  events: readonly E[],
  reduce: (state: S, event: E) => S,
  check: (before: S, after: S) => void,
): S {
  let current = state
  for (const event of events) {
    try {
      const next = reduce(current, event)
      check(current, next)
      current = next
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error
    }
  }
  return current
}

describe('a channel', () => {
  const event = fc.constantFrom<ChannelEvent>(
    { kind: 'openSent', txId: null },
    { kind: 'openSeen' },
    { kind: 'openFailed', reason: 'x' },
    { kind: 'closeSeen', closeAtSec: 9n },
    { kind: 'settleSent', txId: null },
    { kind: 'settleFailed' },
    { kind: 'settledSeen' },
  )
  const reorganised = fc.constantFrom<ChannelEvent>(
    { kind: 'droppedSeen', hasSignature: true },
    { kind: 'droppedSeen', hasSignature: false },
    { kind: 'closeDropped' },
  )
  it('once settled stays settled, and never forgets that it was closing', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        run<ChannelLifecycle, ChannelEvent>({ status: 'planned' }, events, reduceChannel, (before, after) => {
          if (before.status === 'settled') expect(after.status).toBe('settled')
          if (before.status === 'closing') expect(['closing', 'settling', 'settled']).toContain(after.status)
          if (before.status === 'open') expect(['planned', 'opening', 'failed']).not.toContain(after.status)
        })
      }),
    )
  })

  it('goes one step back by a reorganisation, never out of a settlement, and always stays reserved', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(event, reorganised), { maxLength: 30 }), reorganised, (events, last) => {
        const state = run<ChannelLifecycle, ChannelEvent>(
          { status: 'planned' },
          events,
          reduceChannel,
          () => undefined,
        )
        const steps = { open: ['planned', 'opening'], closing: ['open'] } as const
        const allowed: readonly string[] = steps[state.status as keyof typeof steps] ?? []
        run<ChannelLifecycle, ChannelEvent>(state, [last], reduceChannel, (_before, after) => {
          expect(allowed).toContain(after.status)
          expect(isReserved(after)).toBe(true)
        })
      }),
    )
  })
})

describe('a payer’s seat', () => {
  it('only rises, never passes its cap, and takes nothing after its release', () => {
    const event = fc.oneof(
      fc.constant<PayerSeatEvent>({ kind: 'opened' }),
      fc.bigInt(0n, 12n).map((n): PayerSeatEvent => ({ kind: 'paid', voucher: signed(n) })),
      fc.bigInt(0n, 12n).map((n): PayerSeatEvent => ({ kind: 'released', release: signed(n) })),
    )
    const cap = toAmount(10n)
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        run<PayerSeatState, PayerSeatEvent>(
          { status: 'planned' },
          events,
          (state, one) => reducePayerSeat(state, one, cap),
          (before, after) => {
            expect(promisedOf(after)).toBeGreaterThanOrEqual(promisedOf(before))
            expect(promisedOf(after)).toBeLessThanOrEqual(cap)
            if (before.status === 'released') expect(promisedOf(after)).toBe(promisedOf(before))
            expect(after.status === 'exhausted').toBe(
              after.status !== 'released' && promisedOf(after) === cap,
            )
          },
        )
      }),
    )
  })
})

describe('a payee’s seat', () => {
  it('is accepted only before it was ever closing, released or settled', () => {
    const event = fc.constantFrom<PayeeSeatEvent>(
      { kind: 'asked' },
      { kind: 'openSeen' },
      { kind: 'closeSeen' },
      { kind: 'released', release: signed(1n) },
      { kind: 'settledSeen' },
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        let isOver = false
        run<PayeeSeatState, PayeeSeatEvent>(
          { status: 'offered' },
          events,
          reducePayeeSeat,
          (_before, after) => {
            if (isOver) expect(after.status).not.toBe('accepted')
            isOver ||= ['stale', 'released', 'redeemed'].includes(after.status)
          },
        )
      }),
    )
  })
})

describe('a session', () => {
  it('never pays again once its settlement has gone through', () => {
    const summary = {
      funded: toAmount(1n),
      paid: toAmount(0n),
      refunded: toAmount(1n),
      payees: [],
      txIds: [],
      feeSun: 0n as never,
    }
    const event = fc.constantFrom<SessionEvent>(
      { kind: 'funded' },
      { kind: 'startFailed', reason: 'x' },
      { kind: 'stopped' },
      { kind: 'resumed' },
      { kind: 'settleBegun' },
      { kind: 'settleFailed' },
      { kind: 'closeStarted', closeAtSec: 4n },
      { kind: 'settled', summary },
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        run<SessionState, SessionEvent>({ status: 'starting' }, events, reduceSession, (before, after) => {
          if (!isLocked(before)) expect(isLocked(after)).toBe(false)
          if (before.status === 'closing') expect(after.status).not.toBe('paying')
        })
      }),
    )
  })
})

describe('a plan', () => {
  it('never takes more than there is', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 30n), fc.bigInt(1n, 10n ** 30n), (budget, purse) => {
        for (const isWorth of [() => true, () => false]) {
          expect(getFirstTotal(toAmount(budget), isWorth)).toBeLessThanOrEqual(budget)
          expect(getFirstTotal(toAmount(budget), isWorth)).toBeGreaterThan(0n)
          expect(getTopUpTotal(toAmount(purse), toAmount(budget), isWorth)).toBeLessThanOrEqual(purse)
          expect(getTopUpTotal(toAmount(purse), toAmount(budget), isWorth)).toBeGreaterThan(0n)
        }
        expect(getNewcomersTotal(toAmount(budget), toAmount(purse)) * 8n).toBeLessThanOrEqual(budget)
      }),
    )
  })
})
