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
    ['open1', 55_400, 29_800],
    ['fundAndOpen', 71_600, 38_960],
    ['fundAndOpenKeep', 76_700, 46_070],
    ['redeemFirst', 73_200, 39_350],
    ['redeemRepeat', 49_200, 22_750],
    ['rowFirst', 40_000, 26_800],
    ['rowRepeat', 11_400, 9_160],
    ['settle1', 70_800, 43_950],
    ['settle4', 142_000, 113_200],
    ['settle16', 424_500, 389_500],
    ['settle16Redeemed', 471_500, 470_000],
    ['closeOut1', 79_500, 45_100],
    ['life16', 496_000, 428_500],
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
