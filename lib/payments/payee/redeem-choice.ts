/**
 * Which seats a redemption is worth. Invariant: no row is chosen that brings less than what it adds to the fee, whatever the
 * others bring; where no rate is known, none that brings less than the floor.
 */

import { ChainError } from '../../base/index.ts'
import type { Chain } from '../../channels/index.ts'
import type { Address } from '../../tron/index.ts'
import { type Amount, type FeeSun, toAmount, toFeeSun } from '../../units/index.ts'
import { MAX_REDEEM_ROWS, type RedeemableSeat, toRedeemRow } from './redeem.ts'

export interface RedeemPolicy {
  /** Nothing below this is redeemed by itself. */
  readonly redeemAt: Amount
  /** The least that a seat must bring where no rate is known. */
  readonly floor: Amount
  /** What is due must be worth so many times the fee. */
  readonly feeMultiple: number
  /** What a TRX is worth in BTT; null: fees cannot be weighed. */
  readonly bttPerTrx: Amount | null
}

/** DESIGN 4.3: redeem only when worth it. */
export const DEFAULT_FEE_MULTIPLE = 20
/**
 * A first row alone costs 4.8 TRX at 100 sun, 6.4 where the account has held no BTT before: some 3,200,000 BTT at the rate of
 * November 2026. Rounded up by half, so that a fee which has risen unseen takes no more than there is.
 */
export const DEFAULT_REDEEM_FLOOR = toAmount(5_000_000n * 10n ** 18n)
const SUN_PER_TRX = 1_000_000n

/** Rows that can be sent, with their fee: those that the chain would not take are left out. Throws ChainError. */
export type PriceRows = (
  seats: readonly RedeemableSeat[],
) => Promise<{ readonly seats: readonly RedeemableSeat[]; readonly feeSun: FeeSun }>

export interface Choice {
  readonly seats: readonly RedeemableSeat[]
  readonly due: Amount
  readonly feeSun: FeeSun
}

/** A fee in BTT, rounded up. */
export function worthOf(feeSun: FeeSun, bttPerTrx: Amount): Amount {
  return toAmount((feeSun * bttPerTrx + SUN_PER_TRX - 1n) / SUN_PER_TRX)
}

/** Whether `due` is worth its fee. The fee's worth in BTT is rounded up. */
export function isWorthRedeeming(due: Amount, feeSun: FeeSun, policy: RedeemPolicy): boolean {
  if (due === 0n || due < policy.redeemAt) return false
  if (policy.bttPerTrx === null) return due >= policy.floor
  return due >= worthOf(feeSun, policy.bttPerTrx) * BigInt(policy.feeMultiple)
}

const sumOf = (seats: readonly RedeemableSeat[]): Amount =>
  toAmount(seats.reduce((sum, { due }) => sum + due, 0n))

/** Codes of a node that is not there, or of an account that cannot pay: no row is to blame. */
const NOT_THE_ROWS: ReadonlySet<string> = new Set([
  'unreachable',
  'bad-reply',
  'wrong-network',
  'too-little-trx',
  'fee-too-high',
  'refused',
  'expired',
])

/**
 * Asks the chain for prices, as if sent by `from`. Where it would not take a batch, its rows are asked about one by one;
 * `onBroken` hears of those that it takes in no company.
 */
export function createRowPricer(
  chain: Chain,
  from: Address,
  onBroken: (seat: RedeemableSeat, error: ChainError) => void,
): PriceRows {
  const priceRows: PriceRows = async (seats) => {
    try {
      const rows = seats.flatMap((seat) => toRedeemRow(seat) ?? [])
      return { seats, feeSun: (await chain.estimateFee({ kind: 'redeem', rows }, from)).feeSun }
    } catch (error) {
      if (!(error instanceof ChainError) || NOT_THE_ROWS.has(error.code)) throw error
      const [first, ...others] = seats
      if (first && others.length === 0) {
        onBroken(first, error)
        return { seats: [], feeSun: toFeeSun(0n) }
      }
    }
    const kept: RedeemableSeat[] = []
    let feeSun = 0n
    for (const seat of seats) {
      const priced = await priceRows([seat])
      kept.push(...priced.seats)
      feeSun += priced.feeSun
    }
    return { seats: kept, feeSun: toFeeSun(feeSun) }
  }
  return priceRows
}

/** The seats that bring more than they add, dearest first. Of many that bring nothing only the first batch is priced. Throws ChainError. */
export async function chooseSeats(
  seats: readonly RedeemableSeat[],
  policy: Pick<RedeemPolicy, 'bttPerTrx' | 'floor'>,
  priceRows: PriceRows,
): Promise<Choice> {
  const { bttPerTrx } = policy
  if (bttPerTrx === null) {
    const chosen = seats.filter(({ due }) => due >= policy.floor)
    return { seats: chosen, due: sumOf(chosen), feeSun: toFeeSun(0n) }
  }
  const waiting = [...seats].sort((a, b) => (a.due === b.due ? 0 : a.due > b.due ? -1 : 1))
  const chosen: RedeemableSeat[] = []
  let feeSun = 0n
  for (let from = 0; from < waiting.length; from += MAX_REDEEM_ROWS) {
    const batch = await chooseBatch(waiting.slice(from, from + MAX_REDEEM_ROWS), bttPerTrx, priceRows)
    chosen.push(...batch.seats)
    feeSun += batch.feeSun
    // What follows brings less than what did not pay for itself.
    if (batch.hasDropped) break
  }
  return { seats: chosen, due: sumOf(chosen), feeSun: toFeeSun(feeSun) }
}

async function chooseBatch(
  batch: readonly RedeemableSeat[],
  bttPerTrx: Amount,
  priceRows: PriceRows,
): Promise<Omit<Choice, 'due'> & { readonly hasDropped: boolean }> {
  let rows = batch
  let hasDropped = false
  while (rows.length > 0) {
    const priced = await priceRows(rows)
    if (priced.seats.length === 0) break
    const share = worthOf(priced.feeSun, bttPerTrx) / BigInt(priced.seats.length)
    const kept = priced.seats.filter(({ due }) => due > share)
    if (kept.length === priced.seats.length) return { ...priced, hasDropped }
    hasDropped = true
    rows = kept
  }
  return { seats: [], feeSun: toFeeSun(0n), hasDropped }
}
