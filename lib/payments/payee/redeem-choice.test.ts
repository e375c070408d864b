import { describe, expect, test } from 'vitest'
import { type Amount, toAmount, toFeeSun } from '../../units/index.ts'
import type { RedeemableSeat } from './redeem.ts'
import { chooseSeats, isWorthRedeeming, type PriceRows, type RedeemPolicy } from './redeem-choice.ts'

const BTT = 10n ** 18n
const policy: RedeemPolicy = {
  redeemAt: toAmount(100n * BTT),
  floor: toAmount(5_000n * BTT),
  feeMultiple: 20,
  bttPerTrx: toAmount(1_000n * BTT),
}
const unknown: RedeemPolicy = { ...policy, bttPerTrx: null }
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
    const cheap = toFeeSun(1n)
    expect(isWorthRedeeming(toAmount(99n * BTT), cheap, policy)).toBe(false)
    expect(isWorthRedeeming(toAmount(100n * BTT), cheap, policy)).toBe(true)
    expect(isWorthRedeeming(toAmount(0n), cheap, { ...policy, redeemAt: toAmount(0n) })).toBe(false)
  })

  test('without a rate takes what the floor covers, and nothing else', () => {
    expect(isWorthRedeeming(toAmount(4_999n * BTT), FEE, unknown)).toBe(false)
    expect(isWorthRedeeming(toAmount(5_000n * BTT), FEE, unknown)).toBe(true)
  })
})

const seats = (...dues: readonly bigint[]): readonly RedeemableSeat[] =>
  dues.map((due) => ({ due: toAmount(due) }) as RedeemableSeat)
const dues = (chosen: readonly RedeemableSeat[]): readonly Amount[] => chosen.map(({ due }) => due)

describe('which seats to redeem', () => {
  let asked: number[] = []
  /** 1 TRX a transaction and 1 a row: 2,000 BTT for one alone, 1,062.5 for each of 16. */
  const price: PriceRows = async (rows) => {
    asked.push(rows.length)
    return { seats: rows, feeSun: toFeeSun(1_000_000n * BigInt(rows.length + 1)) }
  }

  test('takes each that brings more than it adds, and none that rides on another’s money', async () => {
    const choice = await chooseSeats(seats(BTT, 90_000n * BTT, 1n, 1_501n * BTT, 1_300n * BTT), policy, price)
    // With the two dearest a row costs 1,500.
    expect(dues(choice.seats)).toEqual([90_000n * BTT, 1_501n * BTT])
    expect(choice).toMatchObject({ due: 91_501n * BTT, feeSun: 3_000_000n })
  })

  test('prices one batch of a hundred and twenty-eight seats of one base unit, and takes none', async () => {
    asked = []
    const choice = await chooseSeats(seats(...Array<bigint>(128).fill(1n)), policy, price)
    expect(choice).toEqual({ seats: [], due: 0n, feeSun: 0n })
    expect(asked).toEqual([16])
  })

  test('takes more than a batch where all are worth it', async () => {
    const choice = await chooseSeats(seats(...Array<bigint>(20).fill(2_000n * BTT)), policy, price)
    expect(choice.seats).toHaveLength(20)
    expect(choice.feeSun).toBe(22_000_000n)
  })

  test('leaves out what the chain would not take', async () => {
    const choosy: PriceRows = async (rows) => price(rows.filter(({ due }) => due !== 50_000n * BTT))
    const choice = await chooseSeats(seats(50_000n * BTT, 60_000n * BTT), policy, choosy)
    expect(dues(choice.seats)).toEqual([60_000n * BTT])
  })

  test('without a rate takes the floor and more, and asks no price', async () => {
    asked = []
    const choice = await chooseSeats(seats(1n, 4_999n * BTT, 5_000n * BTT), unknown, price)
    expect(dues(choice.seats)).toEqual([5_000n * BTT])
    expect(asked).toEqual([])
  })
})
