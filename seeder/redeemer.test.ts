import { describe, expect, test } from 'vitest'
import { toAmount, toFeeSun } from '../lib/units/index.ts'
import { isWorthRedeeming } from './redeemer.ts'

const BTT = 10n ** 18n
const policy = { redeemAt: toAmount(100n * BTT), feeMultiple: 20, bttPerTrx: toAmount(1_000n * BTT) }
/** 2 TRX, worth 2,000 BTT. */
const FEE = toFeeSun(2_000_000n)

describe('whether to redeem', () => {
  test.each([
    [40_000n, true],
    [39_999n, false],
  ])('weighs %s BTT against twenty times the fee', (due, isWorth) => {
    expect(isWorthRedeeming(toAmount(due * BTT), FEE, policy)).toBe(isWorth)
  })

  test('waits for the least amount, and never redeems nothing', () => {
    const free = { ...policy, bttPerTrx: null }
    expect(isWorthRedeeming(toAmount(99n * BTT), FEE, free)).toBe(false)
    expect(isWorthRedeeming(toAmount(100n * BTT), FEE, free)).toBe(true)
    expect(isWorthRedeeming(toAmount(0n), FEE, { ...free, redeemAt: toAmount(0n) })).toBe(false)
  })
})
