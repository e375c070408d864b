import { link, mkdir, mkdtemp, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { deployContracts, startDevnet } from '../devnet/index.ts'
import { createDiskEngine, type DiskEngine } from '../lib/torrent/disk/index.ts'
import { parseTorrentFile } from '../lib/torrent/index.ts'
import { toAmount } from '../lib/units/index.ts'
import { createKeySigner } from '../lib/wallet/key-signer.ts'
import { openInside, openInsideToWrite } from './open-inside.ts'
import { scanContent } from './scan-content.ts'
import { seedPath, seedTorrent } from './seed-content.ts'
import { startSeeder } from './start-seeder.ts'

const SECRET = 'the secret outside '.repeat(5_000)
const closers: (() => Promise<unknown>)[] = []
let base: string
let root: string
const logged: Record<string, unknown>[] = []
const options = { trackers: [], log: (event: Record<string, unknown>) => void logged.push(event) }

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'piecemeal-content-'))
  closers.push(() => rm(base, { recursive: true, force: true }))
  root = join(base, 'album')
  await mkdir(join(root, 'sub', 'deep'), { recursive: true })
  await mkdir(join(base, 'private'))
  await writeFile(join(base, 'secret.txt'), SECRET)
  await writeFile(join(base, 'private', 'key.txt'), SECRET)
  // A folder whose name only begins like the root's.
  await mkdir(join(base, 'album-two'))
  await writeFile(join(base, 'album-two', 'near.txt'), SECRET)
  await writeFile(join(root, 'a.bin'), 'a'.repeat(100_000))
  await writeFile(join(root, 'sub', 'b.bin'), 'b'.repeat(70_000))
  logged.length = 0
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function makeEngine(): Promise<DiskEngine> {
  const engine = await createDiskEngine({
    path: join(base, `pieces-${closers.length}`),
    trackers: [],
    iceServers: [],
    extensions: [],
    upload: { enabled: true, maxBytesPerSec: null },
  })
  closers.push(() => engine.destroy())
  return engine
}

async function readAll(engine: DiskEngine, infoHash: string): Promise<string> {
  let text = ''
  for (const { index, lengthBytes } of engine.getSnapshot(infoHash)?.files ?? []) {
    if (lengthBytes === 0) continue
    for await (const part of engine.readFile(infoHash, index, { startByte: 0, endByte: lengthBytes - 1 }))
      text += Buffer.from(part).toString()
  }
  return text
}

/** Every way out that a link knows. */
async function addLinksOut(): Promise<string[]> {
  const links: Record<string, string> = {
    'absolute.txt': join(base, 'secret.txt'),
    'relative.txt': '../secret.txt',
    'sub/deep/far.txt': '../../../secret.txt',
    folder: '../private',
    'sub/up': '../..',
    'near.txt': '../album-two/near.txt',
    'dangling.txt': 'nowhere.txt',
    'dangling-out.txt': '../nowhere.txt',
    'loop.txt': 'loop.txt',
    'ping.txt': 'pong.txt',
    'pong.txt': 'ping.txt',
    'sub/circle': '..',
    'one.txt': 'two.txt',
    'two.txt': 'sub/three.txt',
    'sub/three.txt': '../../secret.txt',
    'in-and-out.txt': 'sub/../../album/../secret.txt',
    device: '/dev/zero',
  }
  for (const [name, target] of Object.entries(links)) await symlink(target, join(root, name))
  return Object.keys(links)
}

