import { expect, test } from 'vitest'
import { reduceShownSeat, type ShownSeat, type ShownSeatEvent } from './shown-seat-state.ts'

const TABLE: readonly [ShownSeat, ShownSeatEvent, ShownSeat][] = [
  ['presented', 'acknowledged', 'ready'],
  ['presented', 'rejected', 'refused'],
  ['presented', 'released', 'refused'],
  ['ready', 'acknowledged', 'ready'],
  ['ready', 'rejected', 'refused'],
  ['ready', 'released', 'refused'],
  ['refused', 'acknowledged', 'refused'],
  ['refused', 'rejected', 'refused'],
  ['refused', 'released', 'refused'],
]

test.each(TABLE)('a shown seat that is %s and %s is %s', (state, event, next) => {
  expect(reduceShownSeat(state, event)).toBe(next)
})
