import { describe, expect, it } from 'vitest'
import type { MoneyFigures } from '@/lib/features/pay/index.ts'
import { toAmount, toFeeSun } from '@/lib/units/index.ts'
import { getAmountPerGB, getSpentShare, sayStanding } from './money-words.ts'

const figures = (spent: bigint, tipped: bigint, paidBytes: number): MoneyFigures => ({
  budget: toAmount(100n),
  locked: toAmount(0n),
  spent: toAmount(spent),
  tipped: toAmount(tipped),
  spentByTorrent: {},
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

describe('where the budget stands', () => {
  const BTT = 10n ** 18n
  const standing = (left: bigint, perMin: bigint, here = 0n, isBuying = true) =>
    sayStanding(
      {
        ...figures(0n, 0n, 1),
        budget: toAmount(left),
        bttPerMin: toAmount(perMin),
        spentByTorrent: { a: toAmount(here) },
      },
      'a',
      isBuying,
    )

  it('says what went for this torrent, what is left and for how long', () => {
    expect(standing(90n * BTT, 3n * BTT, 2n * BTT)).toBe(
      '2 BTT went for this torrent. 90 BTT left, enough for 30 minutes at this pace.',
    )
    expect(standing(BTT, 2n * BTT)).toBe('1 BTT left, enough for less than a minute at this pace.')
    expect(standing(3n * BTT, 2n * BTT)).toContain('a minute')
    expect(standing(90n * BTT, BTT)).toContain('enough for an hour')
    expect(standing(5_000n * BTT, BTT)).toContain('3 days')
  })

  it('forecasts nothing while nothing is spent, or where nothing is left', () => {
    expect(standing(BTT, 0n)).toBe('1 BTT left.')
    expect(standing(BTT, BTT, 0n, false)).toBe('1 BTT left.')
    expect(standing(0n, BTT)).toBe('0 BTT left.')
    expect(sayStanding(figures(0n, 0n, 1), null, true)).toBe(standing(100n, 0n))
  })
})
