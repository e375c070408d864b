/**
 * When a seeder takes its earnings from the chain: once enough is due to be worth the fee, and always before a channel that
 * closes can be settled without it. Invariant: one redemption at a time.
 */
import {
  MAX_REDEEM_ROWS,
  type PayeeAccount,
  type RedeemableSeat,
  type RedeemedBatch,
  toRedeemRow,
} from '../lib/payments/index.ts'
import type { Chain, TransactionSigner } from '../lib/tron/index.ts'
import { type Amount, type FeeSun, toAmount, toFeeSun } from '../lib/units/index.ts'
import { describeFailure, type Log } from './log.ts'

export interface RedeemPolicy {
  /** Nothing below this is redeemed by itself. */
  readonly redeemAt: Amount
  /** What is due must be worth so many times the fee. */
  readonly feeMultiple: number
  /** What a TRX is worth in BTT; null: fees are not weighed. */
  readonly bttPerTrx: Amount | null
}

/** DESIGN 4.3: redeem only when worth it. */
export const DEFAULT_FEE_MULTIPLE = 20
const SUN_PER_TRX = 1_000_000n
const LOOK_INTERVAL_MS = 60_000

export interface Redeemer {
  /** Redeems all that is due, whatever it is worth. */
  redeemNow(): Promise<readonly RedeemedBatch[]>
  /** Redeems what the policy says and what closes; never throws, the log has it. */
  look(): Promise<void>
  stop(): void
}

/** A fee in BTT, rounded up; 0 where no rate is known. */
function worthOf(feeSun: FeeSun, policy: RedeemPolicy): Amount {
  return toAmount((feeSun * (policy.bttPerTrx ?? 0n) + SUN_PER_TRX - 1n) / SUN_PER_TRX)
}

/** Whether `due` is worth its fee. The fee's worth in BTT is rounded up. */
export function isWorthRedeeming(due: Amount, feeSun: FeeSun, policy: RedeemPolicy): boolean {
  if (due === 0n || due < policy.redeemAt) return false
  return due >= worthOf(feeSun, policy) * BigInt(policy.feeMultiple)
}

const sumOf = (seats: readonly RedeemableSeat[]): Amount =>
  toAmount(seats.reduce((sum, { due }) => sum + due, 0n))

/** Looks each minute. `stop` ends that. */
export function createRedeemer(options: {
  readonly chain: Chain
  readonly payee: PayeeAccount
  readonly wallet: TransactionSigner
  readonly policy: RedeemPolicy
  readonly log: Log
}): Redeemer {
  const { chain, payee, wallet, policy, log } = options
  let running: Promise<unknown> = Promise.resolve()

  function redeem(
    which: { readonly dustLimit?: Amount; readonly choose?: (seat: RedeemableSeat) => boolean } = {},
  ): Promise<readonly RedeemedBatch[]> {
    const next = running
      .catch(() => undefined)
      .then(async () => {
        const batches = await payee.redeem(wallet, which)
        for (const { txId, amount, rows } of batches) log({ event: 'redeemed', txId, amount, rows })
        return batches
      })
    running = next
    return next
  }

  async function priceOf(seats: readonly RedeemableSeat[]): Promise<FeeSun> {
    const rows = seats.flatMap((seat) => toRedeemRow(seat) ?? [])
    let feeSun = 0n
    for (let from = 0; from < rows.length; from += MAX_REDEEM_ROWS) {
      const batch = rows.slice(from, from + MAX_REDEEM_ROWS)
      feeSun += (await chain.estimateFee({ kind: 'redeem', rows: batch }, wallet.address)).feeSun
    }
    return toFeeSun(feeSun)
  }

  async function look(): Promise<void> {
    try {
      const seats = await payee.listRedeemable()
      if (seats.length === 0) return
      const feeSun = await priceOf(seats)
      if (isWorthRedeeming(sumOf(seats), feeSun, policy)) {
        // A row that brings less than a row costs waits until it has grown.
        const share = toFeeSun(feeSun / BigInt(seats.length))
        const dustLimit = worthOf(share, policy)
        await redeem({ choose: ({ due, closeAtSec }) => closeAtSec !== null || due >= dustLimit })
      } else await redeemClosing(seats)
    } catch (error) {
      log({ event: 'redeemFailed', ...describeFailure(error) })
    }
  }

  /** A channel that closes takes unredeemed vouchers with it when it is settled: a release is no payment yet either. */
  async function redeemClosing(seats: readonly RedeemableSeat[]): Promise<void> {
    const closing = seats.filter(({ closeAtSec }) => closeAtSec !== null)
    if (closing.length === 0) return
    const due = sumOf(closing)
    const fee = worthOf(await priceOf(closing), policy)
    log({ event: 'closing', channels: closing.length, due, fee })
    if (due > fee) await redeem({ choose: ({ closeAtSec }) => closeAtSec !== null })
  }

  const timer = setInterval(() => void look(), LOOK_INTERVAL_MS)
  timer.unref()
  return { redeemNow: () => redeem(), look, stop: () => clearInterval(timer) }
}
