import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Address } from '../../tron/index.ts'
import { toAmount } from '../../units/index.ts'
import {
  type BuyingEvent,
  type BuyingState,
  endsBid,
  type ProvenQuote,
  reduceBuying,
  UNQUOTED,
} from './buying-state.ts'

type Status = BuyingState['status']
type Kind = BuyingEvent['kind']

const SELLER = { payee: 'TPayee' as Address, delegate: 'TDelegate' as Address }
const QUOTE: ProvenQuote = {
  askPerMiB: toAmount(5n),
  windowBytes: 100,
  freeAllowanceBytes: 0,
  step: toAmount(1n),
  relayFrom: null,
  seller: SELLER,
}
const NO_SELLER: ProvenQuote = { ...QUOTE, seller: null }
const STATES: Readonly<Record<Status, BuyingState>> = {
  unquoted: UNQUOTED,
  idle: { status: 'idle', quote: QUOTE, refusal: null },
  bidding: { status: 'bidding', quote: QUOTE, refusal: null, ratePerMiB: toAmount(5n) },
  underbid: { status: 'underbid', quote: QUOTE, refusal: null },
  stalled: { status: 'stalled', quote: QUOTE, refusal: null, next: 'idle' },
  closed: { status: 'closed', quote: QUOTE, refusal: null },
}
const EVENTS: Readonly<Record<Kind, BuyingEvent>> = {
  quoted: { kind: 'quoted', quote: QUOTE },
  quoteUnproven: { kind: 'quoteUnproven' },
  bid: { kind: 'bid', ratePerMiB: toAmount(7n) },
  stopped: { kind: 'stopped' },
  bidRejected: { kind: 'bidRejected' },
  acknowledged: { kind: 'acknowledged', windowBytes: 0 },
  seatRejected: { kind: 'seatRejected', words: 'no' },
  seatRetried: { kind: 'seatRetried' },
  stalled: { kind: 'stalled' },
  stallOver: { kind: 'stallOver' },
  closed: { kind: 'closed' },
}
/** Where each event leads. One that is not here is illegal in that state. */
const LEADS: Readonly<Record<Status, Partial<Record<Kind, Status>>>> = {
  unquoted: { quoted: 'idle', quoteUnproven: 'unquoted', closed: 'closed' },
  idle: {
    quoted: 'idle',
    quoteUnproven: 'idle',
    bid: 'bidding',
    bidRejected: 'underbid',
    acknowledged: 'idle',
    seatRejected: 'idle',
    seatRetried: 'idle',
    closed: 'closed',
  },
  bidding: {
    quoted: 'bidding',
    quoteUnproven: 'bidding',
    bid: 'bidding',
    stopped: 'idle',
    bidRejected: 'underbid',
    acknowledged: 'bidding',
    seatRejected: 'idle',
    seatRetried: 'bidding',
    stalled: 'stalled',
    closed: 'closed',
  },
  underbid: {
    quoted: 'idle',
    quoteUnproven: 'underbid',
    acknowledged: 'underbid',
    seatRejected: 'underbid',
    seatRetried: 'underbid',
    closed: 'closed',
  },
  stalled: {
    quoted: 'stalled',
    quoteUnproven: 'stalled',
    bidRejected: 'stalled',
    acknowledged: 'stalled',
    seatRejected: 'stalled',
    seatRetried: 'stalled',
    stallOver: 'idle',
    closed: 'closed',
  },
  closed: {},
}
const statuses = Object.keys(STATES) as Status[]
const kinds = Object.keys(EVENTS) as Kind[]
const TABLE = statuses.flatMap((status) => kinds.map((kind) => [status, kind, LEADS[status][kind]] as const))

test.each(TABLE)('%s on %s leads to %s', (status, kind, next) => {
  const state = STATES[status]
  const after = reduceBuying(state, EVENTS[kind])
  if (next) expect(after.status).toBe(next)
  else expect(after).toBe(state)
})

const amount = fc.bigInt(1n, 10n).map(toAmount)
const quote = fc.constantFrom(QUOTE, NO_SELLER)
const event: fc.Arbitrary<BuyingEvent> = fc.oneof(
  quote.map((each) => ({ kind: 'quoted' as const, quote: each })),
  amount.map((ratePerMiB) => ({ kind: 'bid' as const, ratePerMiB })),
  fc.nat(1).map((windowBytes) => ({ kind: 'acknowledged' as const, windowBytes })),
  fc.string().map((words) => ({ kind: 'seatRejected' as const, words })),
  fc.constantFrom<Kind>('quoteUnproven', 'stopped', 'bidRejected', 'seatRetried').map((kind) => EVENTS[kind]),
  fc.constantFrom<Kind>('stalled', 'stallOver').map((kind) => EVENTS[kind]),
  // Seldom, or each run would end at once.
  { weight: 1, arbitrary: fc.constant(EVENTS.closed) },
)

describe('after any events', () => {
  test('one that is illegal in a state leaves it, and every other leads where the table says', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let state = UNQUOTED
        for (const each of events) {
          const after = reduceBuying(state, each)
          const next = LEADS[state.status][each.kind]
          if (!next) expect(after).toBe(state)
          else if (state.status === 'stalled' && each.kind === 'stallOver')
            expect(after.status).toBe(state.next)
          else if (each.kind !== 'bid' || state.quote?.seller) expect(after.status).toBe(next)
          else expect(after).toBe(state)
          state = after
        }
      }),
    )
  })

  test('a bid holds only with a seller, and what ends it is told', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let state = UNQUOTED
        let isToldOfBid = false
        for (const each of events) {
          const after = reduceBuying(state, each)
          if (after.status === 'bidding') isToldOfBid = true
          if (endsBid(state, after)) isToldOfBid = false
          state = after
          if (state.status === 'bidding') expect(state.quote.seller).not.toBeNull()
          if (state.status !== 'closed') expect(isToldOfBid).toBe(state.status === 'bidding')
        }
      }),
    )
  })

  test('a seller that was once proven stays known', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const proven = [{ kind: 'quoted' as const, quote: QUOTE }, ...events]
        expect(proven.reduce(reduceBuying, UNQUOTED).quote?.seller).toEqual(SELLER)
      }),
    )
  })
})

test('a bid rejected in a pause for a stall holds after it, until the next quote', () => {
  const rejected = reduceBuying(STATES.stalled, EVENTS.bidRejected)
  expect(reduceBuying(rejected, EVENTS.stallOver).status).toBe('underbid')
  expect(reduceBuying(reduceBuying(rejected, EVENTS.quoted), EVENTS.stallOver).status).toBe('idle')
})

test('an ack without a window and a seat rejected are words for people, and an ack with one takes them back', () => {
  const refused = reduceBuying(STATES.bidding, EVENTS.acknowledged)
  expect(refused.refusal).toMatch('no more credit')
  expect(reduceBuying(refused, { kind: 'acknowledged', windowBytes: 1 }).refusal).toBeNull()
  expect(reduceBuying(STATES.bidding, EVENTS.seatRejected)).toMatchObject({ status: 'idle', refusal: 'no' })
})
