import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Devnet, deployContracts, startDevnet } from '../devnet/index.ts'
import { encode } from '../e2e/fixtures/tiny-payer/bencode.ts'
import { fetchAndPay, type TinyPayerOptions } from '../e2e/fixtures/tiny-payer/tiny-payer.ts'
import {
  addressOf,
  buildTree,
  channelId,
  makeNote,
  releaseDigest,
  seatProofDigest,
  sign,
  voucherDigest,
} from '../e2e/fixtures/tiny-payer/typed-data.ts'
import { agree, endorsementDigest, publicKeyOf, sealOf } from '../e2e/fixtures/tiny-payer/wire-proof.ts'
import { connectChain } from '../lib/channels/index.ts'
import { readVectors } from '../lib/exchange/testing/vectors.ts'
import type { Network } from '../lib/tron/index.ts'
import { priceOf, toAmount, toFeeSun } from '../lib/units/index.ts'
import { createKeySigner } from '../lib/wallet/key-signer.ts'
import { type Seeder, startSeeder } from './start-seeder.ts'

const BTT = 10n ** 18n
const ASK = toAmount(10n * BTT)
const FILE_BYTES = 3 * 1_048_576 + 777
const PIECE_BYTES = 65_536
const BUDGET = 100n * BTT
/** Every piece is paid, each rounded up by itself. */
const PRICE =
  BigInt(Math.floor(FILE_BYTES / PIECE_BYTES)) * priceOf(PIECE_BYTES, ASK) +
  priceOf(FILE_BYTES % PIECE_BYTES, ASK)

const closers: (() => Promise<void>)[] = []
const content = randomBytes(FILE_BYTES)
let devnet: Devnet
let network: Network
let folder: string
let seeder: Seeder
let options: TinyPayerOptions

