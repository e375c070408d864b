/** Torrents of more than a film: each file is shown as what it is; the list keeps, saves, pauses and removes. */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { projectRoot } from '../scripts/demo/start-world.ts'
import { expect, test } from './fixtures/world.ts'
import { dropFile, Holder } from './pages/holder.ts'

const demo = join(projectRoot, 'public/demo')
const EXTRAS = {
  infoHash: 'fda03e3af203d4b7bb1b7c374fc363be01cf456f',
  name: 'fractal-postcards',
  torrentFile: readFileSync(join(demo, 'extras.torrent')),
}
const row = (page: Page) =>
  page.getByRole('region', { name: 'Your torrents' }).getByRole('listitem').filter({ hasText: EXTRAS.name })

/** Opens the torrent of three files by its address. */
async function openExtras(page: Page): Promise<Holder> {
  const visitor = new Holder(page)
  await page.goto(`/watch/#${EXTRAS.infoHash}`)
  await visitor.agree()
  await expect(visitor.title(/^Fractal postcards/)).toBeVisible()
  return visitor
}

/** Names of the folders and files that this origin keeps on disk. */
const listStored = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const names: string[] = []
    const look = async (folder: FileSystemDirectoryHandle): Promise<void> => {
      for await (const [name, entry] of folder as unknown as AsyncIterable<[string, FileSystemHandle]>) {
        names.push(name)
        if (entry.kind === 'directory') await look(entry as FileSystemDirectoryHandle)
      }
    }
    await look(await navigator.storage.getDirectory())
    return names
  })

test('a film plays, a picture is shown and a text is read, whichever the file list picks', async ({
  page,
  consoleErrors,
}) => {
  const visitor = await openExtras(page)
  const files = page.getByRole('region', { name: 'Files' })
  const film = files.getByRole('button', { name: /seahorse-tail\.webm/ })
  await expect(film).toHaveAttribute('aria-current', 'true')
  await visitor.waitUntilPlaying()

  await files.getByRole('button', { name: /seahorse-tail\.png/ }).click()
  const picture = page.getByRole('img', { name: 'seahorse-tail.png' })
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0))
    .toBe(true)

  await files.getByRole('button', { name: /about-the-pictures\.txt/ }).click()
  const words = readFileSync(join(demo, EXTRAS.name, 'about-the-pictures.txt'), 'utf8')
  await expect(page.locator('pre')).toHaveText(words)
  expect(page.url()).toContain(`${EXTRAS.infoHash}&file=0`)

  await film.click()
  await visitor.waitUntilPlaying()
  expect(consoleErrors).toEqual([])
})

test('a link, a magnet and the .torrent file each open the torrent in another browser', async ({
  page,
  browser,
}) => {
  const visitor = await openExtras(page)
  await visitor.waitForAllPieces()
  const link = await visitor.copyFromMenu('Copy link')
  expect(link).toBe(new URL(`/watch/#${EXTRAS.infoHash}`, page.url()).href)
  const magnet = await visitor.copyFromMenu('Copy magnet')
  expect(magnet).toContain(`xt=urn:btih:${EXTRAS.infoHash}`)
  const download = page.waitForEvent('download')
  await visitor.chooseFromMenu('Save .torrent')
  expect((await download).suggestedFilename()).toBe(`${EXTRAS.name}.torrent`)
  const saved = await readFile(await (await download).path())

  const opens = [
    (other: Page) =>
      other
        .getByLabel('Open a torrent')
        .fill(magnet)
        .then(() => other.getByLabel('Open a torrent').press('Enter')),
    (other: Page) =>
      dropFile(other, { name: 'again.torrent', type: 'application/x-bittorrent', bytes: saved }),
  ]
  for (const open of opens) {
    const context = await browser.newContext()
    const other = new Holder(await context.newPage())
    await other.openHome()
    await other.page.getByLabel('Open a torrent').focus()
    await open(other.page)
    await other.agree()
    await other.page.waitForURL(`**/watch/#${EXTRAS.infoHash}`)
    await expect(other.page.getByRole('region', { name: 'Files' }).getByRole('button')).toHaveCount(3)
    await other.waitForAllPieces()
    await context.close()
  }
})

test('a paused film stands still, also after a reload, and goes on when asked', async ({ page }) => {
  const visitor = new Holder(page)
  await visitor.playDemo()
  await page.getByRole('button', { name: /^Pause download of/ }).click()
  await expect(page.getByTestId('transfer')).toContainText('Paused')
  const verified = await visitor.countPieces('verified')
  expect(verified).toBeGreaterThan(0)
  expect(await visitor.countPieces('missing')).toBeGreaterThan(0)

  await page.reload()
  await expect(page.getByTestId('transfer')).toContainText('Paused')
  await expect.poll(() => visitor.countPieces('verified')).toBeGreaterThanOrEqual(verified)
  const kept = await visitor.countPieces('verified')
  await visitor.openWallet()
  await page.goBack()
  await expect(page.getByTestId('transfer')).toContainText('Paused')
  expect(await visitor.countPieces('verified')).toBe(kept)

  await page.getByRole('button', { name: /^Resume/ }).click()
  await expect.poll(() => visitor.countPieces('verified')).toBeGreaterThan(kept)
})

test('a removed torrent comes back by Undo; without it, the torrent and its data are gone', async ({
  page,
}) => {
  const visitor = await openExtras(page)
  await visitor.waitForAllPieces()
  await page.getByRole('link', { name: 'Piecemeal, front page' }).click()
  await expect(row(page)).toContainText('Complete, seeding')
  await page.reload()
  await expect(row(page)).toContainText('Complete, seeding')

  await visitor.chooseFromMenu('Remove')
  await expect(page.getByText('Removed “').filter({ hasText: EXTRAS.name })).toBeVisible()
  await expect(row(page)).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row(page)).toContainText('Complete, seeding')

  expect(await listStored(page)).toContain(EXTRAS.infoHash)
  await visitor.chooseFromMenu('Remove')
  await expect(page.getByText(/^None yet/)).toBeVisible()
  await page.reload()
  await expect(page.getByText(/^None yet/)).toBeVisible()
  await expect(page.getByTestId('network')).toHaveAttribute('data-engine', 'leader')
  await expect.poll(() => listStored(page)).not.toContain(EXTRAS.infoHash)
  await page.reload()
  await expect(page.getByText(/^None yet/)).toBeVisible()
  await expect(page.getByTestId('network')).toHaveAttribute('data-engine', 'leader')
  await expect(row(page)).toHaveCount(0)
})

test('a .torrent file that is none is refused in words, and nothing is asked', async ({ page }) => {
  const visitor = new Holder(page)
  await visitor.openHome()
  await dropFile(page, { name: 'broken.torrent', type: '', bytes: EXTRAS.torrentFile.subarray(0, 300) })
  await expect(page.getByText('That file is not a torrent, or it is damaged.')).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
})
