/**
 * Ledgers as programs wrote them before tables had versions: recorded from a payer in the middle of its settlement and its seller, over
 * a devnet, each as a file; and once both as one page's IndexedDB.
 */
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Receipt } from '../ledger/index.ts'
import { sumTotals } from '../ledger/totals.ts'
import { toAmount } from '../units/index.ts'
import { createIdbLedger, type LedgerStore } from './ledger.ts'
import { createFileLedger } from './ledger-file.ts'
import { createPayerBook } from './payer/book.ts'

const RECORDED = new URL('./testing/v2/', import.meta.url)
const SPENT = 30_041_208_267_211_914_063n
const HELD = 32_541_208_267_211_914_063n

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-v2-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function readAll(ledger: LedgerStore): Promise<Receipt[]> {
  const lines: Receipt[] = []
  for await (const line of ledger.eachReceipt()) lines.push(line)
  return lines
}

/** What is found by torrent and channel, and what it all adds up to, is what reading every line says. */
async function expectFound(ledger: LedgerStore): Promise<void> {
  const lines = await readAll(ledger)
  expect(lines.length).toBeGreaterThan(2)
  expect(await ledger.getTotals()).toEqual(sumTotals({}, lines))
  for (const channelId of new Set(lines.map((line) => line.channelId))) {
    if (channelId === null) continue
    const found = await ledger.listReceipts({ channelId, limit: lines.length })
    expect(found).toEqual(lines.filter((line) => line.channelId === channelId).reverse())
  }
}

async function expectPayer(ledger: LedgerStore): Promise<void> {
  await expectFound(ledger)
  const book = createPayerBook(ledger)
  await book.load()
  expect(book.getSession()).toMatchObject({ funded: 60n * 10n ** 18n, state: { status: 'settling' } })
  expect(book.tally().read(0)).toMatchObject({
    spent: SPENT,
    tipped: 0n,
    paidPieces: 49,
    paidBytes: 3_150_049,
  })
  expect(book.getFreePurse()).toBe(125n * 10n ** 17n)
  expect(await ledger.list('channels')).toHaveLength(4)
  const seats = await ledger.list('payerSeats')
  const promised = seats.map(({ state }) =>
    'voucher' in state && state.voucher ? state.voucher.cumulative : 0n,
  )
  expect(promised.reduce<bigint>((sum, one) => sum + one, 0n)).toBe(SPENT)
}

async function expectSeller(ledger: LedgerStore): Promise<void> {
  await expectFound(ledger)
  const seats = await ledger.list('payeeSeats')
  expect(seats).toHaveLength(4)
  expect(seats.reduce((sum, { voucher }) => sum + (voucher?.cumulative ?? 0n), 0n)).toBe(HELD)
  const earned = (await readAll(ledger)).filter(({ kind }) => kind === 'earned')
  expect(earned).toHaveLength(3)
}

it('a payer’s file has its budget, channels, vouchers and receipts, and goes on', async () => {
  const path = join(folder, 'payer.jsonl')
  await copyFile(new URL('payer.jsonl', RECORDED), path)
  const old = await createFileLedger(path)
  await old.close()
  // Written anew by what rose since; after that, what needs no migration is not written again.
  const migrated = await readFile(path, 'utf8')
  expect(migrated.split('\n')[0]).toContain('"sessions":2')
  const ledger = await createFileLedger(path)
  await expectPayer(ledger)
  expect(await readAll(ledger)).toHaveLength(58)
  expect(await readFile(path, 'utf8')).toBe(migrated)
  const [session] = await ledger.list('sessions')
  if (!session) throw new Error('no session')
  const value = { ...session, refunded: toAmount(1n) }
  await ledger.commit({ puts: [{ table: 'sessions', key: session.id, value }] })
  await ledger.close()
  const again = await createFileLedger(path)
  expect(await again.list('sessions')).toEqual([value])
  await again.close()
})

it('a seller’s file has its seats with the vouchers that came piece by piece', async () => {
  const path = join(folder, 'seller.jsonl')
  await copyFile(new URL('seller.jsonl', RECORDED), path)
  const ledger = await createFileLedger(path)
  await expectSeller(ledger)
  await ledger.close()
})

it('a page has all of it, what moved of a seat included', async () => {
  const { version, stores }: { version: number; stores: Record<string, [IDBValidKey, unknown][]> } =
    JSON.parse(await readFile(new URL('idb.json', RECORDED), 'utf8'))
  const database = await openDB('page', version, {
    upgrade(fresh) {
      for (const store of Object.keys(stores))
        fresh.createObjectStore(store, store === 'receipts' ? { autoIncrement: true } : undefined)
    },
  })
  for (const [store, rows] of Object.entries(stores))
    for (const [key, value] of rows) await database.put(store, value, key)
  database.close()
  const path = join(folder, 'beside.jsonl')
  await copyFile(new URL('seller.jsonl', RECORDED), path)
  const file = await createFileLedger(path)
  const inFile = (await file.list('payeeSeats')).map(({ claimed }) => claimed)
  await file.close()
  for (let opened = 0; opened < 2; opened++) {
    const ledger = await createIdbLedger('page')
    await expectPayer(ledger)
    await expectSeller(ledger)
    // Since it was whole, the recorder moved each seat by one unit.
    const claimed = (await ledger.list('payeeSeats')).map((seat) => seat.claimed)
    expect(claimed.sort()).toEqual(inFile.map((one) => one + 1n).sort())
    await ledger.close()
  }
})
