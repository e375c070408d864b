import { randomBytes } from 'node:crypto'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Devnet, deployContracts, startDevnet } from '../devnet/index.ts'
import { connectChain } from '../lib/channels/index.ts'
import { createFileLedger } from '../lib/payments/ledger-file.ts'
import type { Network } from '../lib/tron/index.ts'
import { toAmount, toFeeSun } from '../lib/units/index.ts'
import { type Buyer, makeBuyer } from './testing/buyer.ts'
import { type ProgramRun, runSeeder } from './testing/run-seeder.ts'

const BTT = 10n ** 18n
const ASK = 10n * BTT
const BUDGET = 200n * BTT
/** 24 pieces of 256 KiB. */
const FILE_BYTES = 6 * 1_048_576
const closers: (() => Promise<void>)[] = []
let devnet: Devnet
let network: Network
let folder: string
let config: string

beforeEach(async () => {
  devnet = await startDevnet()
  closers.push(() => devnet.stop())
  network = devnet.toNetwork(await deployContracts(devnet))
  const { seeder, viewer } = devnet.accounts
  const trxSun = toFeeSun(5_000_000_000n)
  await devnet.fundAccount(seeder.address, { trxSun, bttAmount: toAmount(0n) })
  await devnet.fundAccount(viewer.address, { trxSun, bttAmount: toAmount(BUDGET) })
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-kill-'))
  closers.push(() => rm(folder, { recursive: true, force: true }))
  config = join(folder, 'config.json')
  await writeFile(config, JSON.stringify({ network, trackers: [], iceServers: [], demos: [] }))
  await writeFile(join(folder, 'film.bin'), randomBytes(FILE_BYTES))
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Slow enough that it is in the middle of its sales when it is killed. */
function startProgram(command?: readonly [string, ...string[]], more: readonly string[] = []): ProgramRun {
  const args = [
    ...more,
    join(folder, 'film.bin'),
    ...['--config', config, '--data', join(folder, 'data'), '--ask', '10'],
    ...['--free', '0', '--free-rate', '0', '--upload-cap', '1500000'],
  ]
  const program = runSeeder(args, { PIECEMEAL_SEEDER_KEY: devnet.accounts.seeder.privateKey }, command)
  closers.push(async () => {
    program.child.kill('SIGKILL')
    await program.ended
  })
  return program
}

async function makeFilmBuyer(program: ProgramRun): Promise<Buyer> {
  const { torrentFile } = await program.event('seeding')
  const buyer = await makeBuyer({
    network,
    privateKey: devnet.accounts.viewer.privateKey,
    torrentFile: await readFile(String(torrentFile)),
    path: join(folder, 'buyer'),
    maxAskPerMiB: ASK,
  })
  closers.push(() => buyer.engine.destroy())
  return buyer
}

const portOf = async (program: ProgramRun): Promise<number> => Number((await program.event('started')).port)

/** The highest voucher on the seeder's disk, read from a copy: it may be running. */
async function readVoucher(): Promise<bigint> {
  const copy = join(folder, 'copy.jsonl')
  await copyFile(join(folder, 'data', 'ledger.jsonl'), copy)
  const ledger = await createFileLedger(copy)
  const seats = await ledger.list('payeeSeats')
  await ledger.close()
  return seats.reduce((sum, { voucher }) => sum + (voucher?.cumulative ?? 0n), 0n)
}

describe('kill -9 while vouchers flow', () => {
  test('loses no voucher that was acknowledged, and the sale goes on to the last base unit', async () => {
    let program = startProgram()
    const buyer = await makeFilmBuyer(program)
    let enough = buyer.moreAcks(4)
    await buyer.start(await portOf(program), BUDGET)
    for (let kill = 1; kill <= 3; kill++) {
      await enough
      program.child.kill('SIGKILL')
      await program.ended
      expect(buyer.isDone()).toBe(false)
      const kept = await readVoucher()
      expect(kept).toBeGreaterThanOrEqual(buyer.acknowledged())
      expect(kept).toBeLessThanOrEqual(await buyer.spent())
      program = startProgram()
      enough = buyer.moreAcks(3)
      buyer.engine.addPeer(buyer.infoHash, `127.0.0.1:${await portOf(program)}`)
    }
    await expect.poll(buyer.isDone, { timeout: 40_000 }).toBe(true)
    await expect.poll(buyer.acknowledged, { timeout: 10_000 }).toBe(await buyer.spent())
    const spent = await buyer.spent()
    expect(await readVoucher()).toBe(spent)

    const outcome = await buyer.payer.settle({
      wallet: buyer.wallet,
      collectReleases: (channelIds) => buyer.exchange.collectReleases(channelIds, 5_000),
    })
    expect(outcome).toMatchObject({ status: 'settled', summary: { paid: spent } })
    expect(await (await connectChain(network)).getBttBalance(devnet.accounts.seeder.address)).toBe(spent)
  }, 150_000)
})

describe('a disk that takes no more', () => {
  test('ends the seeder with one plain sentence, and what was acknowledged is kept', async () => {
    // 4 KiB for each file that the program writes: the log of vouchers is over it after some of them.
    const script = `ulimit -f 4; exec "${process.execPath}" --disable-warning=ExperimentalWarning seeder/main.ts "$@"`
    const program = startProgram(['bash', '-c', script, 'seeder'])
    const buyer = await makeFilmBuyer(program)
    await buyer.start(await portOf(program), BUDGET)
    expect(await program.ended).toBe(5)
    expect(program.errors()).toMatch(/^the ledger could not be written: no voucher can be taken.*\n$/)
    expect(buyer.acks()).toBeGreaterThan(0)
    expect(await readVoucher()).toBeGreaterThanOrEqual(buyer.acknowledged())
  }, 60_000)
})

describe('a stop while the chain’s node hangs', () => {
  async function sellThenHang(stopWithinSec: number): Promise<ProgramRun> {
    const program = startProgram(undefined, ['--stop-within', String(stopWithinSec), '--redeem-at', '1'])
    const buyer = await makeFilmBuyer(program)
    await buyer.start(await portOf(program), BUDGET)
    await expect.poll(buyer.acks, { timeout: 20_000, interval: 5 }).toBeGreaterThan(3)
    await buyer.engine.destroy()
    devnet.faults.add({ effect: { kind: 'delay', delayMs: 60_000 } })
    program.child.kill('SIGTERM')
    return program
  }

  test('ends with 0 at its deadline, and the vouchers wait for the next start', async () => {
    const program = await sellThenHang(1)
    expect(await program.ended).toBe(0)
    expect(program.events().map(({ event }) => event)).toContain('redeemUnfinished')
    expect(await readVoucher()).toBeGreaterThan(0n)
  }, 60_000)

  test('a second signal ends it at once', async () => {
    const program = await sellThenHang(600)
    await program.event('stopping')
    program.child.kill('SIGTERM')
    expect(await program.ended).toBe(143)
    expect(await readVoucher()).toBeGreaterThan(0n)
  }, 60_000)
})
