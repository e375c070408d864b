/**
 * Every transaction of this page and its state, on the disk before anything follows from it. Invariant: a row that is being sent by this
 * page is moved by its sending alone; all others are moved by who looks them up.
 */
import { bytesToHex, createMutex, createStore, type Store } from '../../base/index.ts'
import type { ContractCall } from '../../channels/index.ts'
import type { LedgerStore } from '../../ledger/index.ts'
import { type Address, isOpen, reduceTransaction, type TransactionEvent } from '../../tron/index.ts'
import { describeCode } from '../describe-error.ts'
import { amountOf, type TransactionRecord, type TransactionTables } from './transaction-record.ts'

/** A row of a transaction that this page is sending. */
export interface TransactionEntry {
  /** Resolves once it is on the disk. Throws StorageError. */
  move(event: TransactionEvent): Promise<void>
  /** The sending is over. One that never came to its wallet leaves no row. Throws StorageError. */
  end(): Promise<void>
}

export interface TransactionLog {
  /** Newest first; null until they are read. */
  readonly rows: Store<readonly TransactionRecord[] | null>
  /** Reads what is on the disk. Throws StorageError. */
  load(): Promise<void>
  /**
   * Loads, and ends what an earlier page left unsigned: no node can have it. For the tab that leads, before it sends anything.
   * Throws StorageError.
   */
  takeOver(): Promise<void>
  /** Rows whose fate only the chain can tell now. */
  listOpen(): readonly TransactionRecord[]
  /** What a look at the chain showed of an open row. Throws StorageError. */
  observe(id: string, event: TransactionEvent): Promise<void>
  /** A new row, on the disk when it resolves. Throws StorageError. */
  begin(call: ContractCall, account: Address): Promise<TransactionEntry>
}

export function createTransactionLog(
  openLedger: () => Promise<LedgerStore<TransactionTables>>,
  nowMs: () => number = Date.now,
): TransactionLog {
  const rows = createStore<readonly TransactionRecord[] | null>(null)
  const known = new Map<string, TransactionRecord>()
  /** Ids of what this page is sending. */
  const live = new Set<string>()
  const { run } = createMutex()
  let isRead = false

  function publish(): void {
    if (isRead) rows.set(Object.freeze([...known.values()].sort((a, b) => b.begunAtMs - a.begunAtMs)))
  }

  async function readAll(): Promise<void> {
    const list = await (await openLedger()).list('transactions')
    known.clear()
    for (const row of list) known.set(row.id, Object.freeze(row))
    isRead = true
  }

  async function write(id: string, value: TransactionRecord | null): Promise<void> {
    await (await openLedger()).commit({ puts: [{ table: 'transactions', key: id, value }] })
    if (value) known.set(id, Object.freeze(value))
    else known.delete(id)
  }

  async function move(id: string, event: TransactionEvent): Promise<void> {
    const row = known.get(id)
    if (!row) return
    const state = reduceTransaction(row.state, event)
    if (state !== row.state) await write(id, { ...row, state, changedAtMs: nowMs() })
  }

  /** No wallet's answer is on the disk, so none can have reached a node. */
  async function endUnsigned({ id, state }: TransactionRecord): Promise<void> {
    if (state.status === 'draft') await write(id, null)
    if (state.status !== 'simulated') return
    const { code, title: words } = describeCode('page-closed')
    await move(id, { kind: 'cancelled', reason: { code, words } })
  }

  /** One after the other; whatever became of it, the rows are shown as they stand. */
  const change = <T>(task: () => Promise<T>): Promise<T> => run(task).finally(publish)

  return {
    rows,
    load: () => change(readAll),
    takeOver: () =>
      change(async () => {
        await readAll()
        for (const row of [...known.values()]) if (!live.has(row.id)) await endUnsigned(row)
      }),
    listOpen: () => [...known.values()].filter(({ id, state }) => !live.has(id) && isOpen(state)),
    observe: (id, event) => change(() => move(id, event)),
    begin: (call, account) =>
      change(async () => {
        if (!isRead) await readAll()
        const id = bytesToHex(crypto.getRandomValues(new Uint8Array(16)))
        const atMs = nowMs()
        live.add(id)
        await write(id, {
          id,
          call: call.kind,
          amount: amountOf(call),
          account,
          begunAtMs: atMs,
          changedAtMs: atMs,
          state: { status: 'draft' },
        }).catch((error: unknown) => {
          live.delete(id)
          throw error
        })
        return {
          move: (event) => change(() => move(id, event)),
          end: () =>
            change(async () => {
              live.delete(id)
              if (known.get(id)?.state.status === 'draft') await write(id, null)
            }),
        }
      }),
  }
}
