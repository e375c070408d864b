import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import fixtures, { type Fixture } from 'webtorrent-fixtures'
import { parseTorrentFile } from '../library/parse-torrent-file.ts'
import { createSwarm, type Swarm, whenSnapshot } from '../testing/swarm.ts'

let swarm: Swarm = createSwarm()
afterEach(async () => {
  await swarm.close()
  swarm = createSwarm()
})

const all = Object.entries(fixtures).filter(([, { torrent }]) => torrent)
const readable = all.filter(([, { parsedTorrent }]) => parsedTorrent)
const stored = readable.filter(([, { contentPath }]) => contentPath)

describe('the torrents of webtorrent-fixtures', () => {
  it('are all here', () => {
    expect(readable.map(([name]) => name)).toEqual(
      expect.arrayContaining(['leaves', 'alice', 'folder', 'numbers', 'lotsOfNumbers', 'bunny', 'sintel']),
    )
    expect(stored.length).toBeGreaterThanOrEqual(5)
  })

  it.each(readable)('%s is read as webtorrent reads it', (_, { torrent, parsedTorrent }) => {
    expect(parseTorrentFile(torrent)).toMatchObject({
      infoHash: parsedTorrent?.infoHash,
      name: parsedTorrent?.name,
    })
  })

  it('corrupt is refused', () => {
    expect(() => parseTorrentFile(fixtures.corrupt?.torrent ?? new Uint8Array())).toThrow(/damaged/)
  })

  it.each(stored)('%s streams whole from one of us to another', async (_, fixture: Fixture) => {
    const source = parseTorrentFile(fixture.torrent)
    const { infoHash } = source
    const folder = dirname(fixture.contentPath ?? '')
    const seeder = await swarm.engine()
    await seeder.addAt(source, folder)
    await whenSnapshot(seeder, infoHash, ({ state }) => state.status === 'seeding')
    const leecher = await swarm.engine()
    await leecher.add(source)
    const { files } = await whenSnapshot(leecher, infoHash, (snapshot) => snapshot.files.length > 0)
    leecher.addPeer(infoHash, `127.0.0.1:${seeder.getPort()}`)
    for (const { index, path, lengthBytes } of files) {
      const chunks: Uint8Array[] = []
      const range = { startByte: 0, endByte: lengthBytes - 1 }
      for await (const chunk of leecher.readFile(infoHash, index, range)) chunks.push(chunk)
      expect(Buffer.concat(chunks).equals(await readFile(join(folder, path))), path).toBe(true)
    }
    await whenSnapshot(leecher, infoHash, ({ state }) => state.status === 'seeding')
  })
})
