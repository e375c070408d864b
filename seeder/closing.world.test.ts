import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Devnet, deployContracts, startDevnet } from '../devnet/index.ts'
import { systemClock } from '../lib/base/index.ts'
import { type Chain, connectChain } from '../lib/channels/index.ts'
import { createMemoryLedger, createPayee, createPayer, type PayerAccount } from '../lib/payments/index.ts'
import { createFileLedger } from '../lib/payments/ledger-file.ts'
import { INFO_HASH, MIB, pieceReason, testKey } from '../lib/payments/testing/accounts.ts'
import { addressOfPrivateKey, type Network, signDigest } from '../lib/tron/index.ts'
import { toAmount, toFeeSun, ZERO_AMOUNT } from '../lib/units/index.ts'
import { createKeySigner } from '../lib/wallet/key-signer.ts'
import { createRedeemer } from './redeemer.ts'
import { startSeeder } from './start-seeder.ts'

const BTT = 10n ** 18n
const ASK = toAmount(10n * BTT)
/** Far from being worth a redemption by itself. */
const PRICE = toAmount(40n * BTT)

let devnet: Devnet
let network: Network
let chain: Chain
let folder: string
/** How far the chain's time was moved. */
let offsetMs = 0

beforeAll(async () => {
  devnet = await startDevnet()
  network = devnet.toNetwork(await deployContracts(devnet))
  chain = await connectChain(network)
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-closing-'))
  const { viewer, alice, bob, seeder } = devnet.accounts
  for (const { address } of [viewer, alice, bob, seeder]) {
    const bttAmount = toAmount(address === viewer.address ? 10_000n * BTT : 0n)
    await devnet.fundAccount(address, { trxSun: toFeeSun(5_000_000_000n), bttAmount })
  }
})
afterAll(async () => {
  await devnet?.stop()
  await rm(folder, { recursive: true, force: true })
})

const keyOf = (privateKey: Uint8Array) => ({
  address: addressOfPrivateKey(privateKey),
  sign: async (digest: Uint8Array) => signDigest(privateKey, digest),
})

/** A payer with a voucher of PRICE for the account of `privateKey`, whose vouchers are in `ledger`. */
async function earn(privateKey: string, ledger = createMemoryLedger()) {
  const wallet = createKeySigner(privateKey)
  const payee = createPayee({ chain, ledger, payee: wallet.address, delegateKey: testKey(33) })
  const payer = createPayer({
    bttPerTrx: ZERO_AMOUNT,
    chain,
    ledger: createMemoryLedger(),
    sessionKey: keyOf(randomBytes(32)),
    clock: { ...systemClock, nowMs: () => Date.now() + offsetMs },
  })
  await payer.restore()
  payer.offerSeller({
    payee: payee.payee,
    delegate: payee.delegate,
    askPerMiB: ASK,
    relayFrom: null,
    deliveredBytes: 1,
  })
  const payerWallet = { ...createKeySigner(devnet.accounts.viewer.privateKey), canSignSilently: true }
  await payer.start({
    budget: toAmount(400n * BTT),
    maxAskPerMiB: ASK,
    torrents: [INFO_HASH],
    wallet: payerWallet,
  })
  const seat = payer.getSeat(payee)
  if (!seat) throw new Error('no seat')
  expect(await payee.acceptSeat(seat)).toMatchObject({ status: 'accepted' })
  const voucher = await payer.pay(payee, PRICE, pieceReason(0, 4 * MIB))
  if (!voucher) throw new Error('no voucher')
  expect(await payee.acceptVoucher(voucher, pieceReason(0, 4 * MIB))).toMatchObject({ status: 'accepted' })
  return { wallet, payee, payer, payerWallet, channelId: seat.channelId }
}

async function closeWithoutReleases(
  payer: PayerAccount,
  wallet: Parameters<PayerAccount['settle']>[0]['wallet'],
) {
  expect(await payer.settle({ wallet, collectReleases: async () => undefined })).toMatchObject({
    status: 'closing',
  })
}

function makeRedeemer(
  { wallet, payee }: Pick<Awaited<ReturnType<typeof earn>>, 'wallet' | 'payee'>,
  bttPerTrx: bigint,
) {
  const events: string[] = []
  const redeemer = createRedeemer({
    chain,
    payee,
    wallet,
    policy: {
      redeemAt: toAmount(1_000n * BTT),
      floor: toAmount(5_000_000n * BTT),
      feeMultiple: 20,
      bttPerTrx: toAmount(bttPerTrx),
    },
    log: ({ event }) => void events.push(event),
  })
  redeemer.stop()
  return { redeemer, events }
}

test('what is not worth its fee waits, until its channel closes', async () => {
  const world = await earn(devnet.accounts.alice.privateKey)
  const { redeemer, events } = makeRedeemer(world, BTT)
  await redeemer.look()
  expect(events).toEqual([])
  await closeWithoutReleases(world.payer, world.payerWallet)
  await redeemer.look()
  expect(events).toEqual(['closing', 'redeemed'])
  expect(await chain.getSeat(world.channelId, world.payee.payee)).toMatchObject({ claimed: PRICE })
  await redeemer.look()
  expect(events).toEqual(['closing', 'redeemed'])
})

test('a released seat is redeemed too when its channel closes: the payer may settle without the release', async () => {
  const world = await earn(devnet.accounts.alice.privateKey)
  const { redeemer } = makeRedeemer(world, BTT)
  await world.payee.release(world.channelId)
  await closeWithoutReleases(world.payer, world.payerWallet)
  await redeemer.look()
  expect(await chain.getSeat(world.channelId, world.payee.payee)).toMatchObject({ claimed: PRICE })
})

test('a closing channel that brings less than the fee is let go', async () => {
  const world = await earn(devnet.accounts.alice.privateKey)
  const { redeemer, events } = makeRedeemer(world, 1_000n * BTT)
  await closeWithoutReleases(world.payer, world.payerWallet)
  await redeemer.look()
  expect(events).toEqual(['closing'])
  expect(await chain.getSeat(world.channelId, world.payee.payee)).toMatchObject({ claimed: 0n })
})

test('a seeder that was down when the closing began redeems at its start, and the settlement adds up', async () => {
  const dataDir = join(folder, 'seeder')
  const ledger = await createFileLedger(join(dataDir, 'ledger.jsonl'))
  const { seeder } = devnet.accounts
  const { payer, payerWallet, channelId, payee } = await earn(seeder.privateKey, ledger)
  await ledger.close()
  await closeWithoutReleases(payer, payerWallet)

  const film = join(folder, 'film.bin')
  await writeFile(film, randomBytes(100_000))
  const started = await startSeeder({
    network,
    trackers: [],
    paths: [film],
    wallet: createKeySigner(seeder.privateKey),
    askPerMiB: ASK,
    freeAllowanceBytes: 0,
    freeBytesPerSec: 0,
    dataDir,
    bttPerTrx: toAmount(BTT),
  })
  await expect
    .poll(() => chain.getSeat(channelId, payee.payee), { timeout: 10_000 })
    .toMatchObject({ claimed: PRICE })
  await started.stop()

  await devnet.advance(7 * 86_400)
  offsetMs += 7 * 86_400_000
  expect(await payer.finish({ wallet: payerWallet })).toMatchObject({
    status: 'settled',
    summary: { funded: 400n * BTT, paid: PRICE, refunded: 400n * BTT - PRICE },
  })
})
