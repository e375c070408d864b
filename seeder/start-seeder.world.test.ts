import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Devnet, deployContracts, startDevnet } from '../devnet/index.ts'
import { connectChain } from '../lib/channels/index.ts'
import { createExchange } from '../lib/exchange/index.ts'
import { createMemoryLedger, createPayer } from '../lib/payments/index.ts'
import { createDiskEngine, type DiskEngine } from '../lib/torrent/disk/index.ts'
import { addressOfPrivateKey, type Network, signDigest } from '../lib/tron/index.ts'
import { toAmount, toFeeSun, ZERO_AMOUNT } from '../lib/units/index.ts'
import { createKeySigner } from '../lib/wallet/key-signer.ts'
import { startTracker } from '../tracker/tracker.ts'
import { DEFAULT_RELAY_BUDGETS } from './relay-policy.ts'
import { type Seeder, startSeeder } from './start-seeder.ts'

const BTT = 10n ** 18n
const FILE_BYTES = 6 * 1_048_576 + 777
const closers: (() => Promise<void>)[] = []
let devnet: Devnet
let network: Network
let trackerUrl: string
let folder: string

beforeEach(async () => {
  devnet = await startDevnet()
  closers.push(() => devnet.stop())
  network = devnet.toNetwork(await deployContracts(devnet))
  const tracker = await startTracker({ port: 0, host: '127.0.0.1' })
  closers.push(() => tracker.stop())
  trackerUrl = tracker.url
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-seeder-'))
  closers.push(() => rm(folder, { recursive: true, force: true }))
  const { seeder, viewer } = devnet.accounts
  await devnet.fundAccount(seeder.address, { trxSun: toFeeSun(5_000_000_000n), bttAmount: toAmount(0n) })
  await devnet.fundAccount(viewer.address, {
    trxSun: toFeeSun(5_000_000_000n),
    bttAmount: toAmount(1_000n * BTT),
  })
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function makeSeeder(dataDir: string | null): Promise<Seeder> {
  const path = join(folder, 'film.bin')
  await writeFile(path, randomBytes(FILE_BYTES))
  const seeder = await startSeeder({
    network,
    trackers: [trackerUrl],
    paths: [path],
    wallet: createKeySigner(devnet.accounts.seeder.privateKey),
    askPerMiB: toAmount(10n * BTT),
    freeAllowanceBytes: 65_536,
    freeBytesPerSec: 16_384,
    dataDir,
  })
  closers.push(() => seeder.stop())
  return seeder
}

async function makeBuyer() {
  const sessionKey = randomBytes(32)
  const chain = await connectChain(network)
  const wallet = { ...createKeySigner(devnet.accounts.viewer.privateKey), canSignSilently: true }
  const ledger = createMemoryLedger()
  const payer = createPayer({
    bttPerTrx: ZERO_AMOUNT,
    chain,
    ledger,
    sessionKey: {
      address: addressOfPrivateKey(sessionKey),
      sign: async (digest) => signDigest(sessionKey, digest),
    },
  })
  await payer.restore()
  const exchange = createExchange({
    domain: network,
    payer,
    payee: null,
    selling: null,
    torrentName: () => 'film.bin',
  })
  const engine: DiskEngine = await createDiskEngine({
    path: join(folder, 'buyer'),
    trackers: [trackerUrl],
    iceServers: [],
    extensions: [exchange.extension],
    upload: { enabled: true, maxBytesPerSec: null },
  })
  closers.push(() => engine.destroy())
  return { chain, wallet, ledger, payer, exchange, engine }
}

test('a leecher found over the tracker pays a seeder for its pieces, tips and settles to the base unit', async () => {
  const seeder = await makeSeeder(null)
  const { chain, wallet, ledger, payer, exchange, engine } = await makeBuyer()
  const infoHash = seeder.infoHashes[0] ?? ''
  await engine.add({ kind: 'infoHash', infoHash })
  const snapshot = () => engine.getSnapshot(infoHash)
  const money = () => exchange.getPeerMoney(snapshot()?.peers[0]?.peerKey ?? ('' as never))
  await expect.poll(() => money().status, { timeout: 10_000 }).toBe('quoted')

  await payer.start({
    budget: toAmount(200n * BTT),
    maxAskPerMiB: toAmount(10n * BTT),
    torrents: [infoHash],
    wallet,
  })
  await expect.poll(() => snapshot()?.state.status, { timeout: 20_000 }).toBe('seeding')
  const peerKey = snapshot()?.peers[0]?.peerKey
  if (!peerKey) throw new Error('the seeder is gone')
  expect(await exchange.tip(peerKey, toAmount(3n * BTT), 'well done')).toEqual({ status: 'sent' })

  let spent = 0n
  for await (const { amount } of ledger.eachReceipt({ kinds: ['piece', 'tip'] })) spent += amount
  await expect.poll(() => seeder.getStatus().earned).toBe(spent)
  expect(spent).toBeGreaterThan(40n * BTT)

  const outcome = await payer.settle({
    wallet,
    collectReleases: (channelIds) => exchange.collectReleases(channelIds, 5_000),
  })
  expect(outcome).toMatchObject({ status: 'settled', summary: { paid: spent } })
  expect(await chain.getBttBalance(seeder.payee)).toBe(spent)
  expect(await chain.getBttBalance(wallet.address)).toBe(1_000n * BTT - spent)
})

test('redeems what it earned, also after a restart', async () => {
  const dataDir = join(folder, 'ledger')
  const first = await makeSeeder(dataDir)
  const { chain, wallet, payer, exchange, engine } = await makeBuyer()
  const infoHash = first.infoHashes[0] ?? ''
  await engine.add({ kind: 'infoHash', infoHash })
  const peerKey = () => engine.getSnapshot(infoHash)?.peers[0]?.peerKey ?? ('' as never)
  await expect.poll(() => exchange.getPeerMoney(peerKey()).status, { timeout: 10_000 }).toBe('quoted')
  await payer.start({
    budget: toAmount(200n * BTT),
    maxAskPerMiB: toAmount(10n * BTT),
    torrents: [infoHash],
    wallet,
  })
  await expect.poll(() => first.getStatus().earned, { timeout: 20_000 }).toBeGreaterThan(20n * BTT)
  await engine.destroy()
  await first.stop()
  const { earned } = first.getStatus()

  const second = await startSeeder({
    network,
    trackers: [],
    wallet: createKeySigner(devnet.accounts.seeder.privateKey),
    askPerMiB: toAmount(10n * BTT),
    freeAllowanceBytes: 0,
    freeBytesPerSec: 0,
    dataDir,
  })
  closers.push(() => second.stop())
  expect(second.getStatus()).toMatchObject({ earned, redeemable: earned })
  await second.redeemNow()
  expect(await chain.getBttBalance(second.payee)).toBe(earned)
  expect(second.getStatus().redeemable).toBe(0n)
})

test('promises to open channels only where it is told to and knows what a fee is worth', async () => {
  const promise = async (terms: Partial<Parameters<typeof startSeeder>[0]>) => {
    const seeder = await startSeeder({
      network,
      trackers: [],
      wallet: createKeySigner(devnet.accounts.seeder.privateKey),
      askPerMiB: toAmount(BTT),
      freeAllowanceBytes: 0,
      freeBytesPerSec: 0,
      dataDir: null,
      ...terms,
    })
    const { relayFrom } = seeder.getStatus()
    await seeder.stop()
    return relayFrom
  }
  const bttPerTrx = toAmount(500_000n * BTT)
  expect(await promise({})).toBeNull()
  expect(await promise({ bttPerTrx })).toBeNull()
  expect(await promise({ relay: DEFAULT_RELAY_BUDGETS })).toBeNull()
  // Twenty times 5.1 TRX.
  expect(await promise({ relay: DEFAULT_RELAY_BUDGETS, bttPerTrx })).toBe(51_000_000n * BTT)
  const spent = { ...DEFAULT_RELAY_BUDGETS, inAllSun: toFeeSun(0n) }
  expect(await promise({ relay: spent, bttPerTrx })).toBeNull()
})
