import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NewReceipt } from '../ledger/index.ts'
import { decodeLedgerJson, encodeLedgerJson } from '../ledger/json.ts'
import { addressFromBytes } from '../tron/index.ts'
import { toAmount } from '../units/index.ts'
import type { LedgerStore } from './ledger.ts'
import { createIdbLedger, createMemoryLedger } from './ledger.ts'
import { createFileLedger } from './ledger-file.ts'
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
