/**
 * What a seeder spends on opening channels for payers. Invariants: in any day no more than the day's budget, nor than a payer's for
 * one payer; in all no more than the whole; no channel twice. What may be burned is set aside before anything is sent.
 */

import { ChannelError, type Hex } from '../lib/base/index.ts'
import { worthOf } from '../lib/payments/index.ts'
import type { Address } from '../lib/tron/index.ts'
import { type Amount, type FeeSun, toAmount, toFeeSun } from '../lib/units/index.ts'

export interface RelayPolicy {
  /** What a TRX is worth in BTT. */
  readonly bttPerTrx: Amount
  /** A seat must be worth so many times the fee of its opening. */
  readonly feeMultiple: number
  /** Of any seat, whatever the fee. */
  readonly leastSeat: Amount
  readonly perPayerSun: FeeSun
  readonly perDaySun: FeeSun
  readonly inAllSun: FeeSun
}

export type RelayBudgets = Pick<RelayPolicy, 'perPayerSun' | 'perDaySun' | 'inAllSun'>

/** Two or three openings a day for one payer, ten for all, a hundred until the operator has looked: one takes 4.2 to 5.1 TRX. */
export const DEFAULT_RELAY_BUDGETS: RelayBudgets = {
  perPayerSun: toFeeSun(15_000_000n),
  perDaySun: toFeeSun(50_000_000n),
  inAllSun: toFeeSun(500_000_000n),
}

export interface RelaySpend {
  readonly atMs: number
  readonly payer: Address
  readonly channelId: Hex
  readonly feeSun: FeeSun
}

export interface RelayRecord {
  readonly totalSun: FeeSun
  /** Of the last 24 hours, oldest first. */
  readonly lastDay: readonly RelaySpend[]
}

export const NO_SPENDING: RelayRecord = { totalSun: toFeeSun(0n), lastDay: [] }
const DAY_MS = 86_400_000

/** The least seat that is worth an opening at this fee. Rounds up, in the seeder's favour. */
export function leastSeatOf(feeSun: FeeSun, policy: RelayPolicy): Amount {
  const worth = toAmount(worthOf(feeSun, policy.bttPerTrx) * BigInt(policy.feeMultiple))
  if (worth < policy.leastSeat) return policy.leastSeat
  return worth
}

const sumOf = (spends: readonly RelaySpend[]): bigint => spends.reduce((sum, { feeSun }) => sum + feeSun, 0n)

const isOfLastDay =
  (nowMs: number) =>
  ({ atMs }: RelaySpend): boolean =>
    atMs > nowMs - DAY_MS

/** Whether the day's and the whole budget have `mostSun` left. */
export function hasBudget(
  record: RelayRecord,
  mostSun: FeeSun,
  policy: RelayBudgets,
  nowMs: number,
): boolean {
  const day = sumOf(record.lastDay.filter(isOfLastDay(nowMs)))
  return day + mostSun <= policy.perDaySun && record.totalSun + mostSun <= policy.inAllSun
}

/** Throws ChannelError when this opening, which may burn `mostSun`, is not to be paid for: 'relay-known', 'relay-budget'. */
export function checkRelay(
  record: RelayRecord,
  wish: { readonly payer: Address; readonly channelId: Hex; readonly mostSun: FeeSun },
  policy: RelayBudgets,
  nowMs: number,
): void {
  const lastDay = record.lastDay.filter(isOfLastDay(nowMs))
  if (lastDay.some(({ channelId }) => channelId === wish.channelId))
    throw new ChannelError('relay-known', 'This channel’s opening was paid for already.')
  const ofPayer = sumOf(lastDay.filter(({ payer }) => payer === wish.payer))
  if (ofPayer + wish.mostSun > policy.perPayerSun || !hasBudget(record, wish.mostSun, policy, nowMs))
    throw new ChannelError('relay-budget', 'The budget for opening payers’ channels is used up.')
}

/** The record with this spending in it, in place of what was set aside for the same channel. */
export function recordSpend(record: RelayRecord, spend: RelaySpend, nowMs: number): RelayRecord {
  const before = record.lastDay.find(({ channelId }) => channelId === spend.channelId)
  const others = record.lastDay.filter(({ channelId }) => channelId !== spend.channelId)
  return {
    totalSun: toFeeSun(record.totalSun - (before?.feeSun ?? 0n) + spend.feeSun),
    lastDay: [...others, spend].filter(isOfLastDay(nowMs)),
  }
}
