import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Hex } from '../base/index.ts'
import type { NewReceipt, Receipt } from '../ledger/index.ts'
import { dayOf, type EarnedReceipt, TIP_LINES_PER_DAY } from '../ledger/receipt-rolls.ts'
import { addressFromBytes } from '../tron/index.ts'
import { toAmount } from '../units/index.ts'
import type { LedgerStore } from './ledger.ts'
import { createIdbLedger, createMemoryLedger } from './ledger.ts'
import { createFileLedger } from './ledger-file.ts'

const payer = addressFromBytes(new Uint8Array(20).fill(7))
/** 22:13 UTC: midnight is near. */
const START_MS = 1_700_000_000_000
const HOUR_MS = 3_600_000

type NewEarned = Extract<NewReceipt, { kind: 'earned' | 'tipEarned' }>
const voucherOf = (fields: Partial<NewEarned> = {}): NewEarned => ({
  kind: 'earned',
  atMs: START_MS,
  channelId: '0x01',
  payer,
  amount: toAmount(5n),
  cumulative: toAmount(5n),
  infoHash: 'aa',
  torrentName: 'A film',
  pieceIndex: 3,
  lengthBytes: 10,
  memo: null,
  ...fields,
})
const tipOf = (fields: Partial<NewEarned> = {}): NewEarned =>
  voucherOf({ kind: 'tipEarned', pieceIndex: null, lengthBytes: 0, memo: 'thanks', ...fields })

let folder: string
let files = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-rolls-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function readLines(ledger: LedgerStore): Promise<EarnedReceipt[]> {
  const lines: EarnedReceipt[] = []
  for await (const line of ledger.eachReceipt({ kinds: ['earned', 'tipEarned'] }))
    lines.push(line as EarnedReceipt)
  return lines
}

/** Every figure that is a sum of these: by channel, torrent, kind and day. */
function sumUp(lines: readonly EarnedReceipt[]): ReadonlyMap<string, object> {
  const sums = new Map<
    string,
    { amount: bigint; bytes: number; vouchers: number; pieces: number; last: bigint }
  >()
  for (const line of lines) {
    const { channelId, infoHash, kind, atMs, amount, lengthBytes, cumulative, roll, pieceIndex } = line
    const key = `${channelId} ${infoHash} ${kind} ${dayOf(atMs)}`
    const before = sums.get(key) ?? { amount: 0n, bytes: 0, vouchers: 0, pieces: 0, last: 0n }
    sums.set(key, {
      amount: before.amount + amount,
      bytes: before.bytes + lengthBytes,
      vouchers: before.vouchers + (roll?.vouchers ?? 1),
      pieces: before.pieces + (roll?.pieces ?? (pieceIndex === null ? 0 : 1)),
      last: cumulative > before.last ? cumulative : before.last,
    })
  }
  return sums
}

/** Vouchers of a seller's days: rising in each channel, the clock mostly forward. */
const vouchers = fc
  .array(
    fc.record({
      channelId: fc.constantFrom<Hex>('0x01', '0x02', '0x03'),
      infoHash: fc.constantFrom('aa', 'bb'),
      amount: fc.bigInt({ min: 1n, max: 10n ** 24n }),
      isTip: fc.boolean(),
      pieceIndex: fc.option(fc.nat(9)),
      lengthBytes: fc.nat(16_384),
      passedMs: fc.integer({ min: -HOUR_MS, max: 9 * HOUR_MS }),
    }),
    { maxLength: 120 },
  )
  .map((steps) => {
    const held = new Map<Hex, bigint>()
    let atMs = START_MS
    return steps.map(({ isTip, passedMs, amount, pieceIndex, ...fields }): NewEarned => {
      atMs += passedMs
      const cumulative = (held.get(fields.channelId) ?? 0n) + amount
      held.set(fields.channelId, cumulative)
      const money = { amount: toAmount(amount), cumulative: toAmount(cumulative) }
      return isTip
        ? tipOf({ ...fields, ...money, atMs })
        : voucherOf({ ...fields, ...money, pieceIndex, atMs })
    })
  })

