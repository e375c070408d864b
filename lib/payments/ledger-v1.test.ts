/**
 * Ledgers that the first version wrote: recorded from a payer and a seller on the test chain (a budget of 80 000, four pieces of 1 000
 * and a tip of 77, redeemed), each over a file, and once both over one page's IndexedDB.
 */
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NewReceipt, Receipt } from '../ledger/index.ts'
import { addressFromBytes } from '../tron/index.ts'
import { toAmount } from '../units/index.ts'
import type { LedgerStore } from './ledger.ts'
import { createIdbLedger } from './ledger.ts'
import { createFileLedger } from './ledger-file.ts'
import { createPayerBook } from './payer/book.ts'

const RECORDED = new URL('./testing/v1/', import.meta.url)
const VERSION_1 = 1
const CHANNEL = '0x45159a955b74182f3515'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-v1-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A copy, as it lies on the disk before the program begins. */
async function copyOf(name: string): Promise<string> {
  const path = join(folder, name)
  await mkdir(folder, { recursive: true })
  await copyFile(new URL(name, RECORDED), path)
  return path
}

/** As a page of the first version left it. */
async function recordPage(name: string): Promise<void> {
  const stores: Record<string, [IDBValidKey, string][]> = JSON.parse(
    await readFile(new URL('idb.json', RECORDED), 'utf8'),
  )
  const database = await openDB(name, VERSION_1, {
    upgrade(fresh) {
      for (const store of Object.keys(stores))
        fresh.createObjectStore(store, store === 'receipts' ? { autoIncrement: true } : undefined)
    },
  })
  for (const [store, rows] of Object.entries(stores)) {
    // Keys of receipts were made by the store, which counts on from them.
    for (const [key, value] of rows) await database.put(store, value, key)
  }
  database.close()
}

async function readAll(ledger: LedgerStore): Promise<Receipt[]> {
  const lines: Receipt[] = []
  for await (const line of ledger.eachReceipt()) lines.push(line)
  return lines
}

async function expectPayer(ledger: LedgerStore): Promise<void> {
  const book = createPayerBook(ledger)
  await book.load()
  expect(book.getSession()).toMatchObject({ budget: 80_000n, funded: 80_000n, state: { status: 'paying' } })
  expect(book.tally().read(1_700_000_005_000)).toMatchObject({ spent: 4_077n, tipped: 77n, paidPieces: 4 })
  expect(book.getChannels()).toMatchObject([{ state: { status: 'open' } }])
  expect(await ledger.list('payerSeats')).toMatchObject([{ state: { voucher: { cumulative: 4_077n } } }])
  const pieces = await ledger.listReceipts({ limit: 9, kinds: ['piece'] })
  expect(pieces.map((line) => 'pieceIndex' in line && line.pieceIndex)).toEqual([3, 2, 1, 0])
}

async function expectSeller(ledger: LedgerStore): Promise<void> {
  const [record] = await ledger.list('payeeSeats')
  expect(record).toMatchObject({
    voucher: { cumulative: 4_077n },
    claimed: 4_077n,
    state: { status: 'accepted' },
  })
  expect(record?.seat.channelId).toContain(CHANNEL)
  const lines = await readAll(ledger)
  const earned = lines.filter(({ kind }) => kind === 'earned' || kind === 'tipEarned')
  expect(earned.reduce((sum, { amount }) => sum + amount, 0n)).toBe(4_077n)
  expect(lines.filter(({ kind }) => kind === 'tipEarned')).toMatchObject([{ memo: 'well done', roll: null }])
  expect(lines.filter(({ kind }) => kind === 'redeem')).toMatchObject([{ amount: 4_077n }])
}

const voucher: NewReceipt = {
  kind: 'earned',
  atMs: 1_700_000_010_000,
  channelId: CHANNEL,
  payer: addressFromBytes(new Uint8Array(20).fill(7)),
  amount: toAmount(1n),
  cumulative: toAmount(4_078n),
  infoHash: 'ab',
  torrentName: 'A film',
  pieceIndex: 9,
  lengthBytes: 5,
  memo: null,
}

describe('a file of the first version', () => {
  it('of a payer has its budget, vouchers and receipts, and is rewritten without them twice', async () => {
    const path = await copyOf('payer.jsonl')
    for (let opened = 0; opened < 3; opened++) {
      const ledger = await createFileLedger(path)
      await expectPayer(ledger)
      await ledger.close()
      expect((await readFile(path, 'utf8')).startsWith('{"ledger":2,')).toBe(true)
    }
  })

  it('of a seller has its seats, and a line for the pieces of a day', async () => {
    const path = await copyOf('seller.jsonl')
    const ledger = await createFileLedger(path)
    await expectSeller(ledger)
    const [line] = await ledger.listReceipts({ limit: 1, kinds: ['earned'] })
    expect(line).toMatchObject({
      amount: 4_000n,
      roll: { vouchers: 4, pieces: 4 },
      lengthBytes: 4 * 1_048_576,
    })
    const last = (await readAll(ledger)).at(-1)?.id ?? 0
    expect(await ledger.commit({ receipts: [voucher] })).toMatchObject([{ id: last + 1 }])
    await ledger.close()
  })
})

describe('a page of the first version', () => {
  it('has its budget, seats and receipts, and takes new ones', async () => {
    await recordPage('page')
    for (let opened = 0; opened < 2; opened++) {
      const ledger = await createIdbLedger('page')
      await expectPayer(ledger)
      await expectSeller(ledger)
      await ledger.close()
    }
    const ledger = await createIdbLedger('page')
    const before = await readAll(ledger)
    const last = before.at(-1)?.id ?? 0
    for (const _ of [1, 2])
      expect(await ledger.commit({ receipts: [voucher] })).toMatchObject([{ id: last + 1 }])
    const after = await readAll(ledger)
    expect(after.slice(0, -1)).toEqual(before)
    expect(after.at(-1)).toMatchObject({ amount: 2n, roll: { vouchers: 2, pieces: 2 } })

    const [seat] = await ledger.list('payeeSeats')
    if (!seat?.voucher) throw new Error('no seat')
    const raised = { ...seat, voucher: { ...seat.voucher, cumulative: toAmount(4_079n) } }
    await ledger.commit({ puts: [{ table: 'payeeSeats', key: seat.seat.channelId, value: raised }] })
    await ledger.close()
    const again = await createIdbLedger('page')
    expect(await again.list('payeeSeats')).toEqual([raised])
    await again.close()
    // The seat as it was accepted is not written again.
    const database = await openDB('page')
    expect(await database.get('payeeSeats', seat.seat.channelId)).not.toContain('4079')
    database.close()
  })
})
