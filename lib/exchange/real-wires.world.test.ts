import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { createDiskEngine, type DiskEngine } from '../torrent/disk/index.ts'
import { priceOf, toAmount } from '../units/index.ts'
import { createExchange, type Exchange } from './exchange.ts'
import type { Selling } from './seller/quotes.ts'
import { ASK, createFakePayee, createFakePayer, DOMAIN, fakeSeat, PAYEE } from './testing/world.ts'

const FILE_BYTES = 5 * 1_048_576 + 12_345
const closers: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'piecemeal-exchange-'))
  closers.push(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function makeEngine(exchange: Exchange | null): Promise<DiskEngine> {
  const engine = await createDiskEngine({
    loadWebTorrent: () => import('webtorrent'),
    path: await makeFolder(),
    trackers: [],
    iceServers: [],
    extensions: exchange ? [exchange.extension] : [],
    upload: { enabled: true, maxBytesPerSec: null },
  })
  closers.push(() => engine.destroy())
  return engine
}

function makeSeller(selling: Selling) {
  const payee = createFakePayee(PAYEE, Math.floor(Date.now() / 1000))
  const exchange = createExchange({
    domain: DOMAIN,
    payer: null,
    payee,
    selling,
    torrentName: () => 'film',
  })
  return { payee, exchange }
}

/** Resolves once the engine says so. */
function until(engine: DiskEngine, isTrue: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = engine.onChange(() => {
      if (!isTrue()) return
      stop()
      resolve()
    })
    if (isTrue()) {
      stop()
      resolve()
    }
  })
}

async function seedAndJoin(seller: DiskEngine, leecher: DiskEngine): Promise<string> {
  const folder = await makeFolder()
  const path = join(folder, 'film.bin')
  await writeFile(path, randomBytes(FILE_BYTES))
  const infoHash = await seller.seedPath(path, { name: 'film.bin', lengthBytes: FILE_BYTES })
  const bytes = seller.getTorrentFile(infoHash)
  if (!bytes) throw new Error('the seeder has no .torrent file')
  await leecher.addAt({ kind: 'torrentFile', bytes, infoHash, name: 'film.bin' }, await makeFolder())
  await until(leecher, () => (leecher.getSnapshot(infoHash)?.pieces.length ?? 0) > 0)
  leecher.addPeer(infoHash, `127.0.0.1:${seller.getPort()}`)
  return infoHash
}

const SELLING: Selling = { askPerMiB: ASK, freeAllowanceBytes: 0, freeBytesPerSec: 0, relayFrom: null }

describe('over real wires', () => {
  test('a leecher with our exchange pays for each verified piece, and both sides count the same', async () => {
    const { payee, exchange } = makeSeller(SELLING)
    const payer = createFakePayer([fakeSeat(PAYEE, toAmount(1_000n * 10n ** 18n))])
    const buying = createExchange({
      domain: DOMAIN,
      payer,
      payee: null,
      selling: null,
      torrentName: () => 'film',
    })
    const seller = await makeEngine(exchange)
    const leecher = await makeEngine(buying)
    const infoHash = await seedAndJoin(seller, leecher)
    await until(leecher, () => leecher.getSnapshot(infoHash)?.state.status === 'seeding')
    const snapshot = leecher.getSnapshot(infoHash)
    const paidBytes = payer.vouchers.reduce((sum, { reason }) => sum + reason.lengthBytes, 0)
    const promised = payer.vouchers.at(-1)?.voucher.cumulative ?? 0n
    await expect.poll(() => payee.total()).toBe(promised)
    // A wire's first requests may go out before the seat is agreed: those are free, and held.
    expect(paidBytes).toBeGreaterThan(FILE_BYTES * 0.8)
    expect(paidBytes).toBeLessThanOrEqual(snapshot?.verifiedBytes ?? 0)
    expect(promised).toBe(
      payer.vouchers.reduce((sum, { reason }) => sum + priceOf(reason.lengthBytes, ASK), 0n),
    )
    expect(payee.received.reduce((sum, { reason }) => sum + reason.lengthBytes, 0)).toBe(paidBytes)
    expect(new Set(payer.vouchers.map(({ reason }) => reason.pieceIndex)).size).toBe(payer.vouchers.length)
    const [peer] = snapshot?.peers ?? []
    expect(peer && buying.getPeerMoney(peer.peerKey)).toMatchObject({ paidBytes, paid: promised })
  })

  test('a stock leecher gets the allowance, then the trickle, and is not cut off', async () => {
    const { exchange } = makeSeller({ ...SELLING, freeAllowanceBytes: 524_288, freeBytesPerSec: 3_000_000 })
    const seller = await makeEngine(exchange)
    const leecher = await makeEngine(null)
    const startedAtMs = performance.now()
    const infoHash = await seedAndJoin(seller, leecher)
    await until(leecher, () => leecher.getSnapshot(infoHash)?.state.status === 'seeding')
    const elapsedSec = (performance.now() - startedAtMs) / 1_000
    expect(elapsedSec).toBeGreaterThan((FILE_BYTES - 524_288 - 3_000_000) / 3_000_000)
    expect(leecher.getSnapshot(infoHash)?.verifiedBytes).toBe(FILE_BYTES)
  })
})
