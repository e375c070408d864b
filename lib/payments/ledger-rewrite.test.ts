/** A file ledger that is rewritten while commits go on, and what is left of it when it dies at any call to the disk. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { historyPath } from '../ledger/file.ts'
import type { Receipt } from '../ledger/index.ts'
import { createFaultDisk } from '../ledger/testing/fault-disk.ts'
import { sumTotals } from '../ledger/totals.ts'
import { addressFromBytes } from '../tron/index.ts'
import { toAmount } from '../units/index.ts'
import type { LedgerBatch, LedgerStore } from './ledger.ts'
import { createFileLedger } from './ledger-file.ts'

const payer = addressFromBytes(new Uint8Array(20).fill(7))
const DAY_MS = 86_400_000
const REWRITE_AT_BYTES = 6_000
const SEATS = 3
const COMMITS = 90

let folder: string
let files = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-rewrite-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const newPath = (): string => join(folder, `${++files}`, 'ledger.jsonl')

/** Says the same thing three times: in a table, in a line of its own, and in a roll. Days go by, so rolls end. */
function batchOf(i: number): LedgerBatch {
  const atMs = 1_700_000_000_000 + Math.floor(i / 15) * DAY_MS
  const amount = toAmount(BigInt(i))
  return {
    puts: [
      {
        table: 'payerSeats',
        key: `seat ${i % SEATS}`,
        value: {
          channelId: '0x01',
          payee: payer,
          delegate: payer,
          cap: amount,
          state: { status: 'planned' },
        },
      },
    ],
    receipts: [
      { kind: 'redeem', atMs, channelId: null, amount, txId: '0x02', feeSun: 1n as never },
      {
        ...{ kind: 'earned', atMs, channelId: '0x01', payer, amount, cumulative: amount, infoHash: 'ab' },
        ...{ torrentName: 'Füm', pieceIndex: i, lengthBytes: 10, memo: null },
      },
    ],
  }
}

/** The last commit that is in it; throws unless all before are too, whole and once. */
async function readLast(ledger: LedgerStore): Promise<number> {
  const lines: Receipt[] = []
  for await (const line of ledger.eachReceipt()) lines.push(line)
  expect(await ledger.getTotals()).toEqual(sumTotals({}, lines))
  const redeemed = lines.filter(({ kind }) => kind === 'redeem').map(({ amount }) => Number(amount))
  expect(redeemed).toEqual(redeemed.map((_, i) => i + 1))
  const last = redeemed.length
  const rolls = lines.flatMap((line) => ('roll' in line && line.roll ? [{ ...line, ...line.roll }] : []))
  expect(rolls.reduce((sum, { amount }) => sum + amount, 0n)).toBe(BigInt((last * (last + 1)) / 2))
  expect(rolls.reduce((sum, { vouchers }) => sum + vouchers, 0)).toBe(last)
  expect(rolls.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0)).toBe(10 * last)
  expect(rolls.length).toBeLessThanOrEqual(Math.floor(last / 15) + 1)
  const caps = (await ledger.list('payerSeats')).map(({ cap }) => Number(cap)).sort((a, b) => a - b)
  expect(caps).toEqual([last - 2, last - 1, last].filter((one) => one > 0))
  const ids = lines.map(({ id }) => id)
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
  // The same lines, page by page.
  const paged: number[] = []
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const page = await ledger.listReceipts({ before, limit: 7 })
    paged.push(...page.map(({ id }) => id))
    if (page.length < 7) break
    before = page.at(-1)?.id ?? 0
  }
  expect(paged).toEqual(ids.toReversed())
  return last
}

/** Commits 1 to COMMITS, three at a time; returns the last that was acknowledged, at a failure too. */
async function commitAll(ledger: LedgerStore, from: number): Promise<number> {
  let acknowledged = from - 1
  for (let i = from; i <= COMMITS; i += 3) {
    const three = [i, i + 1, i + 2].filter((one) => one <= COMMITS)
    const results = await Promise.allSettled(
      three.map(async (one) => {
        await ledger.commit(batchOf(one))
        acknowledged = one
      }),
    )
    if (results.some(({ status }) => status === 'rejected')) return acknowledged
  }
  return acknowledged
}

const open = (path: string, disk = createFaultDisk()) =>
  createFileLedger(path, { disk, rewriteAtBytes: REWRITE_AT_BYTES })

