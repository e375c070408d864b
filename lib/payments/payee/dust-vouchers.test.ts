/** Strangers that pay a base unit a voucher: what they make a seller write and remember is bounded, and an honest payer is not lost. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type SignedVoucher, voucherDigest } from '../../channels/index.ts'
import { createFaultDisk } from '../../ledger/testing/fault-disk.ts'
import { BLOCK_BYTES, toAmount, ZERO_AMOUNT } from '../../units/index.ts'
import type { LedgerStore } from '../ledger.ts'
import { createMemoryLedger } from '../ledger.ts'
import { createFileLedger } from '../ledger-file.ts'
import type { DigestSigner } from '../payer/context.ts'
import { createPayer } from '../payer/payer.ts'
import type { OfferedSeat } from '../ports.ts'
import { pieceReason, settleTasks, terms, testClock, testKey, testWallet } from '../testing/accounts.ts'
import { createLedgerChain, type LedgerChain, testNetwork } from '../testing/ledger-chain.ts'
import { createPayee } from './payee.ts'

const PAYERS = 8
const VOUCHERS = 10_000
/** What 18 decimals make of a price, as honest vouchers have it. */
const BTT = 10n ** 18n
const SELLER_FILL = 200

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-dust-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const clock = testClock()

async function openSeat(chain: LedgerChain, fill: number): Promise<{ seat: OfferedSeat; key: DigestSigner }> {
  const key = testKey(100 + fill)
  const payer = createPayer({
    bttPerTrx: ZERO_AMOUNT,
    chain,
    ledger: createMemoryLedger(),
    sessionKey: key,
    clock,
    random: (lengthBytes) => new Uint8Array(lengthBytes).fill(fill),
  })
  await payer.restore()
  const seller = { payee: testKey(SELLER_FILL).address, delegate: testKey(SELLER_FILL + 1).address }
  payer.offerSeller(terms(seller.payee, seller.delegate, BTT))
  await payer.start({
    budget: toAmount(10_000n * BTT),
    maxAskPerMiB: toAmount(BTT),
    torrents: [],
    wallet: testWallet(fill, true),
  })
  await settleTasks()
  const seat = payer.getSeat(seller)
  if (!seat) throw new Error('no seat')
  return { seat, key }
}

async function voucherOf(seat: OfferedSeat, key: DigestSigner, cumulative: bigint): Promise<SignedVoucher> {
  const unsigned = { channelId: seat.channelId, payee: seat.leaf.payee, cumulative: toAmount(cumulative) }
  return { ...unsigned, signature: await key.sign(voucherDigest(unsigned, testNetwork)) }
}

const openSeller = (chain: LedgerChain, ledger: LedgerStore) =>
  createPayee({
    chain,
    ledger,
    payee: testKey(SELLER_FILL).address,
    delegateKey: testKey(SELLER_FILL + 1),
    clock,
  })

it(`${VOUCHERS} vouchers of dust cost less than 350 bytes each, few syncs, and a line a channel`, async () => {
  const fills = Array.from({ length: PAYERS }, (_, i) => i + 1)
  const chain = createLedgerChain(new Map(fills.map((fill) => [testKey(fill).address, 10_000n * BTT])))
  const path = join(folder, 'data', 'ledger.jsonl')
  const disk = createFaultDisk()
  const ledger = await createFileLedger(path, { disk })
  const seller = openSeller(chain, ledger)
  const seats = await Promise.all(fills.map((fill) => openSeat(chain, fill)))
  for (const { seat } of seats) expect(await seller.acceptSeat(seat)).toMatchObject({ status: 'accepted' })
  const before = { bytes: (await stat(path)).size, syncs: disk.syncs }

  const [honest, ...strangers] = seats
  if (!honest) throw new Error('no payer')
  const each = Math.ceil(VOUCHERS / strangers.length)
  const flood = strangers.map(async ({ seat, key }) => {
    // Figures as long as honest ones: the first voucher is a price.
    for (let i = 0; i < each; i++) {
      const voucher = await voucherOf(seat, key, BTT + BigInt(i))
      const taken = await seller.acceptVoucher(voucher, pieceReason(i, BLOCK_BYTES))
      if (taken.status !== 'accepted') throw new Error(taken.code)
    }
  })
  const pay = async (): Promise<void> => {
    for (let i = 1; i <= 50; i++) {
      const voucher = await voucherOf(honest.seat, honest.key, BigInt(i) * BTT)
      const taken = await seller.acceptVoucher(voucher, pieceReason(i))
      expect(taken).toEqual({ status: 'accepted', delta: BTT, cumulative: BigInt(i) * BTT })
    }
  }
  await Promise.all([...flood, pay()])

  const commits = strangers.length * each + 50
  const bytes = (await stat(path)).size - before.bytes
  const syncs = disk.syncs - before.syncs
  console.log(`${commits} vouchers: ${bytes} bytes, ${bytes / commits} each, ${syncs} syncs`)
  expect(bytes).toBeLessThan(4_000_000)
  expect(bytes / commits).toBeLessThan(350)
  expect(syncs).toBeLessThan(commits / 2)
  expect(await ledger.listReceipts({ limit: VOUCHERS })).toHaveLength(PAYERS)
  await ledger.close()

  const reopened = await createFileLedger(path)
  const reborn = openSeller(chain, reopened)
  await reborn.restore()
  const dust = BTT + BigInt(each - 1)
  expect(reborn.getTotals()).toMatchObject({
    earned: 50n * BTT + BigInt(strangers.length) * dust,
    payers: PAYERS,
  })
  const records = await reopened.list('payeeSeats')
  const voucherIn = ({ seat }: { seat: OfferedSeat }) =>
    records.find((record) => record.seat.channelId === seat.channelId)?.voucher?.cumulative
  expect(voucherIn(honest)).toBe(50n * BTT)
  for (const stranger of strangers) expect(voucherIn(stranger)).toBe(dust)
  const lines = await reopened.listReceipts({ limit: VOUCHERS, kinds: ['earned'] })
  expect(lines.map((line) => 'roll' in line && line.roll?.vouchers).sort()).toEqual(
    [50, ...strangers.map(() => each)].sort(),
  )
  await reopened.close()
  expect(await readdir(join(folder, 'data'))).toEqual(['ledger.jsonl'])
}, 180_000)
