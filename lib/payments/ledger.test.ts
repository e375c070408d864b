import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NewReceipt, Receipt } from '../ledger/index.ts'
import { decodeLedgerJson, encodeLedgerJson } from '../ledger/json.ts'
import { isMeant } from '../ledger/receipt-pages.ts'
import { sumTotals } from '../ledger/totals.ts'
import { addressFromBytes } from '../tron/index.ts'
import { toAmount } from '../units/index.ts'
import type { LedgerStore } from './ledger.ts'
import { createIdbLedger, createMemoryLedger } from './ledger.ts'
import { createFileLedger } from './ledger-file.ts'
import { createPayerBook } from './payer/book.ts'
import type { PayerSeatRecord } from './records.ts'

const payee = addressFromBytes(new Uint8Array(20).fill(7))
const seat: PayerSeatRecord = {
  channelId: '0x01',
  payee,
  delegate: payee,
  cap: toAmount(1n << 120n),
  state: { status: 'planned' },
}
const receipt: NewReceipt = {
  kind: 'fund',
  atMs: 5,
  channelId: null,
  amount: toAmount(10n ** 27n),
  txId: '0x02',
  feeSun: 3n as never,
}

let folder: string
let files = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-ledger-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const newPath = (): string => join(folder, `${++files}`, 'ledger.jsonl')

describe.each<[string, () => Promise<LedgerStore>]>([
  ['memory', async () => createMemoryLedger()],
  ['file', () => createFileLedger(newPath())],
  ['IndexedDB', () => createIdbLedger(`ledger-${++files}`)],
])('the %s ledger', (_name, make) => {
  it('keeps records, replaces and deletes them, and numbers receipts in order', async () => {
    const ledger = await make()
    const heard: number[] = []
    ledger.onReceipts((receipts) => heard.push(...receipts.map(({ id }) => id)))
    await ledger.commit({
      puts: [{ table: 'payerSeats', key: 'a', value: seat }],
      receipts: [receipt, receipt],
    })
    const next = { ...seat, cap: toAmount(1n) }
    await ledger.commit({ puts: [{ table: 'payerSeats', key: 'b', value: next }], receipts: [receipt] })
    expect(await ledger.list('payerSeats')).toEqual([seat, next])
    await ledger.commit({
      puts: [
        { table: 'payerSeats', key: 'a', value: next },
        { table: 'payerSeats', key: 'b', value: null },
      ],
    })
    expect(await ledger.list('payerSeats')).toEqual([next])
    expect((await ledger.listReceipts({ limit: 9 })).map(({ id }) => id)).toEqual([3, 2, 1])
    expect(heard).toEqual([1, 2, 3])
    await ledger.close()
  })
})

const hashes = ['a'.repeat(40), 'b'.repeat(40)]
const channelIds = ['0x01', '0x02', '0x03'] as const
const anyReceipt: fc.Arbitrary<NewReceipt> = fc
  .record({
    kind: fc.constantFrom('piece' as const, 'tip' as const, 'earned' as const, 'tipEarned' as const),
    atMs: fc.integer({ min: 1_700_000_000_000, max: 1_700_200_000_000 }),
    channelId: fc.constantFrom(...channelIds),
    infoHash: fc.constantFrom(...hashes),
    amount: fc.bigInt(0n, 10n ** 20n).map(toAmount),
  })
  .map((fields) => {
    const common = {
      ...fields,
      cumulative: fields.amount,
      torrentName: 'A film',
      pieceIndex: 1,
      lengthBytes: 7,
      memo: null,
    }
    return fields.kind === 'piece' || fields.kind === 'tip'
      ? ({ ...common, kind: fields.kind, payee } as const)
      : ({ ...common, kind: fields.kind, payer: payee } as const)
  })
const anyReceipts = fc.array(fc.array(fc.oneof(anyReceipt, fc.constant(receipt)), { maxLength: 4 }), {
  maxLength: 12,
})

