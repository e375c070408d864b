/** The tables of payer and payee, and a ledger over them alone: of a page, or in memory. */
import {
  type LedgerBatch as BatchOf,
  type LedgerSchema,
  openIdbLedger,
  openMemoryLedger,
  type LedgerPut as PutOf,
  type LedgerStore as StoreOf,
} from '../ledger/index.ts'
import {
  type ChannelRecord,
  type PayeeSeatRecord,
  type PayerSeatRecord,
  type PendingRecord,
  payeeSeatDelta,
  type SessionRecord,
} from './records.ts'

export interface PaymentTables {
  readonly sessions: SessionRecord
  readonly channels: ChannelRecord
  /** Key: `seatKey(channelId, payee)`. */
  readonly payerSeats: PayerSeatRecord
  /** Key: channel id; a payee has one seat in a channel. */
  readonly payeeSeats: PayeeSeatRecord
  readonly pending: PendingRecord
}

export const PAYMENT_SCHEMA: LedgerSchema<PaymentTables> = {
  // 2: budgets that were found on the chain, which a page of version 1 might go on paying.
  sessions: { version: 2, migrate: (row) => row as SessionRecord },
  channels: { version: 1 },
  payerSeats: { version: 1 },
  payeeSeats: { version: 1, delta: payeeSeatDelta },
  // 2: top-ups, which a page of version 1 would not know.
  pending: { version: 2, migrate: (row) => row as PendingRecord },
}

export type LedgerStore = StoreOf<PaymentTables>
export type LedgerBatch = BatchOf<PaymentTables>
export type LedgerPut = PutOf<PaymentTables>

export const createMemoryLedger = (): LedgerStore => openMemoryLedger(PAYMENT_SCHEMA)
/** Throws StorageError as `openIdbLedger` does. */
export const createIdbLedger = (name = 'piecemeal-ledger'): Promise<LedgerStore> =>
  openIdbLedger(PAYMENT_SCHEMA, name)
