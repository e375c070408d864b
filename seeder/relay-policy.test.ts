import { describe, expect, test } from 'vitest'
import { bytesToHex, type Hex } from '../lib/base/index.ts'
import { addressFromBytes } from '../lib/tron/index.ts'
import { toAmount, toFeeSun } from '../lib/units/index.ts'
import {
  checkRelay,
  hasBudget,
  leastSeatOf,
  NO_SPENDING,
  type RelayPolicy,
  recordSpend,
} from './relay-policy.ts'

const DAY_MS = 86_400_000
const NOW_MS = 1_800_000_000_000
const payer = addressFromBytes(new Uint8Array(20).fill(1))
const other = addressFromBytes(new Uint8Array(20).fill(2))
const channel = (fill: number): Hex => bytesToHex(new Uint8Array(32).fill(fill))
const policy: RelayPolicy = {
  bttPerTrx: toAmount(500_000n * 10n ** 18n),
  feeMultiple: 20,
  leastSeat: toAmount(20n),
  perPayerSun: toFeeSun(10n),
  perDaySun: toFeeSun(20n),
  inAllSun: toFeeSun(30n),
}
const spend = (fill: number, feeSun: bigint, who = payer, atMs = NOW_MS) => ({
  atMs,
  payer: who,
  channelId: channel(fill),
  feeSun: toFeeSun(feeSun),
})
const wish = (fill: number, mostSun: bigint, who = payer) => ({
  payer: who,
  channelId: channel(fill),
  mostSun: toFeeSun(mostSun),
})

test('the least seat is twenty times the fee at the rate, rounded up, and never below the floor', () => {
  expect(leastSeatOf(toFeeSun(5_100_000n), policy)).toBe(51_000_000n * 10n ** 18n)
  expect(leastSeatOf(toFeeSun(1n), { ...policy, bttPerTrx: toAmount(1n) })).toBe(20n)
  expect(leastSeatOf(toFeeSun(0n), policy)).toBe(policy.leastSeat)
})

describe('the budgets for opening payers’ channels', () => {
  test('are a payer’s, the day’s and the whole’s', () => {
    let record = recordSpend(NO_SPENDING, spend(1, 8n), NOW_MS)
    expect(() => checkRelay(record, wish(2, 2n), policy, NOW_MS)).not.toThrow()
    expect(() => checkRelay(record, wish(2, 3n), policy, NOW_MS)).toThrow(/used up/)
    expect(() => checkRelay(record, wish(2, 10n, other), policy, NOW_MS)).not.toThrow()
    record = recordSpend(record, spend(2, 10n, other), NOW_MS)
    expect(hasBudget(record, toFeeSun(2n), policy, NOW_MS)).toBe(true)
    expect(hasBudget(record, toFeeSun(3n), policy, NOW_MS)).toBe(false)
    const tomorrow = NOW_MS + DAY_MS
    expect(() => checkRelay(record, wish(3, 10n), policy, tomorrow)).not.toThrow()
    record = recordSpend(record, spend(3, 10n, payer, tomorrow), tomorrow)
    expect(record).toMatchObject({ totalSun: 28n, lastDay: [{ channelId: channel(3) }] })
    // In all: a hundred days later there is no more than what is left.
    expect(hasBudget(record, toFeeSun(2n), policy, NOW_MS + 100 * DAY_MS)).toBe(true)
    expect(hasBudget(record, toFeeSun(3n), policy, NOW_MS + 100 * DAY_MS)).toBe(false)
  })

  test('count what was set aside until it is known, and a channel once', () => {
    const setAside = recordSpend(NO_SPENDING, spend(1, 9n), NOW_MS)
    expect(() => checkRelay(setAside, wish(1, 1n), policy, NOW_MS)).toThrow(/paid for already/)
    expect(recordSpend(setAside, spend(1, 4n), NOW_MS)).toEqual({ totalSun: 4n, lastDay: [spend(1, 4n)] })
  })

  test('come back with no clock that is set back', () => {
    const record = recordSpend(NO_SPENDING, spend(1, 20n), NOW_MS)
    expect(hasBudget(record, toFeeSun(1n), policy, NOW_MS - 10 * DAY_MS)).toBe(false)
  })
})