describe('scanContent', () => {
  test('skips each link that leaves, dangles or leads in circles, says why, and loses nothing else', async () => {
    const links = await addLinksOut()
    const content = await scanContent(root)
    expect(content.files.map(({ parts }) => parts.join('/'))).toEqual(['a.bin', 'sub/b.bin'])
    expect(content.skipped.map(({ path }) => path.slice(root.length + 1)).sort()).toEqual(links.sort())
    const reasonOf = (name: string) => content.skipped.find(({ path }) => path === join(root, name))?.reason
    expect(reasonOf('two.txt')).toBe('a link that leaves the folder')
    expect(reasonOf('near.txt')).toBe('a link that leaves the folder')
    expect(reasonOf('dangling.txt')).toBe('a link to nothing, or gone')
    expect(reasonOf('loop.txt')).toBe('a link that leads in circles')
    expect(reasonOf('sub/circle')).toBe('a link that leads in circles')
  })

  test('takes links that stay inside, to files and to folders, also over a link outside that leads back', async () => {
    await symlink('sub/b.bin', join(root, 'c.bin'))
    await symlink(join(root, 'sub'), join(root, 'same'))
    await symlink(root, join(base, 'back'))
    await symlink('../back/a.bin', join(root, 'd.bin'))
    const content = await scanContent(root)
    expect(content.skipped).toEqual([])
    expect(content.files.map(({ parts }) => parts.join('/'))).toEqual([
      'a.bin',
      'c.bin',
      'd.bin',
      'same/b.bin',
      'sub/b.bin',
    ])
  })

  test('follows the link that the operator named, and holds to its folder', async () => {
    await symlink(root, join(base, 'mine'))
    await symlink('../mine/../secret.txt', join(root, 'out.txt'))
    const content = await scanContent(join(base, 'mine'))
    expect(content).toMatchObject({ name: 'mine', root, lengthBytes: 170_000 })
    expect(content.skipped).toHaveLength(1)
  })

  test('says what was skipped where nothing is left', async () => {
    const lone = join(base, 'lone')
    await mkdir(lone)
    await symlink('../secret.txt', join(lone, 'x'))
    await expect(scanContent(lone)).rejects.toMatchObject({
      code: 'empty-files',
      message: expect.stringContaining('a link that leaves the folder'),
    })
    await expect(scanContent(join(base, 'nowhere'))).rejects.toMatchObject({ code: 'no-such-file' })
  })
})

describe('openInside', () => {
  test('opens no file that was swapped for a link, nor one below a folder that was', async () => {
    await unlink(join(root, 'a.bin'))
    await symlink('../secret.txt', join(root, 'a.bin'))
    await rename(join(root, 'sub'), join(base, 'sub'))
    await symlink('../private', join(root, 'sub'))
    await expect(openInside(root, join(root, 'a.bin'))).rejects.toMatchObject({ code: 'outside' })
    await expect(openInside(root, join(root, 'sub', 'key.txt'))).rejects.toMatchObject({ code: 'outside' })
    await expect(openInside(root, root)).rejects.toMatchObject({ code: 'no-file' })
  })

  test('opens nothing once the folder itself was swapped', async () => {
    await rename(root, join(base, 'moved'))
    await symlink('private', root)
    await expect(openInside(root, join(root, 'key.txt'))).rejects.toMatchObject({ code: 'outside' })
  })

  test('never reads outside while another keeps swapping', async () => {
    const path = join(root, 'flip.bin')
    await writeFile(join(root, 'good.bin'), 'good')
    await symlink('good.bin', path)
    let isSwapping = true
    const swapping = (async () => {
      for (let turn = 0; isSwapping; turn++) {
        await symlink(turn % 2 ? 'good.bin' : '../secret.txt', join(root, 'next'))
        await rename(join(root, 'next'), path)
      }
    })()
    const seen = { good: 0, refused: 0 }
    for (let n = 0; n < 2_000; n++) {
      try {
        const handle = await openInside(root, path)
        const text = (await handle.readFile()).toString()
        await handle.close()
        expect(text).toBe('good')
        seen.good += 1
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^(outside|ELOOP)$/) })
        seen.refused += 1
      }
    }
    isSwapping = false
    await swapping
    expect(Math.min(seen.good, seen.refused)).toBeGreaterThan(10)
  })

  test('writes nothing outside, and makes what is missing inside', async () => {
    await symlink('../private', join(root, 'out'))
    await symlink('../new.txt', join(root, 'new.txt'))
    for (const path of ['out/key.txt', 'out/fresh.txt', 'out/more/fresh.txt', 'new.txt'])
      await expect(openInsideToWrite(root, join(root, path))).rejects.toMatchObject({ code: 'outside' })
    await expect(readFile(join(base, 'private', 'fresh.txt'))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(readFile(join(base, 'new.txt'))).rejects.toMatchObject({ code: 'ENOENT' })
    const path = join(root, 'x', 'y', 'z.txt')
    const handle = await openInsideToWrite(root, path)
    await handle.writeFile('z')
    await handle.close()
    expect(await readFile(path, 'utf8')).toBe('z')
  })
})

