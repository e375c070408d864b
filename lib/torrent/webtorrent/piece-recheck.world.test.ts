import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { newRecord } from '../library/entry.ts'
import { parseTorrentFile } from '../library/parse-torrent-file.ts'
import type { StoredTorrent, TorrentStorage } from '../storage/storage.ts'
import {
  createPuppet,
  createSwarm,
  type Swarm,
  sampleBytes,
  seedSample,
  whenSnapshot,
} from '../testing/swarm.ts'

const MIB = 1 << 20
const PIECE_BYTES = 1 << 16
let swarm: Swarm = createSwarm()
afterEach(async () => {
  await swarm.close()
  swarm = createSwarm()
})

/** A storage that keeps records as a disk would and leaves pieces in files. */
function createRecords(records: readonly StoredTorrent[]): TorrentStorage & { saved: StoredTorrent[] } {
  const saved: StoredTorrent[] = []
  return {
    kind: 'files',
    store: undefined,
    saved,
    list: async () => records,
    save: async (record) => void saved.push(record),
    remove: async () => undefined,
    estimate: async () => null,
    close: async () => undefined,
  }
}

/** A folder with the first `storedPieces` of a 1 MiB file of 16 pieces, and a record that names the first four. */
async function interrupt(torrentFile: Uint8Array, infoHash: string, bytes: Uint8Array) {
  const path = await swarm.folder()
  await writeFile(join(path, 'sample.bin'), bytes)
  const bitfield = new Uint8Array([0b11110000, 0])
  const storage = createRecords([newRecord(infoHash, { torrentFile, bitfield })])
  return { path, storage }
}

describe('a torrent that was interrupted between a verified piece and its save', () => {
  it('finds the pieces that its record does not name, by hash and with nobody there', async () => {
    const seeder = await swarm.engine()
    const { infoHash, torrentFile } = await seedSample(swarm, seeder, MIB)
    const bytes = sampleBytes(MIB).subarray(0, 9 * PIECE_BYTES + 100)
    bytes[6 * PIECE_BYTES] = (bytes[6 * PIECE_BYTES] ?? 0) ^ 1
    const engine = await swarm.engine(await interrupt(torrentFile, infoHash, bytes))
    await engine.restore()
    const snapshot = await whenSnapshot(engine, infoHash, (each) => each.state.status === 'downloading')
    expect([...snapshot.pieces]).toEqual([2, 2, 2, 2, 2, 2, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0])
    expect(snapshot.firstPieceMs).toBeNull()
  })

  it('asks peers for what is missing only, and ends up whole', async () => {
    const seeder = await swarm.engine()
    const { infoHash, torrentFile } = await seedSample(swarm, seeder, MIB)
    const puppet = createPuppet()
    puppet.downloadClass = 'paid'
    const { path, storage } = await interrupt(
      torrentFile,
      infoHash,
      sampleBytes(MIB).subarray(0, 9 * PIECE_BYTES),
    )
    const engine = await swarm.engine({ path, storage, extensions: [puppet.extension] })
    await engine.restore()
    engine.addPeer(infoHash, `127.0.0.1:${seeder.getPort()}`)
    await whenSnapshot(engine, infoHash, (each) => each.state.status === 'seeding')
    const paid = puppet.sessions.flatMap((each) => each.verified.map(({ pieceIndex }) => pieceIndex))
    expect(paid).toEqual([9, 10, 11, 12, 13, 14, 15])
    expect(Buffer.from(sampleBytes(MIB)).equals(await readFile(join(path, 'sample.bin')))).toBe(true)
  })

  it('credits a peer only for a piece that is in the store', async () => {
    const seeder = await swarm.engine()
    const { infoHash, torrentFile } = await seedSample(swarm, seeder, MIB)
    const puppet = createPuppet()
    puppet.downloadClass = 'paid'
    const path = await swarm.folder()
    const reads: Promise<Buffer>[] = []
    puppet.onVerified = () => void reads.push(readFile(join(path, 'sample.bin')))
    const engine = await swarm.engine({ path, extensions: [puppet.extension] })
    await engine.add(parseTorrentFile(torrentFile))
    engine.addPeer(infoHash, `127.0.0.1:${seeder.getPort()}`)
    await whenSnapshot(engine, infoHash, (each) => each.state.status === 'seeding')
    const credited = puppet.sessions.flatMap((each) => each.verified)
    const stored = await Promise.all(reads)
    const wanted = Buffer.from(sampleBytes(MIB))
    for (const [at, { pieceIndex }] of credited.entries()) {
      const [from, to] = [pieceIndex * PIECE_BYTES, (pieceIndex + 1) * PIECE_BYTES]
      expect(stored[at]?.subarray(from, to).equals(wanted.subarray(from, to))).toBe(true)
    }
    expect(credited).toHaveLength(16)
  })
})
