import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { BLOCK_BYTES } from '../../units/index.ts'
import { loadNodeWebTorrent } from '../disk/index.ts'
import { parseTorrentFile } from '../library/parse-torrent-file.ts'
import {
  createPuppet,
  createSwarm,
  type Swarm,
  sampleBytes,
  seedSample,
  whenSnapshot,
} from '../testing/swarm.ts'

const MIB = 1 << 20
let swarm: Swarm = createSwarm()
afterEach(async () => {
  await swarm.close()
  swarm = createSwarm()
})

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0)

describe('hooks on webtorrent', () => {
  it('are pinned to the version that they were written for', () => {
    const require = createRequire(import.meta.url)
    expect(require('webtorrent/package.json').version).toBe('3.0.21')
  })

  it('carry the handshake and messages of an extension', async () => {
    const ours = createPuppet()
    const theirs = createPuppet()
    const seeder = await swarm.engine({ extensions: [ours.extension] })
    const { infoHash, torrentFile } = await seedSample(swarm, seeder, 300_000)
    const leecher = await swarm.engine({ extensions: [theirs.extension] })
    theirs.onVerified = (session) => session.link.send(new Uint8Array([1, 2, 3]))
    await leecher.add(parseTorrentFile(torrentFile))
    leecher.addPeer(infoHash, `127.0.0.1:${seeder.getPort()}`)
    await whenSnapshot(leecher, infoHash, (each) => each.state.status === 'seeding')
    expect(theirs.sessions[0]?.greetings).toEqual([{ v: 1 }])
    await expect.poll(() => ours.sessions[0]?.messages.length).toBe(5)
    expect(ours.sessions[0]?.messages[0]).toEqual(new Uint8Array([1, 2, 3]))
    expect(sum(theirs.sessions[0]?.verified.map((each) => each.freeBytes) ?? [])).toBe(300_000)
    expect(sum(ours.sessions[0]?.sent.map((each) => each.lengthBytes) ?? [])).toBe(300_000)
  })

  it('serve a stock peer that knows no extension, and tell the extension so', async () => {
    const puppet = createPuppet()
    const seeder = await swarm.engine({ extensions: [puppet.extension] })
    const { infoHash, torrentFile } = await seedSample(swarm, seeder, 3 * MIB)
    const { default: WebTorrent } = await loadNodeWebTorrent()
    const stock = new WebTorrent({
      dht: false,
      lsd: false,
      utPex: false,
      natUpnp: false,
      natPmp: false,
      utp: false,
      webSeeds: false,
      tracker: { rtcConfig: { iceServers: [] }, announce: [] },
    })
    const torrent = stock.add(torrentFile, { path: await swarm.folder() })
    const done = new Promise<void>((resolve) => torrent.once('done', resolve))
    await new Promise<void>((resolve) => torrent.once('infoHash', resolve))
    torrent.addPeer(`127.0.0.1:${seeder.getPort()}`)
    await done
    expect(puppet.sessions[0]?.greetings).toEqual([null])
    expect(seeder.getSnapshot(infoHash)?.peers[0]?.client).toBe('WebTorrent 3.0')
    await new Promise<void>((resolve) => stock.destroy(() => resolve()))
  })

  it('hold at the gate and resume when woken, without losing or repeating a byte', async () => {
    const puppet = createPuppet()
    let credit = MIB
    puppet.gate = ({ lengthBytes }) => (lengthBytes <= credit ? 'serve' : 'hold')
    const seeder = await swarm.engine({ extensions: [puppet.extension] })
    const { infoHash, torrentFile } = await seedSample(swarm, seeder, 4 * MIB)
    const leecher = await swarm.engine()
    const spent = (): number =>
      sum(puppet.sessions.flatMap((each) => each.sent.map((block) => block.lengthBytes)))
    puppet.gate = () => (spent() + BLOCK_BYTES <= credit ? 'serve' : 'hold')
    await leecher.add(parseTorrentFile(torrentFile))
    leecher.addPeer(infoHash, `127.0.0.1:${seeder.getPort()}`)
    await expect.poll(spent).toBe(MIB)
    expect(leecher.getSnapshot(infoHash)?.state.status).toBe('downloading')
    credit = 4 * MIB
    puppet.sessions[0]?.link.wakeUploads()
    await whenSnapshot(leecher, infoHash, (each) => each.state.status === 'seeding')
    expect(spent()).toBe(4 * MIB)
    expect(puppet.sessions).toHaveLength(1)
  })

  it('take paid pieces whole from one peer each, never more under way than allowed', async () => {
    const sellers = await Promise.all([swarm.engine(), swarm.engine()])
    const [first, second] = sellers
    const { infoHash, torrentFile, path } = await seedSample(swarm, first, 6 * MIB)
    await second.addAt(parseTorrentFile(torrentFile), path)
    await whenSnapshot(second, infoHash, (each) => each.state.status === 'seeding')
    const puppet = createPuppet()
    puppet.downloadClass = 'paid'
    const buyer = await swarm.engine({ extensions: [puppet.extension] })
    await buyer.add(parseTorrentFile(torrentFile))
    for (const seller of sellers) buyer.addPeer(infoHash, `127.0.0.1:${seller.getPort()}`)
    const done = await whenSnapshot(buyer, infoHash, (each) => each.state.status === 'seeding')
    const verified = puppet.sessions.flatMap((each) => each.verified)
    expect(verified).toHaveLength(done.pieces.length)
    for (const piece of verified)
      expect(piece).toMatchObject({ paidBytes: done.pieceLengthBytes, freeBytes: 0 })
    expect(new Set(verified.map((each) => each.pieceIndex)).size).toBe(done.pieces.length)
  })

  it('blame, drop and ban the one peer that brought a bad piece whole', async () => {
    const honest = await swarm.engine()
    const { infoHash, torrentFile } = await seedSample(swarm, honest, 3 * MIB)
    const liar = await swarm.engine()
    const path = await swarm.folder()
    await writeFile(join(path, 'sample.bin'), sampleBytes(3 * MIB))
    await liar.addAt(parseTorrentFile(torrentFile), path)
    await whenSnapshot(liar, infoHash, (each) => each.state.status === 'seeding')
    await writeFile(join(path, 'sample.bin'), new Uint8Array(3 * MIB))

    const puppet = createPuppet()
    puppet.downloadClass = 'paid'
    const drops: string[] = []
    const buyer = await swarm.engine({
      extensions: [puppet.extension],
      onDrop: (error) => drops.push(error.message),
    })
    await buyer.add(parseTorrentFile(torrentFile))
    buyer.addPeer(infoHash, `127.0.0.1:${liar.getPort()}`)
    await expect.poll(() => drops.length).toBe(1)
    expect(puppet.sessions[0]?.isClosed).toBe(true)
    expect(puppet.sessions[0]?.verified).toEqual([])
    buyer.addPeer(infoHash, `127.0.0.1:${honest.getPort()}`)
    await whenSnapshot(buyer, infoHash, (each) => each.state.status === 'seeding')
    const paid = puppet.sessions.flatMap((each) => each.verified.map((piece) => piece.paidBytes))
    expect(sum(paid)).toBe(3 * MIB)
  })

  it('take free requests back when the peer begins to be paid', async () => {
    const seller = createPuppet()
    seller.gate = ({ blockClass }) => (blockClass === 'paid' ? 'serve' : 'hold')
    const seeder = await swarm.engine({ extensions: [seller.extension] })
    const { infoHash, torrentFile } = await seedSample(swarm, seeder, 2 * MIB)
    const buyer = createPuppet()
    const leecher = await swarm.engine({ extensions: [buyer.extension] })
    await leecher.add(parseTorrentFile(torrentFile))
    leecher.addPeer(infoHash, `127.0.0.1:${seeder.getPort()}`)
    await whenSnapshot(leecher, infoHash, (each) => each.peers[0]?.isChokingUs === false)
    buyer.downloadClass = 'paid'
    seller.uploadClass = 'paid'
    buyer.sessions[0]?.link.send(new Uint8Array([9]))
    await whenSnapshot(leecher, infoHash, (each) => each.state.status === 'seeding')
    expect(sum(buyer.sessions[0]?.verified.map((each) => each.paidBytes) ?? [])).toBe(2 * MIB)
    expect(sum(seller.sessions[0]?.sent.map((each) => each.lengthBytes) ?? [])).toBe(2 * MIB)
  })

  it('serve nobody when uploads are off, and begin when they are switched on', async () => {
    const seeder = await swarm.engine({ upload: { enabled: false, maxBytesPerSec: null } })
    const { infoHash, torrentFile } = await seedSample(swarm, seeder, MIB)
    const leecher = await swarm.engine()
    await leecher.add(parseTorrentFile(torrentFile))
    leecher.addPeer(infoHash, `127.0.0.1:${seeder.getPort()}`)
    await whenSnapshot(leecher, infoHash, (each) => each.peers[0]?.isSeeder === true)
    expect(seeder.getSnapshot(infoHash)?.uploadedBytes).toBe(0)
    seeder.setUpload({ enabled: true, maxBytesPerSec: null })
    await whenSnapshot(leecher, infoHash, (each) => each.state.status === 'seeding')
    expect(seeder.getSnapshot(infoHash)?.uploadedBytes).toBe(MIB)
  })

  it('read a file in order while it arrives, the wanted place first', async () => {
    const seeder = await swarm.engine({ upload: { enabled: true, maxBytesPerSec: 4 * MIB } })
    const { infoHash, torrentFile, path } = await seedSample(swarm, seeder, 8 * MIB)
    const leecher = await swarm.engine()
    await leecher.add(parseTorrentFile(torrentFile))
    leecher.addPeer(infoHash, `127.0.0.1:${seeder.getPort()}`)
    await whenSnapshot(leecher, infoHash, (each) => each.verifiedPieces > 0)
    const range = { startByte: 7 * MIB + 100, endByte: 7 * MIB + 299_999 }
    const chunks: Uint8Array[] = []
    for await (const chunk of leecher.readFile(infoHash, 0, range)) chunks.push(chunk)
    const expected = await readFile(join(path, 'sample.bin'))
    expect(Buffer.concat(chunks).equals(expected.subarray(range.startByte, range.endByte + 1))).toBe(true)
    expect(leecher.getSnapshot(infoHash)?.state.status).toBe('downloading')
    const one: Uint8Array[] = []
    for await (const chunk of leecher.readFile(infoHash, 0, { startByte: 0, endByte: 0 })) one.push(chunk)
    expect(one).toEqual([new Uint8Array(expected.subarray(0, 1))])
  })
})