describe.each<[string, (name: string) => Promise<LedgerStore>, runs: number]>([
  ['memory', async () => createMemoryLedger(), 200],
  ['file', (name) => createFileLedger(join(folder, name, 'ledger.jsonl'), { rewriteAtBytes: 5_000 }), 40],
  ['IndexedDB', (name) => createIdbLedger(name), 15],
])('receipts of what peers paid, in the %s ledger,', (kind, open, numRuns) => {
  const newName = (): string => `${kind}-${++files}`

  it('sum up to what the single ones do, also when it is opened again', () =>
    fc.assert(
      fc.asyncProperty(vouchers, async (receipts) => {
        const name = newName()
        let ledger = await open(name)
        for (let from = 0; from < receipts.length; from += 3) {
          await ledger.commit({ receipts: receipts.slice(from, from + 3) })
          if (kind === 'memory' || from % 30 !== 0) continue
          await ledger.close()
          ledger = await open(name)
        }
        const singles = receipts.map((receipt, id): EarnedReceipt => ({ ...receipt, id, roll: null }))
        const lines = await readLines(ledger)
        expect(sumUp(lines)).toEqual(sumUp(singles))
        const pieces = lines.filter(({ kind: of }) => of === 'earned')
        expect(pieces.length).toBe(sumUp(pieces).size)
        await ledger.close()
      }),
      { numRuns },
    ))

  it('are one line a channel, torrent and day, with its first and last time', async () => {
    const ledger = await open(newName())
    const ids: number[] = []
    for (const fields of [
      {},
      { atMs: START_MS + 5, pieceIndex: null },
      { infoHash: 'bb' },
      { channelId: '0x02' },
    ] as const)
      ids.push(...(await ledger.commit({ receipts: [voucherOf(fields)] })).map(({ id }) => id))
    ids.push(
      ...(await ledger.commit({ receipts: [voucherOf({ atMs: START_MS + 2 * HOUR_MS })] })).map(
        ({ id }) => id,
      ),
    )
    expect(ids).toEqual([1, 1, 2, 3, 4])
    expect((await readLines(ledger))[0]).toMatchObject({
      atMs: START_MS,
      amount: 10n,
      lengthBytes: 20,
      pieceIndex: null,
      roll: { vouchers: 2, pieces: 1, lastAtMs: START_MS + 5 },
    })
    await ledger.close()
  })

  it('keep a tip’s memo, but only a hundred lines a channel and day', async () => {
    const ledger = await open(newName())
    for (let i = 1; i <= 3 * TIP_LINES_PER_DAY; i++)
      await ledger.commit({ receipts: [tipOf({ memo: `${i}`, cumulative: toAmount(BigInt(5 * i)) })] })
    await ledger.commit({ receipts: [tipOf({ channelId: '0x02' })] })
    const lines = await readLines(ledger)
    expect(lines).toHaveLength(TIP_LINES_PER_DAY + 2)
    expect(lines[TIP_LINES_PER_DAY - 1]).toMatchObject({ memo: '100', amount: 5n, roll: null })
    expect(lines[TIP_LINES_PER_DAY]).toMatchObject({
      memo: null,
      amount: 1_000n,
      cumulative: 1_500n,
      roll: { vouchers: 200, pieces: 0 },
    })
    await ledger.close()
  })

  it('come in pages, newest first, of the kinds asked for', async () => {
    const ledger = await open(newName())
    for (let i = 0; i < 40; i++) {
      const atMs = START_MS + i * 12 * HOUR_MS
      await ledger.commit({ receipts: [voucherOf({ atMs }), tipOf({ atMs, memo: `${i}` })] })
    }
    const pages: (readonly Receipt[])[] = []
    for (let before: number | undefined; ; ) {
      const page = await ledger.listReceipts({
        limit: 7,
        kinds: ['tipEarned'],
        ...(before ? { before } : {}),
      })
      if (page.length === 0) break
      pages.push(page)
      before = page.at(-1)?.id
    }
    expect(pages.map(({ length }) => length)).toEqual([7, 7, 7, 7, 7, 5])
    const memos = pages.flat().map((line) => 'memo' in line && Number(line.memo))
    expect(memos).toEqual(Array.from({ length: 40 }, (_, i) => 39 - i))
    expect(await ledger.listReceipts({ limit: 0 })).toEqual([])
    await ledger.close()
  })
})
