/**
 * Opens payers' channels at the seeder's expense, within `relay-policy.ts`. Invariant: one at a time, and what it may burn is on
 * the disk before it is sent.
 */

import { ChannelError } from '../lib/base/index.ts'
import type { Chain } from '../lib/channels/index.ts'
import type { OfferedSeat, PayeeAccount } from '../lib/payments/index.ts'
import { FailedTransaction, type TransactionSigner } from '../lib/tron/index.ts'
import { type Amount, type FeeSun, toFeeSun } from '../lib/units/index.ts'
import { describeFailure, type Log } from './log.ts'
import {
  checkRelay,
  hasBudget,
  leastSeatOf,
  type RelayPolicy,
  type RelayRecord,
  recordSpend,
} from './relay-policy.ts'
import type { RelayStore } from './relay-store.ts'

export interface Relay {
  /** The least seat whose channel we would open now; null: none. */
  readonly relayFrom: Amount | null
  /** What it has cost so far. */
  readonly spentSun: FeeSun
  /** Opens an offered channel. Throws what `Payee.relayOpen` throws, and ChannelError 'relay-off', 'relay-busy', 'relay-known', 'relay-budget'. */
  open(seat: OfferedSeat): Promise<void>
  /** Looks at prices, purse and budgets; never throws. */
  refresh(): Promise<void>
  stop(): void
}

const REFUSAL_LOG_MS = 60_000
const REFRESH_MS = 5 * 60_000
/** An opening by a third party, of 16 seats: 34,310 energy and 1,629 bytes, and one seat 33,972 and 797; a busy contract's energy is dearer, and that is learnt. */
const OPEN_ENERGY = 34_500
const OPEN_BYTES = 1_650
/** Those that wait cost us nothing but their turn; more are refused at once. */
const MAX_WAITING = 8
/** A fee limit is the estimate and 30 % and a TRX (lib/tron/fees.ts): what a transaction that fails can burn. */
const mostOf = (feeSun: FeeSun): FeeSun => toFeeSun((feeSun * 130n) / 100n + 1_000_000n)

/** Reads the record and the chain's prices. `onChange` runs when `relayFrom` is another. Throws StorageError. */
export async function createRelay(options: {
  readonly chain: Chain
  readonly payee: PayeeAccount
  readonly wallet: TransactionSigner
  readonly store: RelayStore
  /** Read at each use: the least seat goes with the price. */
  readonly getPolicy: () => RelayPolicy
  readonly onChange: () => void
  readonly log: Log
  readonly nowMs?: () => number
}): Promise<Relay> {
  const { chain, payee, wallet, store, getPolicy, onChange, log, nowMs = Date.now } = options
  let record: RelayRecord = await store.load()
  let energy = OPEN_ENERGY
  /** An opening's energy alone, as last priced. */
  let energySun: FeeSun = toFeeSun(0n)
  let relayFrom: Amount | null = null
  const refusals = new Map<string, { readonly untilMs: number; unsaid: number }>()
  let turn: Promise<unknown> = Promise.resolve()
  let waiting = 0

  async function readRelayFrom(): Promise<Amount | null> {
    const [prices, balance] = await Promise.all([chain.getPrices(), chain.getTrxBalance(wallet.address)])
    energySun = toFeeSun(BigInt(energy) * prices.energySun)
    const feeSun = toFeeSun(energySun + BigInt(OPEN_BYTES) * prices.bandwidthSun)
    const policy = getPolicy()
    if (balance < mostOf(feeSun) || !hasBudget(record, mostOf(feeSun), policy, nowMs())) return null
    return leastSeatOf(feeSun, policy)
  }

  /** Whether `relayFrom` is another now. */
  async function look(): Promise<boolean> {
    const before = relayFrom
    try {
      relayFrom = await readRelayFrom()
    } catch (error) {
      // What it would cost is not known: none is promised.
      relayFrom = null
      log({ event: 'relayUnknown', ...describeFailure(error) })
    }
    return relayFrom !== before
  }

  async function refresh(): Promise<void> {
    if (await look()) onChange()
  }

  async function keep(seat: OfferedSeat, feeSun: FeeSun): Promise<void> {
    const spend = { atMs: nowMs(), payer: seat.channel.payer, channelId: seat.channelId, feeSun }
    record = recordSpend(record, spend, nowMs())
    await store.save(record)
  }

  async function openNow(seat: OfferedSeat): Promise<void> {
    const minCap = relayFrom
    if (minCap === null) throw new ChannelError('relay-off', 'No channel is opened for payers now.')
    const { channelId } = seat
    const { payer } = seat.channel
    // Before the chain is asked anything: who has had its share costs no call.
    checkRelay(record, { payer, channelId, mostSun: mostOf(energySun) }, getPolicy(), nowMs())
    let isPriced = false
    let isSetAside = false
    let isSent = false
    try {
      const receipt = await payee.relayOpen(seat, wallet, {
        minCap,
        async onPriced(quote) {
          energy = Math.max(OPEN_ENERGY, quote.energy)
          isPriced = true
          const policy = getPolicy()
          if (seat.leaf.cap < leastSeatOf(quote.feeSun, policy))
            throw new ChannelError('seat-too-small', 'The seat is not worth the fee of opening it.')
          const mostSun = mostOf(quote.feeSun)
          checkRelay(record, { payer, channelId, mostSun }, policy, nowMs())
          isSetAside = true
          await keep(seat, mostSun)
        },
        onSent() {
          isSent = true
        },
      })
      if (receipt) {
        await keep(seat, receipt.feeSun)
        log({ event: 'opened', channelId, payer, txId: receipt.txId, feeSun: receipt.feeSun })
      }
    } catch (error) {
      if (error instanceof FailedTransaction) await keep(seat, error.feeSun)
      else if (isSetAside && !isSent) await keep(seat, toFeeSun(0n))
      // A transaction whose fate is unknown keeps what was set aside for it.
      throw error
    } finally {
      if (isPriced) void refresh()
    }
  }

  /** Strangers choose how often: a line a minute for each reason, with how many there were before it. */
  function tellRefusal(seat: OfferedSeat, error: unknown): void {
    const failure = describeFailure(error)
    const before = refusals.get(failure.code)
    if (before && nowMs() < before.untilMs) {
      before.unsaid += 1
      return
    }
    log({ event: 'openRefused', channelId: seat.channelId, ...failure, unsaid: before?.unsaid ?? 0 })
    refusals.set(failure.code, { untilMs: nowMs() + REFUSAL_LOG_MS, unsaid: 0 })
  }

  await look()
  const timer = setInterval(() => void refresh(), REFRESH_MS)
  timer.unref()
  return {
    get relayFrom() {
      return relayFrom
    },
    get spentSun() {
      return record.totalSun
    },
    async open(seat) {
      if (waiting >= MAX_WAITING)
        throw new ChannelError('relay-busy', 'Too many openings are under way already.')
      waiting += 1
      const own = turn.then(() => openNow(seat))
      turn = own.catch(() => undefined)
      try {
        await own
      } catch (error) {
        tellRefusal(seat, error)
        throw error
      } finally {
        waiting -= 1
      }
    },
    refresh,
    stop: () => clearInterval(timer),
  }
}