it('stays small, keeps every receipt, and numbers on', async () => {
  const path = newPath()
  const disk = createFaultDisk()
  const ledger = await open(path, disk)
  expect(await commitAll(ledger, 1)).toBe(COMMITS)
  expect(await readLast(ledger)).toBe(COMMITS)
  await ledger.close()
  const [file, history] = await Promise.all([stat(path), stat(historyPath(path))])
  // 90 commits of 300 bytes and more.
  expect(file.size).toBeLessThan(REWRITE_AT_BYTES + 2_500)
  expect(history.size).toBeGreaterThan(5_000)
  expect((await readdir(join(path, '..'))).sort()).toEqual(['ledger.jsonl', 'ledger.receipts.jsonl'])
  const again = await open(path)
  expect(await readLast(again)).toBe(COMMITS)
  expect(await again.commit(batchOf(COMMITS + 1))).toMatchObject([{ amount: 91n }, { amount: 91n }])
  expect(await readLast(again)).toBe(COMMITS + 1)
  await again.close()
})

it('writes commits that wait as one group with one sync', async () => {
  const disk = createFaultDisk()
  const ledger = await createFileLedger(newPath(), { disk })
  const before = disk.syncs
  await Promise.all(Array.from({ length: COMMITS }, (_, i) => ledger.commit(batchOf(i + 1))))
  expect(disk.syncs - before).toBe(1)
  expect(await readLast(ledger)).toBe(COMMITS)
  await ledger.close()
})

it('fails a group whole, and everything after it', async () => {
  const disk = createFaultDisk()
  const path = newPath()
  const ledger = await createFileLedger(path, { disk })
  await ledger.commit(batchOf(1))
  disk.dieAt(disk.calls + 2)
  const group = await Promise.allSettled([2, 3].map((i) => ledger.commit(batchOf(i))))
  for (const { status } of group) expect(status).toBe('rejected')
  await expect(ledger.commit(batchOf(4))).rejects.toMatchObject({
    name: 'StorageError',
    code: 'ledger-write',
  })
  expect(await readLast(ledger)).toBe(1)
  await ledger.close()
})

it('goes on with the old file where a new one cannot be written', async () => {
  const path = newPath()
  const disk = createFaultDisk()
  const full = {
    ...disk,
    open: async (name: string, flags: 'a+' | 'w+') => {
      if (flags === 'w+') throw new Error('no space')
      return disk.open(name, flags)
    },
  }
  const ledger = await createFileLedger(path, { disk: full, rewriteAtBytes: REWRITE_AT_BYTES })
  expect(await commitAll(ledger, 1)).toBe(COMMITS)
  expect(await readLast(ledger)).toBe(COMMITS)
  await ledger.close()
  const again = await open(path)
  expect(await readLast(again)).toBe(COMMITS)
  await again.close()
})

describe.each(['kill', 'power cut'] as const)('a %s at any call to the disk', (death) => {
  it('loses nothing that was acknowledged, and nothing in part', async () => {
    let deaths = 0
    for (let call = 2; ; call++) {
      const path = newPath()
      const disk = createFaultDisk()
      disk.dieAt(call)
      const ledger = await open(path, disk).catch(() => null)
      const acknowledged = ledger ? await commitAll(ledger, 1) : 0
      await ledger?.close()
      const isAlive = acknowledged === COMMITS && disk.calls < call
      if (death === 'power cut' && !isAlive) await disk.cutPower()

      const reborn = await open(path)
      const last = await readLast(reborn)
      expect(last).toBeGreaterThanOrEqual(acknowledged)
      expect(last).toBeLessThanOrEqual(acknowledged + 3)
      expect(await commitAll(reborn, last + 1)).toBe(COMMITS)
      expect(await readLast(reborn)).toBe(COMMITS)
      await reborn.close()
      if (isAlive) break
      deaths += 1
    }
    expect(deaths).toBeGreaterThan(60)
  }, 120_000)
})

it('refuses a history that is shorter than the ledger says, and one whose ledger is gone', async () => {
  const path = newPath()
  const ledger = await open(path)
  await commitAll(ledger, 1)
  await ledger.close()
  await rm(path)
  await expect(open(path)).rejects.toMatchObject({ code: 'ledger-damaged' })
  const other = newPath()
  const second = await open(other)
  await commitAll(second, 1)
  await second.close()
  await rm(historyPath(other))
  await expect(open(other)).rejects.toMatchObject({ code: 'ledger-damaged' })
})
