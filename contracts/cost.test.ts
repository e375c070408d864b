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
    ['open1', 57_000, 30_000],
    ['open16', 69_100, 30_300],
    ['fundAndOpen', 73_600, 39_550],
    ['fundAndOpenKeep', 78_700, 46_650],
    ['redeemFirst', 73_200, 39_400],
    ['redeemRepeat', 49_200, 22_800],
    ['rowFirst', 40_000, 26_800],
    ['rowRepeat', 11_400, 9_160],
    ['settle1', 70_800, 43_950],
    ['settle4', 142_000, 113_200],
    ['settle16', 424_500, 389_500],
    ['settle16Redeemed', 471_500, 470_000],
    ['closeOut1', 79_500, 45_100],
    ['life16', 509_500, 428_500],
  ])('for %s', (name, maxGas, maxEnergy) => {
    expect(gas[name]).toBeLessThanOrEqual(maxGas)
    expect(energy[name]).toBeLessThanOrEqual(maxEnergy)
  })

  it('whatever the number of seats that a channel opens with', () => {
    // The note lists the seats: its bytes are read and hashed, and on TRON paid for as bandwidth.
    expect(energy.open16).toBeLessThanOrEqual(30_500)
  })
})
