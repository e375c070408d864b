/** Takes what vouchers say from the chain, many seats in one transaction. Safe to repeat: the contract pays the difference. */

import type { Clock } from '../../base/index.ts'
import { bytesToHex, ChainError, type Hex } from '../../base/index.ts'
import type { Chain, RedeemRow } from '../../channels/index.ts'
import type { NewReceipt } from '../../ledger/index.ts'
import {
  type Address,
  FailedTransaction,
  LOST_AFTER_MS,
  sendTracked,
  type TransactionSigner,
} from '../../tron/index.ts'
import { type Amount, type FeeSun, toAmount, toFeeSun, ZERO_AMOUNT } from '../../units/index.ts'
import type { LedgerStore } from '../ledger.ts'
import type { PayeeSeatRecord, PendingRecord } from '../records.ts'

/** Rows of one transaction: each recovers a signature, and all must fit the chain's 80 ms, of which 20 take a third to a half. */
export const MAX_REDEEM_ROWS = 16

export interface RedeemableSeat {
  readonly record: PayeeSeatRecord
  readonly due: Amount
  /** True once the chain has the seat: then no proof is sent. */
  readonly isOnChain: boolean
  /** From when on the payer may settle without this voucher; null while its channel is not closing. */
  readonly closeAtSec: bigint | null
}

export interface RedeemedBatch {
  readonly txId: Hex
  readonly amount: Amount
  readonly rows: number
}

export interface RedeemContext {
  readonly chain: Chain
  /** Whose seats these are. */
  readonly payee: Address
  readonly ledger: LedgerStore
  readonly clock: Clock
  readonly random: (lengthBytes: number) => Uint8Array
  /** What the chain has paid now of each seat is in the ledger after this. */
  readonly refresh: (channelId: Hex) => Promise<void>
  /** Whether one of these seats is in that channel: no redemption is of several accounts. */
  readonly isOwn: (channelId: Hex) => boolean
  /** What the ledger says that a channel still owes and can pay. */
  readonly getDue: (channelId: Hex) => Amount
}

/** The contract's row for a seat; null where nothing was promised. */
export function toRedeemRow({ record, isOnChain }: RedeemableSeat): RedeemRow | null {
  const { seat, voucher } = record
  if (!voucher) return null
  const { channelId, payee, cumulative, signature } = voucher
  const proof = isOnChain ? null : { channel: seat.channel, leaf: seat.leaf, path: seat.path }
  return { channelId, payee, cumulative, signature, proof }
}

/** A batch that the chain did not pay as its vouchers say. Its rows stay due. */
export interface RedeemFailure {
  readonly error: ChainError
  readonly channelIds: readonly Hex[]
  /** null: nothing was sent. */
  readonly txId: Hex | null
  readonly feeSun: FeeSun
  /** Its halves are tried next; otherwise its rows wait for another redemption. */
  readonly isRetried: boolean
}

export interface RedeemReport {
  onBatch(batch: RedeemedBatch): void
  onFailure(failure: RedeemFailure): void
}

/** Failures that are about the rows, whoever sends them: halves of the batch may do better. */
const isAboutRows = ({ code }: ChainError): boolean =>
  code === 'out-of-time' || code === 'reverted' || code === 'malformed' || code.startsWith('SwarmChannels_')

/**
 * Sends the batches one after the other; each is in the ledger before and after. A batch that fails by its rows is halved and
 * tried again, down to one row. What a simulation refuses costs nothing; once a transaction ran out of time no later one is as
 * large, so that at most five burn their fee limit (16, 8, 4, 2, 1 rows), and then it stops. Throws WalletError, and ChainError
 * for what is not about the rows; the rest stays due.
 */
export async function redeemSeats(
  context: RedeemContext,
  seats: readonly RedeemableSeat[],
  wallet: TransactionSigner,
  report: RedeemReport,
): Promise<void> {
  let waiting = [...seats]
  let maxRows = MAX_REDEEM_ROWS
  /** Rows of halves that are tried before anything else. */
  let halves: number[] = []
  while (waiting.length > 0) {
    const size = Math.min(halves.shift() ?? maxRows, maxRows)
    const batch = waiting.slice(0, size)
    waiting = waiting.slice(batch.length)
    const failure = await redeemBatch(context, batch, wallet, report)
    if (!failure) continue
    const isSent = failure.txId !== null
    const isOutOfTime = failure.error.code === 'out-of-time'
    if (isAboutRows(failure.error) && batch.length > 1) {
      const half = Math.ceil(batch.length / 2)
      if (isSent && isOutOfTime) maxRows = half
      waiting = [...batch, ...waiting]
      halves = isSent && isOutOfTime ? [] : [half, batch.length - half, ...halves]
      if (isSent) report.onFailure({ ...failure, isRetried: true })
      continue
    }
    report.onFailure(failure)
    // One row that ran out of time says that this chain cannot take any now: each further try burns as much.
    if (isSent && isOutOfTime) return
  }
}

