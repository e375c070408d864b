/**
 * When a seeder takes its earnings from the chain: once enough is due to be worth the fee, and always before a channel that
 * closes can be settled without it. Invariant: one redemption at a time.
 */
import type { PayeeAccount, RedeemableSeat, RedeemedBatch } from '../lib/payments/index.ts'
import type { Chain, RedeemRow, TransactionSigner } from '../lib/tron/index.ts'
import { type Amount, type FeeSun, toAmount } from '../lib/units/index.ts'
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
  /** Redeems what the policy says; never throws, the log has it. */
  look(): Promise<void>
  stop(): void
}

/** Whether `due` is worth its fee. The fee's worth in BTT is rounded up. */
export function isWorthRedeeming(due: Amount, feeSun: FeeSun, policy: RedeemPolicy): boolean {
  if (due === 0n || due < policy.redeemAt) return false
  if (policy.bttPerTrx === null) return true
  const feeAmount = (feeSun * policy.bttPerTrx + SUN_PER_TRX - 1n) / SUN_PER_TRX
  return due >= feeAmount * BigInt(policy.feeMultiple)
}

const toRows = (seats: readonly RedeemableSeat[]): RedeemRow[] =>
  seats.flatMap(({ record, isOnChain }) => {
    const { seat, voucher } = record
    if (!voucher) return []
    const { channelId, payee, cumulative, signature } = voucher
    const { channel, leaf, path } = seat
    return [{ channelId, payee, cumulative, signature, proof: isOnChain ? null : { channel, leaf, path } }]
  })

/** Looks each minute. `stop` ends that. */
export function createRedeemer(options: {
  readonly chain: Chain
  readonly payee: PayeeAccount
  readonly wallet: TransactionSigner
  readonly policy: RedeemPolicy
  readonly log: Log
}): Redeemer {
  const { chain, payee, wallet, policy, log } = options
  let running: Promise<readonly RedeemedBatch[]> = Promise.resolve([])

  function redeem(): Promise<readonly RedeemedBatch[]> {
    const next = running
      .catch(() => [])
      .then(async () => {
        const batches = await payee.redeem(wallet)
        for (const { txId, amount, rows } of batches) log({ event: 'redeemed', txId, amount, rows })
        return batches
      })
    running = next
    return next
  }

  /** A channel that closes takes unredeemed vouchers with it when it is settled. */
  async function isClosing(seats: readonly RedeemableSeat[]): Promise<boolean> {
    for (const { record } of seats) {
      const verdict = await payee.recheckSeat(record.seat.channelId)
      if (verdict.status === 'refused' && verdict.code === 'closing' && record.state.status !== 'released') {
        return true
      }
    }
    return false
  }

  async function look(): Promise<void> {
    try {
      const seats = await payee.listRedeemable()
      if (seats.length === 0) return
      const due = toAmount(seats.reduce((sum, seat) => sum + seat.due, 0n))
      const { feeSun } = await chain.estimateFee({ kind: 'redeem', rows: toRows(seats) }, wallet.address)
      if (isWorthRedeeming(due, feeSun, policy) || (await isClosing(seats))) await redeem()
    } catch (error) {
      log({ event: 'redeemFailed', ...describeFailure(error) })
    }
  }

  const timer = setInterval(() => void look(), LOOK_INTERVAL_MS)
  timer.unref()
  return { redeemNow: redeem, look, stop: () => clearInterval(timer) }
}
