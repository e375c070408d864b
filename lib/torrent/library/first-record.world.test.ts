import { afterEach, expect, test } from 'vitest'
import type { StoredTorrent, TorrentStorage } from '../storage/storage.ts'
import { createSwarm, type Swarm, seedSample, whenSnapshot } from '../testing/swarm.ts'

let swarm: Swarm = createSwarm()
afterEach(async () => {
  await swarm.close()
  swarm = createSwarm()
})

/** Records in memory, each save of which waits until the test lets it through. */
function holdingStorage() {
  const saved: StoredTorrent[] = []
  const waiting: (() => void)[] = []
  let isOpen = false
  const storage: TorrentStorage = {
    kind: 'files',
    store: undefined,
    list: async () => [],
    async save(torrent) {
      if (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve))
      saved.push(torrent)
    },
    remove: async () => undefined,
    estimate: async () => null,
    close: async () => undefined,
  }
  return {
    storage,
    saved,
    countWaiting: () => waiting.length,
    letThrough() {
      isOpen = true
      for (const go of waiting.splice(0)) go()
    },
  }
}

test('a torrent that was only named is in the list at the next visit', async () => {
  const { storage, saved, letThrough } = holdingStorage()
  const engine = await swarm.engine({ storage })
  const infoHash = await engine.add({ kind: 'infoHash', infoHash: 'ab'.repeat(20) })
  letThrough()
  await expect.poll(() => saved).toMatchObject([{ infoHash, torrentFile: null }])
})

test('no piece is asked for before the disk knows what the torrent holds', async () => {
  const seeder = await swarm.engine()
  const { infoHash, torrentFile } = await seedSample(swarm, seeder, 300_000)
  const { storage, saved, countWaiting, letThrough } = holdingStorage()
  const engine = await swarm.engine({ storage })
  await engine.add({ kind: 'torrentFile', bytes: torrentFile, infoHash, name: 'sample.bin' })
  engine.addPeer(infoHash, `127.0.0.1:${seeder.getPort()}`)
  await whenSnapshot(engine, infoHash, ({ peers }) => peers.length > 0)
  await expect.poll(countWaiting).toBeGreaterThan(0)
  expect(engine.getSnapshot(infoHash)?.verifiedBytes).toBe(0)
  letThrough()
  await whenSnapshot(engine, infoHash, ({ state }) => state.status === 'seeding')
  expect(saved[0]).toMatchObject({ infoHash })
  expect(saved.some((record) => record.bitfield !== null)).toBe(true)
})