describe('seedPath', () => {
  test('serves a folder of one file, names with reserved signs, an empty file and a hard link', async () => {
    const engine = await makeEngine()
    const lone = join(base, 'lone')
    await mkdir(lone)
    await writeFile(join(lone, 'What is this?.txt'), 'what')
    expect(await readAll(engine, await seedPath(engine, lone, null, options))).toBe('what')
    await writeFile(join(lone, 'empty.txt'), '')
    await link(join(lone, 'What is this?.txt'), join(lone, 'also.txt'))
    const infoHash = await seedPath(engine, lone, null, options)
    expect(engine.getSnapshot(infoHash)).toMatchObject({ state: { status: 'seeding' }, name: 'lone' })
    expect(await readAll(engine, infoHash)).toBe('whatwhat')
    expect(parseTorrentFile(engine.getTorrentFile(infoHash) ?? new Uint8Array()).infoHash).toBe(infoHash)
  })

  test('gives a piece to nobody once its file was swapped for a link, and the others still', async () => {
    const engine = await makeEngine()
    const infoHash = await seedPath(engine, root, null, options)
    await unlink(join(root, 'a.bin'))
    await symlink('../secret.txt', join(root, 'a.bin'))
    await expect(readAll(engine, infoHash)).rejects.toThrow(/cannot be read/)
    const parts = engine.readFile(infoHash, 1, { startByte: 40_000, endByte: 69_999 })
    for await (const part of parts) expect(Buffer.from(part).toString()).toMatch(/^b+$/)
  })
})

test('seeds nothing of a .torrent that a link out of its folder would answer for', async () => {
  const first = await makeEngine()
  const infoHash = await seedPath(first, root, null, options)
  const file = join(base, 'album.torrent')
  await writeFile(file, first.getTorrentFile(infoHash) ?? new Uint8Array())
  await rename(join(root, 'a.bin'), join(base, 'a.bin'))
  await symlink('../a.bin', join(root, 'a.bin'))
  const second = await makeEngine()
  await seedTorrent(second, { torrentFile: file, dataDir: base })
  await expect.poll(() => second.getSnapshot(infoHash)?.state.status).toBe('downloading')
  // Piece 0 and the one that both files share are not there; the last is.
  expect([...(second.getSnapshot(infoHash)?.pieces ?? [])].map((piece) => piece > 1)).toEqual([
    false,
    false,
    true,
  ])
})

test('a seeder passes no byte of the outside on, and all of the inside', async () => {
  await addLinksOut()
  const devnet = await startDevnet()
  closers.push(() => devnet.stop())
  const seeder = await startSeeder({
    network: devnet.toNetwork(await deployContracts(devnet)),
    trackers: [],
    paths: [root],
    wallet: createKeySigner(devnet.accounts.seeder.privateKey),
    askPerMiB: toAmount(0n),
    freeAllowanceBytes: 0,
    freeBytesPerSec: 0,
    dataDir: null,
    log: options.log,
  })
  closers.push(() => seeder.stop())
  const [infoHash = ''] = seeder.infoHashes
  expect(logged.filter(({ event }) => event === 'skipped')).toHaveLength(17)
  expect(logged).toContainEqual({
    event: 'skipped',
    path: join(root, 'absolute.txt'),
    reason: 'a link that leaves the folder',
  })
  const leecher = await makeEngine()
  await leecher.add(parseTorrentFile(seeder.getTorrentFile(infoHash) ?? new Uint8Array()))
  leecher.addPeer(infoHash, `127.0.0.1:${seeder.port}`)
  await expect.poll(() => leecher.getSnapshot(infoHash)?.state.status, { timeout: 15_000 }).toBe('seeding')
  const text = await readAll(leecher, infoHash)
  expect(text).toBe('a'.repeat(100_000) + 'b'.repeat(70_000))
  expect(text).not.toContain('secret')
})
