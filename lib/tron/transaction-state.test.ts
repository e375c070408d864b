import { describe, expect, it } from 'vitest'
import { toFeeSun } from '../units/index.ts'
import {
  isFinalState,
  isOpen,
  reduceTransaction,
  type TransactionEvent,
  type TransactionState,
} from './transaction-state.ts'

const sent = { txId: '0xaa', expiresAtMs: 1_000 } as const
const mined = { ...sent, blockNumber: 10, feeSun: toFeeSun(7n) }
const reason = { code: 'reverted', words: 'The contract refused.' }

const STATES = {
  draft: { status: 'draft' },
  simulated: { status: 'simulated' },
  signed: { status: 'signed', ...sent },
  broadcast: { status: 'broadcast', ...sent },
  inBlock: { status: 'inBlock', ...mined },
  solidified: { status: 'solidified', ...mined },
  reverted: { status: 'reverted', ...mined, reason, isSolid: false },
  revertedSolid: { status: 'reverted', ...mined, reason, isSolid: true },
  dropped: { status: 'dropped', ...sent },
  expired: { status: 'expired', txId: '0xaa', wasInBlock: false },
  expiredDropped: { status: 'expired', txId: '0xaa', wasInBlock: true },
  cancelled: { status: 'cancelled', txId: null, reason },
  cancelledSigned: { status: 'cancelled', txId: '0xaa', reason },
} as const satisfies Record<string, TransactionState>
type Name = keyof typeof STATES
const NAMES = Object.keys(STATES) as Name[]

const EVENTS = {
  simulated: { kind: 'simulated' },
  signed: { kind: 'signed', ...sent },
  broadcast: { kind: 'broadcast' },
  cancelled: { kind: 'cancelled', reason },
  seen: { kind: 'minedSeen', blockNumber: 10, feeSun: toFeeSun(7n), reason: null, solidNumber: 9 },
  seenSolid: { kind: 'minedSeen', blockNumber: 10, feeSun: toFeeSun(7n), reason: null, solidNumber: 10 },
  failed: { kind: 'minedSeen', blockNumber: 10, feeSun: toFeeSun(7n), reason, solidNumber: 9 },
  failedSolid: { kind: 'minedSeen', blockNumber: 10, feeSun: toFeeSun(7n), reason, solidNumber: 10 },
  missing: { kind: 'missingSeen', headNumber: 10, solidTimeMs: 1_000 },
  missingFromBehind: { kind: 'missingSeen', headNumber: 9, solidTimeMs: 1_000 },
  missingForEver: { kind: 'missingSeen', headNumber: 10, solidTimeMs: 1_001 },
} as const satisfies Record<string, TransactionEvent>

/** What each event makes of each state; where it is not named the state refuses it. */
const TABLE: Record<keyof typeof EVENTS, Partial<Record<Name, Name>>> = {
  simulated: { draft: 'simulated' },
  signed: { simulated: 'signed' },
  broadcast: { signed: 'broadcast' },
  cancelled: { simulated: 'cancelled', signed: 'cancelledSigned' },
  seen: {
    signed: 'inBlock',
    broadcast: 'inBlock',
    dropped: 'inBlock',
    inBlock: 'inBlock',
    reverted: 'reverted',
  },
  seenSolid: {
    signed: 'solidified',
    broadcast: 'solidified',
    dropped: 'solidified',
    inBlock: 'solidified',
    reverted: 'solidified',
  },
  failed: {
    signed: 'reverted',
    broadcast: 'reverted',
    dropped: 'reverted',
    inBlock: 'inBlock',
    reverted: 'reverted',
  },
  failedSolid: {
    signed: 'revertedSolid',
    broadcast: 'revertedSolid',
    dropped: 'revertedSolid',
    inBlock: 'revertedSolid',
    reverted: 'revertedSolid',
  },
  missing: {
    signed: 'signed',
    broadcast: 'broadcast',
    dropped: 'dropped',
    inBlock: 'dropped',
    reverted: 'dropped',
  },
  missingFromBehind: {
    signed: 'signed',
    broadcast: 'broadcast',
    dropped: 'dropped',
    inBlock: 'inBlock',
    reverted: 'reverted',
  },
  missingForEver: {
    signed: 'expired',
    broadcast: 'expired',
    dropped: 'expiredDropped',
    inBlock: 'expiredDropped',
    reverted: 'expiredDropped',
  },
}

describe('a transaction', () => {
  for (const event of Object.keys(EVENTS) as (keyof typeof EVENTS)[])
    it.each(NAMES)(`that is %s meets “${event}”`, (name) => {
      const next = TABLE[event][name]
      const reduce = () => reduceTransaction(STATES[name], EVENTS[event])
      if (next) expect(reduce()).toEqual(STATES[next])
      else expect(reduce).toThrow(RangeError)
    })

  it('stays the same object where nothing changed, so that nothing is written', () => {
    expect(reduceTransaction(STATES.inBlock, EVENTS.seen)).toBe(STATES.inBlock)
    expect(reduceTransaction(STATES.broadcast, EVENTS.missing)).toBe(STATES.broadcast)
    expect(reduceTransaction(STATES.dropped, EVENTS.missing)).toBe(STATES.dropped)
  })

  it('that another block took meanwhile is in that one', () => {
    const moved = { ...EVENTS.failed, blockNumber: 11 }
    expect(reduceTransaction(STATES.inBlock, moved)).toEqual({ ...STATES.reverted, blockNumber: 11 })
  })

  it('is final, looked up, or not signed yet: exactly one of them', () => {
    const isUnsigned = ({ status }: TransactionState): boolean => status === 'draft' || status === 'simulated'
    for (const name of NAMES) {
      const state = STATES[name]
      expect([isFinalState(state), isOpen(state), isUnsigned(state)].filter(Boolean), name).toHaveLength(1)
    }
    expect(NAMES.filter((name) => isFinalState(STATES[name]))).toEqual([
      'solidified',
      'revertedSolid',
      'expired',
      'expiredDropped',
      'cancelled',
      'cancelledSigned',
    ])
  })
})
