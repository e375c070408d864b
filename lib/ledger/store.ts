/**
 * The ledger's port, for any tables. Invariants: `commit` is atomic and durable before it resolves; what it resolved survives a crash.
 * What a peer paid us is kept as one line a channel, torrent and day, so that a stranger's vouchers cost no memory each.
 * Implementations: `openIdbLedger` (page), `openFileLedger` (Node), `openMemoryLedger` (tests).
 */
import type { Hex } from '../base/index.ts'
import type { Receipt, ReceiptKind } from './receipt.ts'
import type { LedgerSchema } from './schema.ts'
import type { ReceiptTotals } from './totals.ts'

export type LedgerTable<Tables> = keyof Tables & string

export type LedgerPut<Tables> = {
  [T in LedgerTable<Tables>]: { readonly table: T; readonly key: string; readonly value: Tables[T] | null }
}[LedgerTable<Tables>]

type Unkept<R> = R extends unknown ? Omit<R, 'id' | 'roll'> : never
/** A receipt before the ledger numbered it or added it to a line. */
export type NewReceipt = Unkept<Receipt>

/** Which lines are meant: those to which all that is given applies. */
export interface ReceiptFilter {
  readonly kinds?: readonly ReceiptKind[]
  /** Of vouchers for this torrent: 40 lower-case hex digits. */
  readonly infoHash?: string
  readonly channelId?: Hex
}

export interface ReceiptQuery extends ReceiptFilter {
  /** Only lines older than the one of this id: the next page. */
  readonly before?: number
  readonly limit: number
}

export interface LedgerBatch<Tables> {
  /** A null value deletes the key. */
  readonly puts?: readonly LedgerPut<Tables>[]
  readonly receipts?: readonly NewReceipt[]
}

export interface LedgerStore<Tables> {
  list<T extends LedgerTable<Tables>>(table: T): Promise<readonly Tables[T][]>
  /** A page of lines, newest first. */
  listReceipts(query: ReceiptQuery): Promise<readonly Receipt[]>
  /**
   * Every line that is meant, oldest first, never all in memory at once. In a page, those of one torrent or channel are found by an
   * index; in a file, what lies in the history beside it is read through.
   */
  eachReceipt(filter?: ReceiptFilter): AsyncIterable<Receipt>
  /** Sums of all receipts that there are, without reading them. */
  getTotals(): Promise<ReceiptTotals>
  /**
   * All or nothing, on the disk before it resolves; returns the receipts as they were given, each with the id of the line that it
   * is, or that it was added to. Throws StorageError.
   */
  commit(batch: LedgerBatch<Tables>): Promise<readonly Receipt[]>
  /** Runs after each commit that added receipts. Returns the unsubscriber. */
  onReceipts(listener: (receipts: readonly Receipt[]) => void): () => void
  close(): Promise<void>
}

/** What the implementations work on: rows whose types only their rooms know. */
export interface AnyPut {
  readonly table: string
  readonly key: string
  readonly value: object | null
}
export interface AnyBatch {
  readonly puts?: readonly AnyPut[]
  readonly receipts?: readonly NewReceipt[]
}
export interface AnyStore extends Omit<LedgerStore<Record<string, object>>, 'commit' | 'list'> {
  list(table: string): Promise<readonly object[]>
  commit(batch: AnyBatch): Promise<readonly Receipt[]>
}

/** The store as those see it who brought its schema. */
export function typed<Tables>(store: AnyStore, _schema: LedgerSchema<Tables>): LedgerStore<Tables> {
  return store as unknown as LedgerStore<Tables>
}

/** A ledger of several rooms' tables as the room sees it that brought `_schema`. */
export function partOf<All extends Part, Part>(
  store: LedgerStore<All>,
  _schema: LedgerSchema<Part>,
): LedgerStore<Part> {
  return store as unknown as LedgerStore<Part>
}
