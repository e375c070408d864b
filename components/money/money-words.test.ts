import { describe, expect, it } from 'vitest'
import type { MoneyFigures } from '@/lib/features/pay/index.ts'
import { toAmount, toFeeSun } from '@/lib/units/index.ts'
import { getAmountPerGB, getSpentShare } from './money-words.ts'

const figures = (spent: bigint, tipped: bigint, paidBytes: number): MoneyFigures => ({
  budget: toAmount(100n),
  locked: toAmount(0n),
  spent: toAmount(spent),
  tipped: toAmount(tipped),
  paidPieces: 0,
  paidBytes,
  bttPerMin: toAmount(0n),
  maxAskPerMiB: toAmount(0n),
  feeSun: toFeeSun(0n),
  transactions: 2,
  channels: 1,
  untilSec: 0n,
})

describe('the price of a GB', () => {
  it('is unknown before the first paid byte', () => {
    expect(getAmountPerGB(figures(0n, 0n, 0))).toBeNull()
  })
  it('leaves tips out', () => {
    expect(getAmountPerGB(figures(30n, 10n, 2_000_000_000))).toBe(10n)
  })
})

describe('the share of the budget', () => {
  it('is a number for a bar', () => {
    expect(getSpentShare(figures(25n, 0n, 1))).toBe(0.25)
  })
})
