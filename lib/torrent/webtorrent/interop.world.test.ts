import { writeFile } from 'node:fs/promises'
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
import type { SwarmPeer, Torrent, WebTorrentClient, Wire } from './types.ts'

const MIB = 1 << 20
const FILE_BYTES = 3 * MIB + 4_321
let swarm: Swarm = createSwarm()
const stocks: WebTorrentClient[] = []

afterEach(async () => {
  await Promise.all(
    stocks.splice(0).map((each) => new Promise<void>((resolve) => each.destroy(() => resolve()))),
  )
  await swarm.close()
  swarm = createSwarm()
})

interface Stock {
  readonly torrent: Torrent
  /** Of all its wires, in order: 'wire', 'choke', 'unchoke', 'timeout', 'close'. */
  readonly events: string[]
  readonly wires: Wire[]
  readonly done: Promise<void>
  connect(port: number): void
}

/** A webtorrent client without any hook of ours; without BEP 6 it is told not to offer it in its handshake. */
async function createStock(torrentFile: Uint8Array, path: string, fast: 'with' | 'without'): Promise<Stock> {
  const { default: WebTorrent } = await loadNodeWebTorrent()
  const client = new WebTorrent({
    dht: false,
    lsd: false,
    utPex: false,
    natUpnp: false,
    natPmp: false,
    utp: false,
    webSeeds: false,
    tracker: { rtcConfig: { iceServers: [] }, announce: [] },
  })
  stocks.push(client)
  const torrent = client.add(torrentFile, { path })
  const events: string[] = []
  const wires: Wire[] = []
  torrent.on('wire', (wire: Wire) => {
    wires.push(wire)
    events.push('wire')
    for (const event of ['choke', 'unchoke', 'timeout', 'close']) wire.on(event, () => events.push(event))
  })
  const done = new Promise<void>((resolve) => torrent.once('done', resolve))
  await new Promise<void>((resolve) => torrent.once('ready', resolve))
  if (fast === 'without') {
    const addPeer = torrent._addPeer
    torrent._addPeer = (...args) => {
      const peer = addPeer.apply(torrent, args) as (SwarmPeer & StockPeer) | null
      if (peer) {
        peer.handshake = () => {
          peer.wire.handshake(torrent.infoHash, torrent.client.peerId, { dht: false, fast: false })
          peer.sentHandshake = true
        }
      }
      return peer
    }
  }
  return { torrent, events, wires, done, connect: (port) => void torrent.addPeer(`127.0.0.1:${port}`) }
}

interface StockPeer {
  handshake: () => void
  sentHandshake: boolean
  readonly wire: {
    handshake(infoHash: string, peerId: string, extensions: { dht: boolean; fast: boolean }): void
  }
}

const once = (wire: Wire, event: string): Promise<void> =>
  new Promise((resolve) => wire.once(event, () => resolve()))

describe.each(['with', 'without'] as const)('an unmodified webtorrent %s the fast extension', (fast) => {
  it('leeches from us to the end over one connection, never choked', async () => {
    const seeder = await swarm.engine()
    const { torrentFile } = await seedSample(swarm, seeder, FILE_BYTES)
    const stock = await createStock(torrentFile, await swarm.folder(), fast)
    stock.connect(seeder.getPort())
    await stock.done
    expect(stock.wires[0]?.hasFast).toBe(fast === 'with')
    expect(stock.events).toEqual(['wire', 'unchoke'])
  })

  it('leeches on after we stopped all uploads and began again', async () => {
    const seeder = await swarm.engine()
    const { torrentFile, infoHash } = await seedSample(swarm, seeder, FILE_BYTES)
    const stock = await createStock(torrentFile, await swarm.folder(), fast)
    const firstPiece = new Promise<void>((resolve) =>
      stock.torrent.once('verified', () => {
        seeder.setUpload({ enabled: false, maxBytesPerSec: null })
        resolve()
      }),
    )
    stock.connect(seeder.getPort())
    await firstPiece
    await expect.poll(() => stock.events).toEqual(['wire', 'unchoke', 'choke'])
    expect(stock.torrent.done).toBe(false)
    seeder.setUpload({ enabled: true, maxBytesPerSec: null })
    await stock.done
    expect(stock.events).toEqual(['wire', 'unchoke', 'choke', 'unchoke'])
    expect(seeder.getSnapshot(infoHash)?.peers).toHaveLength(1)
  })

  it('leeches on after the gate held its blocks and let them go', async () => {
    const puppet = createPuppet()
    let creditBytes = MIB
    const sentBytes = (): number =>
      puppet.sessions.flatMap(({ sent }) => sent).reduce((sum, { lengthBytes }) => sum + lengthBytes, 0)
    puppet.gate = ({ lengthBytes }) => (sentBytes() + lengthBytes <= creditBytes ? 'serve' : 'hold')
    const seeder = await swarm.engine({ extensions: [puppet.extension] })
    const { torrentFile } = await seedSample(swarm, seeder, FILE_BYTES)
    const stock = await createStock(torrentFile, await swarm.folder(), fast)
    stock.connect(seeder.getPort())
    await expect.poll(sentBytes, { timeout: 10_000 }).toBeGreaterThan(MIB - 2 * BLOCK_BYTES)
    expect(stock.torrent.done).toBe(false)
    creditBytes = Number.POSITIVE_INFINITY
    puppet.sessions[0]?.link.wakeUploads()
    await stock.done
    expect(stock.events).toEqual(['wire', 'unchoke'])
    expect(puppet.sessions).toHaveLength(1)
  })

  it('seeds to us to the end over one connection, also when it chokes us on the way', async () => {
    const path = await swarm.folder()
    const source = await swarm.engine()
    const { torrentFile, infoHash } = await seedSample(swarm, source, FILE_BYTES)
    await writeFile(join(path, 'sample.bin'), sampleBytes(FILE_BYTES))
    const stock = await createStock(torrentFile, path, fast)
    await stock.done

    const puppet = createPuppet()
    const drops: Error[] = []
    const leecher = await swarm.engine({
      extensions: [puppet.extension],
      onDrop: (error) => drops.push(error),
    })
    await leecher.add(parseTorrentFile(torrentFile))
    const hasWire = new Promise<Wire>((resolve) => stock.torrent.once('wire', resolve))
    await whenSnapshot(leecher, infoHash, ({ pieces }) => pieces.length > 0)
    stock.connect(leecher.getPort())
    const wire = await hasWire
    await once(wire, 'upload')
    wire.choke()
    await whenSnapshot(leecher, infoHash, ({ peers }) => peers[0]?.isChokingUs === true)
    expect(leecher.getSnapshot(infoHash)?.state.status).toBe('downloading')
    wire.unchoke()
    await whenSnapshot(leecher, infoHash, ({ state }) => state.status === 'seeding')
    expect(wire.hasFast).toBe(fast === 'with')
    expect([stock.wires.length, puppet.sessions.length, drops]).toEqual([1, 1, []])
    expect(stock.events).not.toContain('timeout')
  })
})
