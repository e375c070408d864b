/** The torrent and media rooms alone, in a real browser: stream while it downloads, seek, reload, resume, seed back. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, type Page, test } from '@playwright/test'
import { createViteServer } from 'vitest/node'
import { createDiskEngine, type DiskEngine } from '../lib/torrent/disk/index.ts'
import { parseTorrentFile, type TorrentSnapshot } from '../lib/torrent/index.ts'
import { startTracker } from '../tracker/tracker.ts'
import type { Harness } from './fixtures/torrent/harness.ts'

declare const harness: Harness

const root = fileURLToPath(new URL('..', import.meta.url))
const demo = fileURLToPath(new URL('../public/demo', import.meta.url))
const film = parseTorrentFile(readFileSync(`${demo}/film.torrent`))

function whenSeeding(engine: DiskEngine, infoHash: string): Promise<TorrentSnapshot> {
  return new Promise((resolve) => {
    const look = (): void => {
      const snapshot = engine.getSnapshot(infoHash)
      if (snapshot?.state.status === 'seeding') resolve(snapshot)
    }
    engine.onChange(look)
    look()
  })
}

const play = (page: Page): Promise<void> =>
  page.evaluate((infoHash) => {
    const video = document.querySelector('video')
    const url = harness.streams.getStreamUrl(infoHash, 0)
    if (!video || !url) throw new Error('nothing to play')
    video.src = url
    void video.play()
  }, film.infoHash)

const position = (page: Page): Promise<number> =>
  page.evaluate(() => document.querySelector('video')?.currentTime ?? 0)

const countVerified = (page: Page): Promise<number> =>
  page.evaluate((infoHash) => harness.engine.getSnapshot(infoHash)?.verifiedPieces ?? 0, film.infoHash)

/** A tracker, a seeder of the demo film and the harness page's site. */
async function openWorld(maxBytesPerSec: number | null) {
  const tracker = await startTracker({ host: '127.0.0.1', port: 0 })
  const seeder = await createDiskEngine({
    trackers: [tracker.url],
    iceServers: [],
    extensions: [],
    upload: { enabled: true, maxBytesPerSec },
  })
  const site = await createViteServer({
    root,
    configFile: false,
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1', watch: null, hmr: false },
    cacheDir: `${root}/test-results/vite`,
    optimizeDeps: { include: ['idb', '@noble/hashes/legacy.js', '@scure/base'], noDiscovery: true },
  })
  await seeder.addAt(film, demo)
  await whenSeeding(seeder, film.infoHash)
  await site.listen()
  const origin = site.resolvedUrls?.local[0]
  return {
    seeder,
    url: `${origin}e2e/fixtures/torrent/index.html?tracker=${encodeURIComponent(tracker.url)}`,
    async close() {
      await site.close()
      await seeder.destroy()
      await tracker.stop()
    },
  }
}

test('a film plays while it downloads, seeks, survives a reload and ends up whole', async ({ page }) => {
  const { seeder, url, close } = await openWorld(1_000_000)
  try {
    await page.goto(url)
    await expect(page).toHaveTitle('ready')
    await page.evaluate((infoHash) => harness.engine.add({ kind: 'infoHash', infoHash }), film.infoHash)
    await expect
      .poll(() => page.evaluate((id) => harness.streams.getStreamUrl(id, 0), film.infoHash))
      .not.toBeNull()
    await play(page)
    await expect.poll(() => position(page)).toBeGreaterThan(0)
    expect(await countVerified(page)).toBeLessThan(63)

    await page.evaluate(() => {
      const video = document.querySelector('video')
      if (video) video.currentTime = 50
    })
    await expect.poll(() => position(page)).toBeGreaterThan(50.1)

    const before = await countVerified(page)
    expect(before).toBeLessThan(63)
    await page.reload()
    await expect(page).toHaveTitle('ready')
    await expect.poll(() => countVerified(page)).toBeGreaterThanOrEqual(before)
    await play(page)
    await expect
      .poll(() => page.evaluate((id) => harness.engine.getSnapshot(id)?.state.status, film.infoHash))
      .toBe('seeding')
    const digest = await page.evaluate(async (infoHash) => {
      const response = await fetch(harness.streams.getStreamUrl(infoHash, 0) ?? '')
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-1', await response.arrayBuffer()))
      return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    }, film.infoHash)
    expect(digest).toBe(
      createHash('sha1')
        .update(readFileSync(`${demo}/seahorse-valley.mp4`))
        .digest('hex'),
    )

    const dead = await page.evaluate(
      (id) => fetch(`/stream/none/${id}/0/x`).then((each) => each.status),
      film.infoHash,
    )
    expect(dead).toBe(503)

    const seeded = await page.evaluate(() =>
      harness.engine.seed([new File(['x'.repeat(100_000)], 'a.txt')], 'a.txt'),
    )
    await seeder.add({ kind: 'infoHash', infoHash: seeded })
    expect((await whenSeeding(seeder, seeded)).verifiedBytes).toBe(100_000)
  } finally {
    await close()
  }
})

test('pieces that were paid in the moment of a reload are there after it, and not fetched again', async ({
  page,
}) => {
  const { url, close } = await openWorld(null)
  try {
    await page.goto(url)
    await expect(page).toHaveTitle('ready')
    await page.evaluate((infoHash) => {
      sessionStorage.setItem('reloadAt', '20')
      sessionStorage.setItem('isAlone', 'yes')
      document.title = 'before the reload'
      return harness.engine.add({ kind: 'infoHash', infoHash })
    }, film.infoHash)
    await expect(page).toHaveTitle('ready')
    const read = () =>
      page.evaluate((infoHash) => {
        const snapshot = harness.engine.getSnapshot(infoHash)
        const credited = harness.readCredited()
        return {
          isChecking: snapshot?.state.status === 'checking',
          peers: snapshot?.peers.length,
          lost: credited.filter((index) => !snapshot?.pieces[index]),
          credited: credited.length,
        }
      }, film.infoHash)
    await expect.poll(async () => (await read()).isChecking).toBe(false)
    expect(await read()).toMatchObject({ peers: 0, lost: [] })
    expect((await read()).credited).toBeGreaterThanOrEqual(20)

    await page.evaluate(() => sessionStorage.removeItem('isAlone'))
    await page.reload()
    await expect(page).toHaveTitle('ready')
    await expect
      .poll(() => page.evaluate((id) => harness.engine.getSnapshot(id)?.state.status, film.infoHash))
      .toBe('seeding')
    const credited = await page.evaluate(() => harness.readCredited())
    expect(new Set(credited).size).toBe(credited.length)
  } finally {
    await close()
  }
})
