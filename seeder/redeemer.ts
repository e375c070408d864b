/**
 * When a seeder takes its earnings from the chain: once enough is due to be worth the fee, and always before a channel that
 * closes can be settled without it, if it brings more than it costs. Invariant: one redemption at a time.
 */

import type { Hex } from '../lib/base/index.ts'
import type { Chain } from '../lib/channels/index.ts'
import {
  chooseSeats,
  createRowPricer,
  isWorthRedeeming,
  type PayeeAccount,
  type RedeemableSeat,
  type RedeemedBatch,
  type RedeemFailure,
  type RedeemPolicy,
  worthOf,
} from '../lib/payments/index.ts'
import type { TransactionSigner } from '../lib/tron/index.ts'
import { toFeeSun } from '../lib/units/index.ts'
import { describeFailure, type Log, toJsonText } from './log.ts'

const LOOK_INTERVAL_MS = 60_000
/** What the chain did not pay is tried again after this, then after twice as long: each try may burn a fee. */
const FIRST_REST_MS = 5 * 60_000
const MAX_REST_MS = 6 * 3_600_000
export interface Redeemer {
  /** Redeems all that is due, whatever it is worth. Throws WalletError, ChainError. */
  redeemNow(): Promise<readonly RedeemedBatch[]>
  /** Redeems what the policy says and what closes; never throws, the log has it. */
  look(): Promise<void>
  /** Redemptions that failed since the start, by code. */
  readonly failures: ReadonlyMap<string, number>
  /** The code of the last one after which the chain still owes what our vouchers say; null when there was none. */
  readonly alarm: string | null
  stop(): void
}

/** Looks each minute. `stop` ends that. */
export function createRedeemer(options: {
  readonly chain: Chain
  readonly payee: PayeeAccount
  readonly wallet: TransactionSigner
  readonly policy: RedeemPolicy
  readonly log: Log
  readonly nowMs?: () => number
}): Redeemer {
  const { chain, payee, wallet, policy, log, nowMs = Date.now } = options
  const failures = new Map<string, number>()
  const resting = new Map<Hex, { readonly untilMs: number; readonly restMs: number }>()
  const told = new WeakSet<object>()
  let alarm: string | null = null
  let closingSeen = ''
  let running: Promise<unknown> = Promise.resolve()

  /** Once an error, however often it is thrown on. */
  function tell(error: unknown, details: Readonly<Record<string, unknown>> = {}): void {
    if (typeof error === 'object' && error !== null) {
      if (told.has(error)) return
      told.add(error)
    }
    const described = describeFailure(error)
    failures.set(described.code, (failures.get(described.code) ?? 0) + 1)
    log({ event: 'redeemFailed', ...described, ...details })
  }

  function onFailure({ error, channelIds, txId, feeSun, isRetried }: RedeemFailure): void {
    tell(error, { rows: channelIds.length, ...(txId === null ? {} : { txId, feeSun }), isRetried })
    if (isRetried) return
    alarm = error.code
    for (const channelId of channelIds) {
      const restMs = Math.min(MAX_REST_MS, (resting.get(channelId)?.restMs ?? FIRST_REST_MS / 2) * 2)
      resting.set(channelId, { untilMs: nowMs() + restMs, restMs })
    }
  }

  function redeem(choose: (seat: RedeemableSeat) => boolean = () => true): Promise<readonly RedeemedBatch[]> {
    const next = running
      .catch(() => undefined)
      .then(() =>
        payee.redeem(wallet, {
          choose,
          onBatch: ({ txId, amount, rows }) => log({ event: 'redeemed', txId, amount, rows }),
          onFailure,
        }),
      )
    running = next
    return next
  }

  const priceRows = createRowPricer(chain, wallet.address, ({ record }, error) =>
    onFailure({
      error,
      channelIds: [record.seat.channelId],
      txId: null,
      feeSun: toFeeSun(0n),
      isRetried: false,
    }),
  )

  const redeemChosen = async (seats: readonly RedeemableSeat[]): Promise<void> => {
    const chosen = new Set(seats.map(({ record }) => record.seat.channelId))
    await redeem(({ record }) => chosen.has(record.seat.channelId))
  }

  async function look(): Promise<void> {
    try {
      const seats = (await payee.listRedeemable()).filter(
        ({ record }) => nowMs() >= (resting.get(record.seat.channelId)?.untilMs ?? 0),
      )
      if (seats.length === 0) return
      const choice = await chooseSeats(seats, policy, priceRows)
      if (isWorthRedeeming(choice.due, choice.feeSun, policy)) await redeemChosen(choice.seats)
      else await redeemClosing(seats.filter(({ closeAtSec }) => closeAtSec !== null))
    } catch (error) {
      tell(error)
    }
  }

  /** A channel that closes takes unredeemed vouchers with it when it is settled: a release is no payment yet either. */
  async function redeemClosing(closing: readonly RedeemableSeat[]): Promise<void> {
    if (closing.length === 0) return
    const { seats, due, feeSun } = await chooseSeats(closing, policy, priceRows)
    const fee = policy.bttPerTrx === null ? null : worthOf(feeSun, policy.bttPerTrx)
    const seen = { channels: closing.length, worthRedeeming: seats.length, due, fee }
    // Dust closes for a month: once is enough, until something changes.
    if (toJsonText(seen) !== closingSeen) log({ event: 'closing', ...seen })
    closingSeen = toJsonText(seen)
    if (seats.length > 0) await redeemChosen(seats)
  }

  const timer = setInterval(() => void look(), LOOK_INTERVAL_MS)
  timer.unref()
  return {
    redeemNow: () => redeem(),
    look,
    failures,
    get alarm() {
      return alarm
    },
    stop: () => clearInterval(timer),
  }
}
