import { afterEach, describe, expect, it } from 'vitest'
import { parseTorrentFile } from '../library/parse-torrent-file.ts'
import {
  createPuppet,
  createSwarm,
  type Puppet,
  type Swarm,
  seedSample,
  whenSnapshot,
} from '../testing/swarm.ts'

const MIB = 1 << 20
const PIECES_PER_MIB = 4
let swarm: Swarm = createSwarm()
afterEach(async () => {
  await swarm.close()
  swarm = createSwarm()
})

/** The pieces that were verified first. Neighbours are hashed side by side, so the last one asked for may be done first. */
const firstPieces = (puppet: Puppet): number[] =>
  puppet.sessions.flatMap((each) => each.verified.map(({ pieceIndex }) => pieceIndex)).slice(0, 3)

/** A seller whose trickle stands still until `open`, and a leecher that reads from the start and has its requests queued. */
async function openTrickle() {
  const seller = createPuppet()
  seller.gate = () => 'hold'
  const seeder = await swarm.engine({ extensions: [seller.extension] })
  const { infoHash, torrentFile } = await seedSample(swarm, seeder, 16 * MIB)
  const buyer = createPuppet()
  const leecher = await swarm.engine({ extensions: [buyer.extension] })
  await leecher.add(parseTorrentFile(torrentFile))
  leecher.addPeer(infoHash, `127.0.0.1:${seeder.getPort()}`)
  await whenSnapshot(leecher, infoHash, (each) => each.pieces[0] === 1)
  return {
    leecher,
    infoHash,
    buyer,
    read: (startByte: number) =>
      leecher.readFile(infoHash, 0, { startByte, endByte: 16 * MIB - 1 })[Symbol.asyncIterator](),
    open() {
      seller.gate = () => 'serve'
      seller.sessions[0]?.link.wakeUploads()
    },
  }
}

describe('a seek over a slow free trickle', () => {
  it('is served next, before what was queued for earlier pieces', async () => {
    const { read, buyer, open } = await openTrickle()
    const before = read(0)
    const waiting = before.next()
    await before.return?.()
    await waiting
    const after = read(12 * MIB)
    const first = after.next()
    open()
    expect((await first).value).toHaveLength(MIB / PIECES_PER_MIB)
    expect(firstPieces(buyer)).toContain(12 * PIECES_PER_MIB)
  })

  it('comes before readers that still wait at earlier places', async () => {
    const { read, buyer, open } = await openTrickle()
    const waiting = [0, 3, 6].map((placeMiB) => read(placeMiB * MIB).next())
    const first = read(12 * MIB).next()
    open()
    await first
    expect(firstPieces(buyer)).toContain(12 * PIECES_PER_MIB)
    await Promise.all(waiting)
  })

  it('goes back as well as on', async () => {
    const { read, buyer, open } = await openTrickle()
    const ahead = read(14 * MIB)
    const waiting = ahead.next()
    const first = read(13 * MIB).next()
    open()
    await first
    expect(firstPieces(buyer)).toContain(13 * PIECES_PER_MIB)
    await waiting
  })
})
