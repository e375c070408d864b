/** Takes what vouchers say from the chain, many seats in one transaction. Safe to repeat: the contract pays the difference. */
import type { Address, Chain, RedeemRow, TransactionSigner } from '../tron/index.ts'
import { type Amount, bytesToHex, type Hex, toAmount } from '../units/index.ts'
import type { Clock } from './clock.ts'
import type { LedgerStore, PayeeSeatRecord, PendingRecord } from './ledger.ts'

/** Rows of one transaction: each recovers a signature, and all must fit the chain's 80 ms. */
export const MAX_REDEEM_ROWS = 50

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
}

/** The contract's row for a seat; null where nothing was promised. */
export function toRedeemRow({ record, isOnChain }: RedeemableSeat): RedeemRow | null {
  const { seat, voucher } = record
  if (!voucher) return null
  const { channelId, payee, cumulative, signature } = voucher
  const proof = isOnChain ? null : { channel: seat.channel, leaf: seat.leaf, path: seat.path }
  return { channelId, payee, cumulative, signature, proof }
}

/** Sends the batches one after the other; each is in the ledger before and after. Throws WalletError, ChainError. */
export async function redeemSeats(
  context: RedeemContext,
  seats: readonly RedeemableSeat[],
  wallet: TransactionSigner,
  onBatch: (batch: RedeemedBatch) => void,
): Promise<void> {
  for (let from = 0; from < seats.length; from += MAX_REDEEM_ROWS) {
    const batch = seats.slice(from, from + MAX_REDEEM_ROWS)
    onBatch(await redeemBatch(context, batch, wallet))
  }
}

async function redeemBatch(
  context: RedeemContext,
  batch: readonly RedeemableSeat[],
  wallet: TransactionSigner,
): Promise<RedeemedBatch> {
  const { chain, ledger, clock } = context
  const rows = batch.flatMap((seat) => toRedeemRow(seat) ?? [])
  const channelIds = rows.map(({ channelId }) => channelId)
  let pending: PendingRecord = {
    id: bytesToHex(context.random(16)),
    sessionId: null,
    kind: 'redeem',
    channelIds,
    amount: toAmount(batch.reduce((sum, { due }) => sum + due, 0n)),
    purseBefore: null,
    txId: null,
    sentAtMs: clock.nowMs(),
  }
  const keep = () => ledger.commit({ puts: [{ table: 'pending', key: pending.id, value: pending }] })
  const forget = { table: 'pending', key: pending.id, value: null } as const
  await keep()
  let saved: Promise<unknown> = Promise.resolve()
  try {
    const receipt = await chain.send({ kind: 'redeem', rows }, wallet, (txId) => {
      pending = { ...pending, txId }
      saved = keep()
      // Awaited below on each way; this keeps an early failure from going unhandled.
      saved.catch(() => undefined)
    })
    await saved
    const amount = await chain.getPayout(receipt.txId, context.payee)
    await ledger.commit({
      puts: [forget],
      receipts: [
        {
          kind: 'redeem',
          atMs: clock.nowMs(),
          channelId: channelIds.length === 1 ? (channelIds[0] ?? null) : null,
          amount,
          txId: receipt.txId,
          feeSun: receipt.feeSun,
        },
      ],
    })
    for (const channelId of channelIds) await context.refresh(channelId)
    return { txId: receipt.txId, amount, rows: rows.length }
  } catch (error) {
    await saved
    // Nothing to undo: the next redemption reads from the chain what was paid.
    if (pending.txId === null) await ledger.commit({ puts: [forget] })
    throw error
  }
}

/** Redemptions whose outcome a crash hid: their receipts are written now, the money was never in doubt. */
export async function recoverRedemptions(context: RedeemContext): Promise<void> {
  const { chain, ledger, clock } = context
  for (const pending of await ledger.list('pending')) {
    if (pending.kind !== 'redeem') continue
    const receipt = pending.txId ? await chain.getReceipt(pending.txId) : null
    const isGone = clock.nowMs() - pending.sentAtMs > 180_000
    if (!receipt && !isGone) continue
    const paid = receipt ? await chain.getPayout(receipt.txId, context.payee) : toAmount(0n)
    await ledger.commit({
      puts: [{ table: 'pending', key: pending.id, value: null }],
      receipts: receipt
        ? [
            {
              kind: 'redeem',
              atMs: clock.nowMs(),
              channelId: null,
              amount: paid,
              txId: receipt.txId,
              feeSun: receipt.feeSun,
            },
          ]
        : [],
    })
  }
}
