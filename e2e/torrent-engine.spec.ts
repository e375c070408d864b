/** The torrent and media rooms alone, in a real browser: stream while it downloads, seek, reload, resume, seed back. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, type Page, test } from '@playwright/test'
import { createViteServer } from 'vitest/node'
import {
  createEngine,
  parseTorrentFile,
  type TorrentEngine,
  type TorrentSnapshot,
} from '../lib/torrent/index.ts'
import { loadNodeWebTorrent } from '../lib/torrent/node-webrtc.ts'
import { startTracker } from '../seeder/tracker.ts'
import type { Harness } from './fixtures/torrent/harness.ts'

declare const harness: Harness

const root = fileURLToPath(new URL('..', import.meta.url))
const demo = fileURLToPath(new URL('../public/demo', import.meta.url))
const film = parseTorrentFile(readFileSync(`${demo}/film.torrent`))

function whenSeeding(engine: TorrentEngine, infoHash: string): Promise<TorrentSnapshot> {
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

test('a film plays while it downloads, seeks, survives a reload and ends up whole', async ({ page }) => {
  const tracker = await startTracker({ host: '127.0.0.1', port: 0 })
  const seeder = await createEngine({
    loadWebTorrent: loadNodeWebTorrent,
    storage: null,
    trackers: [tracker.url],
    iceServers: [],
    extensions: [],
    upload: { enabled: true, maxBytesPerSec: 1_000_000 },
  })
  const site = await createViteServer({
    root,
    configFile: false,
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1', watch: null, hmr: false },
    cacheDir: `${root}/test-results/vite`,
    optimizeDeps: { include: ['idb', '@noble/hashes/legacy.js', '@scure/base'], noDiscovery: true },
  })
  try {
    await seeder.addAt(film, demo)
    await whenSeeding(seeder, film.infoHash)
    await site.listen()
    const origin = site.resolvedUrls?.local[0]
    await page.goto(`${origin}e2e/fixtures/torrent/index.html?tracker=${encodeURIComponent(tracker.url)}`)
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

    // Progress is saved each second and when the page hides, so most of it is there after a reload.
    const before = await countVerified(page)
    expect(before).toBeLessThan(63)
    await page.reload()
    await expect(page).toHaveTitle('ready')
    await expect.poll(() => countVerified(page)).toBeGreaterThan(before / 2)
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
    await site.close()
    await seeder.destroy()
    await tracker.stop()
  }
})
