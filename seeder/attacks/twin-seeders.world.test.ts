import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPayee, type OfferedSeat, type PayeeAccount } from '../../lib/payments/index.ts'
import { createFileLedger } from '../../lib/payments/ledger-file.ts'
import { pieceReason } from '../../lib/payments/testing/accounts.ts'
import type { Stranger } from '../../lib/payments/testing/stranger.ts'
import { toAmount } from '../../lib/units/index.ts'
import { createPageKey } from '../../lib/wallet/index.ts'
import { createKeySigner } from '../../lib/wallet/key-signer.ts'
import { openDelegateKey } from '../delegate-key.ts'
import { type Seeder, startSeeder } from '../start-seeder.ts'
import { makeBuyer } from '../testing/buyer.ts'
import { BTT, type MoneyWorld, startMoneyWorld } from '../testing/money-world.ts'

const ASK = 10n * BTT
const FILE_BYTES = 2 * 1_048_576
const PRICE = 20n * BTT

let world: MoneyWorld
let folder: string
let privateKey: string
const closers: (() => Promise<void>)[] = []

beforeAll(async () => {
  world = await startMoneyWorld()
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-twins-'))
  privateKey = (await world.makeAccount({ trx: 1_000n, btt: 0n })).privateKey
  await writeFile(join(folder, 'film.bin'), randomBytes(FILE_BYTES))
})
afterAll(async () => {
  for (const close of closers.reverse()) await close()
  await world?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** One account's seeder over a data folder of its own. */
async function makeTwin(name: string): Promise<Seeder> {
  const seeder = await startSeeder({
    network: world.network,
    trackers: [],
    paths: [join(folder, 'film.bin')],
    wallet: createKeySigner(privateKey),
    askPerMiB: toAmount(ASK),
    freeAllowanceBytes: 0,
    freeBytesPerSec: 0,
    dataDir: join(folder, name),
  })
  closers.push(() => seeder.stop())
  return seeder
}

/** What a seeder's own account says, over the same data folder. */
async function openAccount(name: string): Promise<PayeeAccount> {
  const ledger = await createFileLedger(join(folder, name, 'ledger.jsonl'))
  closers.push(() => ledger.close())
  const payee = createPayee({
    chain: world.chain,
    ledger,
    payee: createKeySigner(privateKey).address,
    delegateKey: createPageKey(await openDelegateKey(join(folder, name, 'delegate.key'))),
  })
  await payee.restore()
  return payee
}

test('one voucher counts at one of two seeders of one key, and the other refuses seat and voucher', async () => {
  const [first, second] = [await openAccount('one'), await openAccount('two')]
  expect(second.payee).toBe(first.payee)
  expect(second.delegate).not.toBe(first.delegate)
  const payer = await world.makePayer(100n)
  const seat = await payer.offer(first, toAmount(40n * BTT))
  await payer.open(seat)
  const voucher = await payer.promise(seat, toAmount(7n * BTT))

  // The thief buys from one with what it then shows to the other.
  expect(await first.acceptSeat(seat)).toMatchObject({ status: 'accepted' })
  expect(await first.acceptVoucher(voucher, pieceReason(0))).toMatchObject({ status: 'accepted' })
  expect(await second.acceptSeat(seat)).toEqual({ status: 'refused', code: 'wrong-payee' })
  const forged: OfferedSeat = { ...seat, leaf: { ...seat.leaf, delegate: second.delegate } }
  expect(await second.acceptSeat(forged)).toEqual({ status: 'refused', code: 'bad-proof' })
  expect(await second.acceptVoucher(voucher, pieceReason(0))).toMatchObject({
    status: 'refused',
    code: 'not-open',
  })
  expect(await second.release(seat.channelId)).toBeNull()
  expect(second.getTotals()).toMatchObject({ earned: 0n, redeemable: 0n })

  // An honest buyer has a channel for each, and each is paid by its own.
  const honest = await world.makePayer(100n)
  const [a, b] = [await pay(honest, first, 5n), await pay(honest, second, 6n)]
  expect(a.channelId).not.toBe(b.channelId)
  const wallet = createKeySigner(privateKey)
  const before = await world.chain.getBttBalance(wallet.address)
  expect((await first.redeem(wallet)).map(({ amount }) => amount)).toEqual([12n * BTT])
  expect((await second.redeem(wallet)).map(({ amount }) => amount)).toEqual([6n * BTT])
  expect((await world.chain.getBttBalance(wallet.address)) - before).toBe(18n * BTT)
})

async function pay(payer: Stranger, payee: PayeeAccount, btt: bigint): Promise<OfferedSeat> {
  const seat = await payer.offer(payee, toAmount(10n * BTT))
  await payer.open(seat)
  expect(await payee.acceptSeat(seat)).toMatchObject({ status: 'accepted' })
  const voucher = await payer.promise(seat, toAmount(btt * BTT))
  expect(await payee.acceptVoucher(voucher, pieceReason(0))).toMatchObject({ status: 'accepted' })
  return seat
}

test('two running seeders of one key each sell a whole file and are each paid for it', async () => {
  const before = await world.chain.getBttBalance(createKeySigner(privateKey).address)
  for (const name of ['three', 'four']) {
    const seeder = await makeTwin(name)
    const torrentFile = seeder.getTorrentFile(seeder.infoHashes[0] ?? '') ?? new Uint8Array()
    const { privateKey: buyerKey } = await world.makeAccount({ trx: 1_000n, btt: 100n })
    const buyer = await makeBuyer({
      network: world.network,
      privateKey: buyerKey,
      torrentFile,
      path: join(folder, `buyer-${name}`),
      maxAskPerMiB: ASK,
    })
    closers.push(() => buyer.engine.destroy())
    await buyer.start(seeder.port, 60n * BTT)
    await expect.poll(() => buyer.isDone(), { timeout: 60_000 }).toBe(true)
    await expect.poll(() => seeder.getStatus().earned, { timeout: 10_000 }).toBe(PRICE)
    expect((await seeder.redeemNow()).map(({ amount }) => amount)).toEqual([PRICE])
  }
  const after = await world.chain.getBttBalance(createKeySigner(privateKey).address)
  expect(after - before).toBe(2n * PRICE)
}, 150_000)
