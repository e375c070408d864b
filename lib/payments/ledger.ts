/**
 * The ledger's port. Invariants: `commit` is atomic and durable before it resolves; what it resolved survives a crash. What a peer
 * paid us is kept as one line a channel, torrent and day, so that a stranger's vouchers cost no memory each.
 * Implementations: `createIdbLedger` (page), `createFileLedger` (Node), `createMemoryLedger` (tests).
 */

import type { Hex } from '../base/index.ts'
import type { ChannelFields, SeatLeaf, SignedVoucher } from '../channels/index.ts'
import type { Address } from '../tron/index.ts'
import type { Amount, FeeSun } from '../units/index.ts'
import type { PayeeSeatState } from './payee/seat-state.ts'
import type { AgreedTorrents } from './payer/agreed-torrents.ts'
import type { SessionState } from './payer/budget-state.ts'
import type { ChannelLifecycle } from './payer/channel-state.ts'
import type { PayerSeatState } from './payer/seat-state.ts'
import type { OfferedSeat } from './ports.ts'
import type { Receipt, ReceiptKind } from './receipt.ts'

export interface SessionRecord {
  readonly id: Hex
  readonly payer: Address
  /** The session key's address. */
  readonly signer: Address
  readonly budget: Amount
  readonly maxAskPerMiB: Amount
  /** What it may be spent on. */
  readonly torrents: AgreedTorrents
  readonly untilSec: bigint
  readonly startedAtMs: number
  /** 0 until the purse is funded. */
  readonly funded: Amount
  /** Back in the payer's wallet so far. */
  readonly refunded: Amount
  /** Fees of the transactions below. */
  readonly feeSun: FeeSun
  readonly txIds: readonly Hex[]
  readonly state: SessionState
}

export interface ChannelRecord {
  readonly channelId: Hex
  readonly sessionId: Hex
  readonly fields: ChannelFields
  /** In the tree's order. */
  readonly leaves: readonly SeatLeaf[]
  /** What its opening carries: the leaves in clear. */
  readonly note: Hex
  /** The signer's `Open`, for whoever opens it; null when the payer opened it with its funding. */
  readonly openSignature: Hex | null
  readonly plannedAtMs: number
  readonly state: ChannelLifecycle
}

export interface PayerSeatRecord {
  readonly channelId: Hex
  readonly payee: Address
  readonly delegate: Address
  readonly cap: Amount
  readonly state: PayerSeatState
}

export interface PayeeSeatRecord {
  readonly seat: OfferedSeat
  readonly voucher: SignedVoucher | null
  /** What the chain has paid of it, as last read. */
  readonly claimed: Amount
  readonly state: PayeeSeatState
}

/** A transaction that was about to be sent, or was. Gone once it is confirmed or known never to come. */
export interface PendingRecord {
  readonly id: Hex
  readonly sessionId: Hex | null
  readonly kind: 'approve' | 'fund' | 'fundAndOpen' | 'open' | 'startClose' | 'closeOut' | 'redeem'
  readonly channelIds: readonly Hex[]
  readonly amount: Amount
  /** The purse as it was before, where the call moves it. */
  readonly purseBefore: Amount | null
  /** null between signing and the node's answer. */
  readonly txId: Hex | null
  readonly sentAtMs: number
}

export interface LedgerTables {
  readonly sessions: SessionRecord
  readonly channels: ChannelRecord
  /** Key: `seatKey(channelId, payee)`. */
  readonly payerSeats: PayerSeatRecord
  /** Key: channel id; a payee has one seat in a channel. */
  readonly payeeSeats: PayeeSeatRecord
  readonly pending: PendingRecord
}
export type LedgerTable = keyof LedgerTables
export const LEDGER_TABLES = ['sessions', 'channels', 'payerSeats', 'payeeSeats', 'pending'] as const

export type LedgerPut = {
  [T in LedgerTable]: { readonly table: T; readonly key: string; readonly value: LedgerTables[T] | null }
}[LedgerTable]

type Unkept<R> = R extends unknown ? Omit<R, 'id' | 'roll'> : never
/** A receipt before the ledger numbered it or added it to a line. */
export type NewReceipt = Unkept<Receipt>

export interface ReceiptQuery {
  /** Only lines older than the one of this id: the next page. */
  readonly before?: number
  readonly limit: number
  /** All kinds when it is left out. */
  readonly kinds?: readonly ReceiptKind[]
}

export interface LedgerBatch {
  /** A null value deletes the key. */
  readonly puts?: readonly LedgerPut[]
  readonly receipts?: readonly NewReceipt[]
}

export interface LedgerStore {
  list<T extends LedgerTable>(table: T): Promise<readonly LedgerTables[T][]>
  /** A page of lines, newest first. */
  listReceipts(query: ReceiptQuery): Promise<readonly Receipt[]>
  /** Every line, oldest first, never all in memory at once: for sums. */
  eachReceipt(kinds?: readonly ReceiptKind[]): AsyncIterable<Receipt>
  /**
   * All or nothing, on the disk before it resolves; returns the receipts as they were given, each with the id of the line that it
   * is, or that it was added to. Throws StorageError.
   */
  commit(batch: LedgerBatch): Promise<readonly Receipt[]>
  /** Runs after each commit that added receipts. Returns the unsubscriber. */
  onReceipts(listener: (receipts: readonly Receipt[]) => void): () => void
  close(): Promise<void>
}

/** Key of a payer's seat. */
export function seatKey(channelId: Hex, payee: Address): string {
  return `${channelId}:${payee}`
}
