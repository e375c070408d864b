import { readFile } from 'node:fs/promises'
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { expect, it } from 'vitest'
import { testNetwork } from '../payments/testing/ledger-chain.ts'
import { createMoneyRoom } from './money-room.ts'

const RECORDED = new URL('../payments/testing/v2/idb.json', import.meta.url)
const LEDGER_NAME = `piecemeal-ledger-${testNetwork.chainId}-${testNetwork.contract}`
const call = { kind: 'approve', amount: 5n } as never

/** A page's ledger as it was recorded before there was a table of transactions. */
async function restoreRecorded(): Promise<void> {
  const { version, stores }: { version: number; stores: Record<string, [IDBValidKey, unknown][]> } =
    JSON.parse(await readFile(RECORDED, 'utf8'))
  const database = await openDB(LEDGER_NAME, version, {
    upgrade(fresh) {
      for (const store of Object.keys(stores))
        fresh.createObjectStore(store, store === 'receipts' ? { autoIncrement: true } : undefined)
    },
  })
  for (const [store, rows] of Object.entries(stores))
    for (const [key, value] of rows) await database.put(store, value, key)
  database.close()
}

it('a page’s ledger from before transactions had rows keeps all that it has, and takes rows', async () => {
  await restoreRecorded()
  const first = createMoneyRoom(async () => testNetwork)
  expect(await (await first.ledger()).list('channels')).toHaveLength(4)
  expect((await (await first.ledger()).listReceipts({ limit: 100 })).length).toBeGreaterThan(50)
  await first.transactions.load()
  expect(first.transactions.rows.get()).toEqual([])
  const entry = await first.transactions.begin(call, testNetwork.contract)
  await entry.move({ kind: 'simulated' })
  await entry.move({ kind: 'signed', txId: '0xaa', expiresAtMs: 1 })
  await entry.end()
  await (await first.ledger()).close()

  const second = createMoneyRoom(async () => testNetwork)
  await second.transactions.takeOver()
  expect(second.transactions.rows.get()).toEqual(first.transactions.rows.get())
  expect(second.transactions.listOpen()).toMatchObject([
    { call: 'approve', amount: 5n, state: { status: 'signed', txId: '0xaa' } },
  ])
  expect(await (await second.ledger()).list('channels')).toHaveLength(4)
  await (await second.ledger()).close()
})
