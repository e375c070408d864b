import { expect, test } from 'vitest'
import type { Receipt } from '../../ledger/index.ts'
import type { LedgerStore } from '../../payments/index.ts'
import { settleTasks } from '../../payments/testing/accounts.ts'
import { receiptsFeature, startReceipts } from './receipts.ts'

const receipt = { kind: 'tip' } as unknown as Receipt

function createLedger() {
  const listeners = new Set<() => void>()
  const ledger = {
    onReceipts(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    listReceipts: async (query: unknown) => [receipt, query],
    async *eachReceipt() {
      yield receipt
    },
  } as unknown as LedgerStore
  return { ledger, listeners }
}

const fail = (error: unknown): void => expect.unreachable(String(error))

test('its number grows with each batch of receipts, until it stops', async () => {
  const { ledger, listeners } = createLedger()
  const { store, stop } = startReceipts({ ledger: async () => ledger, report: fail })
  expect(store.get()).toBe(receiptsFeature.initial)
  await expect.poll(() => listeners.size).toBe(1)
  for (const listener of listeners) listener()
  expect(store.get()).toBe(1)
  await stop()
  expect(listeners.size).toBe(0)
})

test('stopped before the ledger is open, it never listens', async () => {
  const { ledger, listeners } = createLedger()
  const opening = Promise.withResolvers<LedgerStore>()
  const { stop } = startReceipts({ ledger: () => opening.promise, report: fail })
  await stop()
  opening.resolve(ledger)
  await settleTasks()
  expect(listeners.size).toBe(0)
})

test('receipts are read by the page and one after the other', async () => {
  const { ledger } = createLedger()
  const { commands } = startReceipts({ ledger: async () => ledger, report: fail })
  const query = { limit: 10 } as never
  expect(await commands.listReceipts(query)).toEqual([receipt, query])
  const all: Receipt[] = []
  for await (const each of commands.eachReceipt()) all.push(each)
  expect(all).toEqual([receipt])
})

test('a ledger that cannot be opened is reported, and told to whoever reads', async () => {
  const failure = new Error('unreadable')
  const reported: unknown[] = []
  const { commands } = startReceipts({
    ledger: () => Promise.reject(failure),
    report: (error) => reported.push(error),
  })
  await expect(commands.listReceipts({} as never)).rejects.toBe(failure)
  await expect(commands.eachReceipt()[Symbol.asyncIterator]().next()).rejects.toBe(failure)
  expect(reported).toEqual([failure])
})