describe.each<[string, () => Promise<LedgerStore>]>([
  ['memory', async () => createMemoryLedger()],
  ['file', () => createFileLedger(newPath(), { rewriteAtBytes: 2_000 })],
  ['IndexedDB', () => createIdbLedger(`ledger-${++files}`)],
])('what the %s ledger is asked for', (_name, make) => {
  it('is what reading every line says, by torrent, channel and kind, in pages and in sums', () =>
    fc.assert(
      fc.asyncProperty(anyReceipts, async (batches) => {
        const ledger = await make()
        for (const receipts of batches) await ledger.commit({ receipts })
        const lines: Receipt[] = []
        for await (const line of ledger.eachReceipt()) lines.push(line)
        expect(await ledger.getTotals()).toEqual(sumTotals({}, lines))
        const filters = [
          {},
          { kinds: ['piece', 'earned'] as const },
          ...hashes.map((infoHash) => ({ infoHash })),
          ...channelIds.map((channelId) => ({ channelId, infoHash: hashes[0] as string })),
          { channelId: '0x03' as const, kinds: ['tip'] as const },
        ]
        for (const filter of filters) {
          const meant = lines.filter((line) => isMeant(line, filter))
          const found: Receipt[] = []
          for await (const line of ledger.eachReceipt(filter)) found.push(line)
          expect(found).toEqual(meant)
          const paged: Receipt[] = []
          for (let before: number | undefined; ; before = paged.at(-1)?.id) {
            const page = await ledger.listReceipts({
              ...filter,
              limit: 3,
              ...(before === undefined ? {} : { before }),
            })
            paged.push(...page)
            if (page.length < 3) break
          }
          expect(paged).toEqual([...meant].reverse())
        }
        await ledger.close()
      }),
      { numRuns: 15 },
    ))
})

describe('a ledger of ten thousand receipts', () => {
  it('is not read for a budget that is over, nor for one that is not its own', async () => {
    const ledger = createMemoryLedger()
    const receipts = Array.from({ length: 10_000 }, (_, i): NewReceipt => {
      const named = {
        infoHash: hashes[0] as string,
        torrentName: 'A film',
        memo: null,
        payee,
        lengthBytes: 7,
      }
      return {
        ...named,
        kind: 'piece',
        atMs: i,
        channelId: '0x01',
        amount: toAmount(1n),
        cumulative: toAmount(1n),
        pieceIndex: i,
      }
    })
    await ledger.commit({ receipts })
    let read = 0
    const counting: LedgerStore = {
      ...ledger,
      async *eachReceipt(filter) {
        for await (const line of ledger.eachReceipt(filter)) {
          read += 1
          yield line
        }
      },
    }
    const book = createPayerBook(counting)
    await book.load()
    expect([read, book.getSession()]).toEqual([0, null])
  })
})

describe('the file ledger', () => {
  it('finds everything again, and forgets only a torn last line', async () => {
    const path = newPath()
    const first = await createFileLedger(path)
    await first.commit({ puts: [{ table: 'payerSeats', key: 'a', value: seat }], receipts: [receipt] })
    await first.close()
    await appendFile(path, '{"puts":[{"table":"payerSe')
    const second = await createFileLedger(path)
    expect(await second.list('payerSeats')).toEqual([seat])
    await second.commit({ receipts: [receipt] })
    await second.close()
    const third = await createFileLedger(path)
    expect((await third.listReceipts({ limit: 9 })).map(({ id }) => id)).toEqual([2, 1])
    await third.close()
  })

  it.each([
    ['in its middle', 'garbage\n{"puts":[],"receipts":[]}\n'],
    ['by a voucher for a seat that is not there', '[{"p":[["+payeeSeats","0x01",{"c":"5"}]]}]\n'],
    ['by a voucher more in a line that is not there', '[{"r":[[7,5,"1","1",10,1]]}]\n'],
  ])('refuses a file that is damaged %s', async (_, content) => {
    const path = newPath()
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
    await expect(createFileLedger(path)).rejects.toMatchObject({ code: 'ledger-damaged' })
  })

  it('cut at any byte of a group forgets that group alone, whole', async () => {
    const path = newPath()
    const ledger = await createFileLedger(path)
    await ledger.commit({ puts: [{ table: 'payerSeats', key: 'a', value: seat }], receipts: [receipt] })
    const firstBytes = (await readFile(path)).length
    const next = { ...seat, cap: toAmount(1n) }
    await Promise.all(
      ['b', 'c'].map((key) =>
        ledger.commit({ puts: [{ table: 'payerSeats', key, value: next }], receipts: [receipt] }),
      ),
    )
    await ledger.close()
    const whole = await readFile(path)
    for (let length = firstBytes; length < whole.length; length += 7) {
      // What a disk may leave of an append that it never finished: less of it, or holes.
      const holes = Uint8Array.from(whole).fill(0, firstBytes, length + 1)
      for (const torn of [whole.subarray(0, length), holes]) {
        await writeFile(path, torn)
        const reopened = await createFileLedger(path)
        expect(await reopened.list('payerSeats')).toEqual([seat])
        expect(await reopened.commit({ receipts: [receipt] })).toMatchObject([{ id: 2 }])
        await reopened.close()
      }
    }
  })
})

describe('ledger JSON', () => {
  it('gives back what it was given, whatever the size of its numbers', () => {
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        fc.bigInt(),
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'amount'), tie('node')),
      ),
    })).node
    fc.assert(
      fc.property(value, (one) => {
        expect(decodeLedgerJson(encodeLedgerJson(one))).toEqual(one)
      }),
    )
  })
})
