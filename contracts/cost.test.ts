/** What the contract costs: gas on Ethereum's Shanghai rules, energy on TRON's. The limits keep what was reached. */
import { beforeAll, describe, expect, it } from 'vitest'
import { type CostFigures, measureCosts } from './cost/figures.ts'

let gas: CostFigures
let energy: CostFigures

beforeAll(async () => {
  gas = await measureCosts('gas')
  energy = await measureCosts('energy')
})

describe('the contract costs no more than before', () => {
  it.each<[keyof CostFigures, number, number]>([
    ['open1', 55_400, 29_900],
    ['fundAndOpen', 71_600, 39_200],
    ['fundAndOpenKeep', 76_700, 46_300],
    ['redeemFirst', 73_200, 39_600],
    ['redeemRepeat', 49_200, 22_900],
    ['rowFirst', 40_000, 27_000],
    ['rowRepeat', 11_400, 9_250],
    ['settle1', 70_800, 44_200],
    ['settle4', 142_000, 114_000],
    ['settle16', 424_500, 391_800],
    ['settle16Redeemed', 471_500, 472_400],
    ['closeOut1', 79_500, 52_200],
    ['life16', 496_000, 431_000],
  ])('for %s', (name, maxGas, maxEnergy) => {
    expect(gas[name]).toBeLessThanOrEqual(maxGas)
    expect(energy[name]).toBeLessThanOrEqual(maxEnergy)
  })

  it('whatever the number of seats that a channel opens with', () => {
    // The calldata's zero bytes differ a little.
    expect(Math.abs(gas.open128 - gas.open1)).toBeLessThan(100)
    expect(energy.open128).toBe(energy.open1)
  })
})
