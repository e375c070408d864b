import { expect, test } from 'vitest'
import { fakeCapabilities } from '../../kernel/testing/capabilities.ts'
import { settleTasks } from '../../payments/testing/accounts.ts'
import { toAmount, toFeeSun } from '../../units/index.ts'
import { startReceipts } from './receipts.ts'

const RECEIPT = {
  kind: 'fund',
  atMs: 1,
  channelId: null,
  amount: toAmount(5n),
  txId: '0x01',
  feeSun: toFeeSun(1n),
} as const

test('grows with the ledger, reads it by pages and as a whole, and is still once it stopped', async () => {
  const { capabilities } = fakeCapabilities()
  const feature = startReceipts(capabilities)
  const ledger = await capabilities.ledger()
  await settleTasks()
  await ledger.commit({ receipts: [RECEIPT, { ...RECEIPT, atMs: 2 }] })
  expect(feature.store.get()).toBe(1)
  expect((await feature.commands.listReceipts({ limit: 1 })).map(({ atMs }) => atMs)).toEqual([2])
  const all: number[] = []
  for await (const { atMs } of feature.commands.eachReceipt()) all.push(atMs)
  expect(all).toEqual([1, 2])
  await feature.stop()
  await ledger.commit({ receipts: [RECEIPT] })
  expect(feature.store.get()).toBe(1)
})

test('a ledger that cannot be opened is reported', async () => {
  const failure = new Error('no storage')
  const { capabilities, errors } = fakeCapabilities({ ledger: () => Promise.reject(failure) })
  startReceipts(capabilities)
  await settleTasks()
  expect(errors).toEqual([failure])
})
