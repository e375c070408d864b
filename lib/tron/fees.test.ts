import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toFeeSun } from '../units/index.ts'
import { burnOf, type FeeMeans } from './fees.ts'

const PRICES = { energySun: 100n, bandwidthSun: 1_000n }
const NOTHING: FeeMeans = { balanceSun: toFeeSun(0n), energy: 0, stakedBytes: 0, freeBytes: 0 }
const CALL = { energy: 65_000, bandwidthBytes: 345 }

test('an account without resources burns TRX for all of a call', () => {
  expect(burnOf([CALL], NOTHING, PRICES)).toBe(6_500_000n + 345_000n)
})

test('energy is paid for in part, bandwidth whole or not at all', () => {
  expect(burnOf([CALL], { ...NOTHING, energy: 60_000 }, PRICES)).toBe(500_000n + 345_000n)
  expect(burnOf([CALL], { ...NOTHING, freeBytes: 344 }, PRICES)).toBe(6_500_000n + 345_000n)
  expect(burnOf([CALL], { ...NOTHING, freeBytes: 345 }, PRICES)).toBe(6_500_000n)
  // Neither pool alone suffices.
  expect(burnOf([CALL], { ...NOTHING, freeBytes: 200, stakedBytes: 200 }, PRICES)).toBe(6_845_000n)
})

test('what the first call used, the second has not', () => {
  const means = { ...NOTHING, energy: 100_000, freeBytes: 600 }
  expect(burnOf([CALL, CALL], means, PRICES)).toBe(3_000_000n + 345_000n)
})

test('nobody burns more with resources than without, and nothing with enough', () => {
  const call = fc.record({ energy: fc.nat(200_000), bandwidthBytes: fc.nat(2_000) })
  const means = fc.record({
    balanceSun: fc.constant(toFeeSun(0n)),
    energy: fc.nat(500_000),
    stakedBytes: fc.nat(5_000),
    freeBytes: fc.nat(600),
  })
  fc.assert(
    fc.property(fc.array(call, { maxLength: 6 }), means, (calls, own) => {
      expect(burnOf(calls, own, PRICES)).toBeLessThanOrEqual(burnOf(calls, NOTHING, PRICES))
      const rich = { ...NOTHING, energy: 2_000_000, stakedBytes: 20_000 }
      expect(burnOf(calls, rich, PRICES)).toBe(0n)
    }),
  )
})
