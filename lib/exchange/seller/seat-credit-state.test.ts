import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reduceSeatCredit, type SeatCredit, type SeatCreditEvent } from './seat-credit-state.ts'

const OPEN: SeatCredit = { status: 'open', confirmedAtMs: 0 }
const event: fc.Arbitrary<SeatCreditEvent> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('openSeen' as const, 'nothingSeen' as const),
    atMs: fc.nat({ max: 1_000_000 }),
  }),
  fc.record({ kind: fc.constantFrom('closeSeen' as const, 'released' as const) }),
)

describe('a seat’s credit', () => {
  test('outlives two looks at a chain that says nothing, and not a third', () => {
    const look = (ms: number) => reduceSeatCredit(OPEN, { kind: 'nothingSeen', atMs: ms })
    expect(look(60_000)).toBe(OPEN)
    expect(look(120_000)).toBe(OPEN)
    expect(look(180_000)).toEqual({ status: 'doubtful' })
  })

  test('comes back when the chain says open again', () => {
    expect(reduceSeatCredit({ status: 'doubtful' }, { kind: 'openSeen', atMs: 7 })).toEqual({
      status: 'open',
      confirmedAtMs: 7,
    })
  })

  test('never comes back after a closing or a release, whatever follows', () => {
    fc.assert(
      fc.property(fc.array(event), (events) => {
        let state: SeatCredit = OPEN
        let isOver = false
        for (const each of events) {
          state = reduceSeatCredit(state, each)
          isOver = isOver || each.kind === 'closeSeen' || each.kind === 'released'
          if (isOver) expect(['closing', 'released']).toContain(state.status)
        }
      }),
    )
  })
})