/** null when it moved what was due. Throws WalletError, ChainError. */
async function redeemBatch(
  context: RedeemContext,
  batch: readonly RedeemableSeat[],
  wallet: TransactionSigner,
  report: RedeemReport,
): Promise<RedeemFailure | null> {
  const { chain, ledger, clock } = context
  const rows = batch.flatMap((seat) => toRedeemRow(seat) ?? [])
  const channelIds = rows.map(({ channelId }) => channelId)
  const due = toAmount(batch.reduce((sum, seat) => sum + seat.due, 0n))
  let pending: PendingRecord = {
    id: bytesToHex(context.random(16)),
    sessionId: null,
    kind: 'redeem',
    channelIds,
    amount: due,
    purseBefore: null,
    txId: null,
    sentAtMs: clock.nowMs(),
  }
  const keep = () => ledger.commit({ puts: [{ table: 'pending', key: pending.id, value: pending }] })
  const forget = { table: 'pending', key: pending.id, value: null } as const
  const sum = { channelId: channelIds.length === 1 ? (channelIds[0] ?? null) : null, atMs: clock.nowMs() }
  await keep()
  try {
    const { txId, feeSun } = await sendTracked(
      (onBroadcast) => chain.send({ kind: 'redeem', rows }, wallet, onBroadcast),
      (sentId) => {
        pending = { ...pending, txId: sentId }
        return keep()
      },
    )
    const amount = await chain.getPayout(txId, context.payee)
    await ledger.commit({ puts: [forget], receipts: [toReceipt({ ...sum, amount, txId, feeSun })] })
    for (const channelId of channelIds) await context.refresh(channelId)
    const failed = (code: 'moved-less' | 'moved-nothing', words: string): RedeemFailure => ({
      error: new ChainError(code, words),
      channelIds: channelIds.filter((channelId) => context.getDue(channelId) > 0n),
      txId,
      feeSun,
      isRetried: false,
    })
    if (amount === 0n) return failed('moved-nothing', 'The redemption was taken and paid nothing.')
    report.onBatch({ txId, amount, rows: rows.length })
    return amount < due && isSeatLeft(context, batch, toAmount(due - amount))
      ? failed('moved-less', 'The redemption paid less than its vouchers say.')
      : null
  } catch (error) {
    if (error instanceof FailedTransaction) {
      const { txId, feeSun } = error
      const receipt: NewReceipt = { ...sum, kind: 'failed', amount: ZERO_AMOUNT, txId, feeSun }
      await ledger.commit({ puts: [forget], receipts: [receipt] })
      if (isAboutRows(error)) return { error, channelIds, txId, feeSun, isRetried: false }
      throw error
    }
    // Nothing to undo: the next redemption reads from the chain what was paid.
    if (pending.txId === null) await ledger.commit({ puts: [forget] })
    const isSent = pending.txId !== null
    if (isSent || !(error instanceof ChainError)) throw error
    const unsent: RedeemFailure = { error, channelIds, txId: null, feeSun: toFeeSun(0n), isRetried: false }
    if (isAboutRows(error)) return unsent
    if (error.code !== 'nothing-to-redeem') throw error
    // Whoever redeemed them for us meanwhile did us a favour; what is still due is an alarm.
    for (const channelId of channelIds) await context.refresh(channelId)
    return isSeatLeft(context, batch, due) ? unsent : null
  }
}

/** Whether `missing` is a whole seat's due, and one of them is still due: others may have redeemed it for us. */
function isSeatLeft(context: RedeemContext, batch: readonly RedeemableSeat[], missing: Amount): boolean {
  return batch.some(({ record, due }) => {
    const { channelId } = record.seat
    return due <= missing && context.getDue(channelId) >= due
  })
}

/** A redemption that moved nothing is no redemption: its receipt says so. */
function toReceipt(fields: {
  readonly atMs: number
  readonly channelId: Hex | null
  readonly amount: Amount
  readonly txId: Hex
  readonly feeSun: FeeSun
}): NewReceipt {
  return { kind: fields.amount === 0n ? 'failed' : 'redeem', ...fields }
}

/** Redemptions whose outcome a crash hid: their receipts are written now, the money was never in doubt. Throws ChainError. */
export async function recoverRedemptions(context: RedeemContext): Promise<void> {
  const { ledger, clock } = context
  for (const pending of await ledger.list('pending')) {
    if (pending.kind !== 'redeem' || !pending.channelIds.every(context.isOwn)) continue
    const outcome = pending.txId ? await readOutcome(context, pending.txId) : null
    const isGone = clock.nowMs() - pending.sentAtMs > LOST_AFTER_MS
    if (!outcome && !isGone) continue
    await ledger.commit({
      puts: [{ table: 'pending', key: pending.id, value: null }],
      receipts: outcome ? [toReceipt({ atMs: clock.nowMs(), channelId: null, ...outcome })] : [],
    })
  }
}

/** What a transaction moved and burned; null while it is unknown. */
async function readOutcome(
  { chain, payee }: RedeemContext,
  txId: Hex,
): Promise<{ readonly txId: Hex; readonly amount: Amount; readonly feeSun: FeeSun } | null> {
  try {
    const receipt = await chain.getReceipt(txId)
    return receipt && { txId, feeSun: receipt.feeSun, amount: await chain.getPayout(txId, payee) }
  } catch (error) {
    if (error instanceof FailedTransaction) return { txId, feeSun: error.feeSun, amount: ZERO_AMOUNT }
    throw error
  }
}