beforeEach(async () => {
  devnet = await startDevnet()
  closers.push(() => devnet.stop())
  network = devnet.toNetwork(await deployContracts(devnet))
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-second-payer-'))
  closers.push(() => rm(folder, { recursive: true, force: true }))
  const { viewer } = devnet.accounts
  await devnet.fundAccount(viewer.address, {
    trxSun: toFeeSun(5_000_000_000n),
    bttAmount: toAmount(1_000n * BTT),
  })
  await writeFile(join(folder, 'film.bin'), content)
  seeder = await startSeeder({
    network,
    trackers: [],
    paths: [join(folder, 'film.bin')],
    wallet: createKeySigner(devnet.accounts.seeder.privateKey),
    askPerMiB: ASK,
    freeAllowanceBytes: 0,
    freeBytesPerSec: 0,
    dataDir: null,
  })
  closers.push(() => seeder.stop())
  options = {
    peer: { host: '127.0.0.1', port: seeder.port },
    infoHash: seeder.infoHashes[0] ?? '',
    ...network,
    privateKey: viewer.privateKey,
    budget: BUDGET,
    maxAskPerMiB: ASK,
    statePath: join(folder, 'payer.jsonl'),
    pieces: new Map(),
  }
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const joined = (): Buffer =>
  Buffer.concat([...options.pieces].sort(([a], [b]) => a - b).map(([, piece]) => piece))

describe('a payer written from docs/PROTOCOL.md alone', () => {
  test('fetches a file from our seeder, pays each piece, and settles to the base unit', async () => {
    const report = await fetchAndPay(options)
    expect(report).toEqual({ promised: PRICE, paidPieces: 49, isSettled: true })
    expect(joined().equals(content)).toBe(true)
    const chain = await connectChain(network)
    expect(await chain.getBttBalance(seeder.payee)).toBe(PRICE)
    expect(await chain.getBttBalance(devnet.accounts.viewer.address)).toBe(1_000n * BTT - PRICE)
    expect(await chain.getBttBalance(network.contract)).toBe(0n)
  })

  test('goes on in the same channel after it hung up, and pays nothing twice', async () => {
    const first = await fetchAndPay({ ...options, hangUpAfterPieces: 5 })
    expect(first).toMatchObject({ promised: 5n * priceOf(PIECE_BYTES, ASK), isSettled: false })
    const second = await fetchAndPay(options)
    expect(second).toEqual({ promised: PRICE, paidPieces: 44, isSettled: true })
    expect(joined().equals(content)).toBe(true)
    const chain = await connectChain(network)
    expect(await chain.getBttBalance(seeder.payee)).toBe(PRICE)
    expect(await chain.getBttBalance(devnet.accounts.viewer.address)).toBe(1_000n * BTT - PRICE)
  })

  test('comes to the document’s own id, tree, digests and signatures', () => {
    const fill = (byte: number, length: number): Uint8Array => new Uint8Array(length).fill(byte)
    const domain = { chainId: 3_448_148_188, contract: fill(0x0c, 20) }
    const [signerKey, delegateKey] = [fill(0x11, 32), fill(0x33, 32)]
    const payee = addressOf(fill(0x22, 32))
    const [firstDelegate, cap, price] = [fill(0x0b, 20), 60n * BTT, (5n * BTT) / 2n]
    const tree = buildTree([
      { payee, delegate: addressOf(delegateKey), cap },
      { payee: fill(0xee, 20), delegate: firstDelegate, cap: 10n * BTT },
      { payee: fill(0x0a, 20), delegate: firstDelegate, cap: 30n * BTT },
    ])
    const { root, total } = tree
    const { note, salt } = makeNote(fill(0x04, 16), tree.leaves)
    const signer = addressOf(signerKey)
    const id = channelId(domain, {
      payer: fill(0x01, 20),
      signer,
      root,
      total,
      delaySec: 3_600,
      salt,
    })
    const path = tree.paths[tree.leaves.findIndex((leaf) => leaf.cap === cap)] ?? []
    const voucher = voucherDigest(domain, id, payee, price)
    const release = releaseDigest(domain, id, payee, price)
    const visitKey = fill(0x44, 32)
    const delegate = addressOf(delegateKey)
    const secret = agree(visitKey, publicKeyOf(delegateKey))
    const infoHash = fill(0xab, 20)
    const claim = { id, payee, delegate, infoHash, nonce: fill(0x07, 32), purpose: 'serve' } as const
    const seatProof = seatProofDigest(domain, claim)
    const endorsement = endorsementDigest(domain, { payee, delegate, untilSec: 1_800_000_000 })
    const wire = { domain, infoHash: 'ab'.repeat(20), buyerNonce: fill(0x06, 32), sellerNonce: claim.nonce }
    const terms = Buffer.from(readVectors().get('digest-terms') ?? '', 'hex')
    const found = {
      'digest-note': note,
      'digest-salt': salt,
      'digest-endorsement': endorsement,
      'digest-endorsement-signature': sign(endorsement, fill(0x22, 32)),
      'digest-secret': secret,
      'digest-mac': sealOf(terms, secret, wire),
      'digest-seat-proof': seatProof,
      'digest-seat-proof-signature': sign(seatProof, signerKey),
      'digest-channel-id': id,
      'digest-root': root,
      'digest-path': encode(
        path.map(({ hash, sum, isRight }) => ({ hash, sum: sum.toString(), right: isRight ? 1 : 0 })),
      ),
      'digest-signer': signer,
      'digest-payee': payee,
      'digest-voucher': voucher,
      'digest-voucher-signature': sign(voucher, signerKey),
      'digest-release': release,
      'digest-release-signature': sign(release, delegateKey),
    }
    const vectors = readVectors()
    for (const [name, bytes] of Object.entries(found)) {
      expect([name, Buffer.from(bytes).toString('hex')]).toEqual([name, vectors.get(name)])
    }
  })

  test('imports nothing of the project but itself', async () => {
    const home = fileURLToPath(new URL('../e2e/fixtures/tiny-payer', import.meta.url))
    const sources = await readdir(home)
    expect(sources).toContain('tiny-payer.ts')
    const imported = await Promise.all(
      sources.map(async (name) =>
        [...(await readFile(join(home, name), 'utf8')).matchAll(/from '([^']+)'/g)].map(
          ([, from]) => from ?? '',
        ),
      ),
    )
    for (const from of imported.flat())
      expect(from).toMatch(/^(\.\/[a-z-]+\.ts|node:\w+(\/promises)?|@noble\/.+|tronweb)$/)
  })
})
