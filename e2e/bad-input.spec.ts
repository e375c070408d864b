/** Bad input: whatever a stranger types, drops, follows or names, the page says what it is and goes on working. */
import type { Page } from '@playwright/test'
import { startLinkSite } from './fixtures/link-site.ts'
import { asTorrentFile, makeFilm, makeTorrent, makeV2Torrent } from './fixtures/torrents.ts'
import { expect, test } from './fixtures/world.ts'
import { Visitor } from './pages/visitor.ts'

const UNKNOWN_HASH = 'c0ffee'.repeat(7).slice(0, 40)

test('text that names no torrent is refused in plain words, before any question about sharing', async ({
  page,
  consoleErrors,
}) => {
  const visitor = new Visitor(page)
  await visitor.openHome()
  const cases: readonly (readonly [text: string, title: string])[] = [
    ['', 'There is nothing to open.'],
    ['   ', 'There is nothing to open.'],
    ['correct horse battery staple', 'That is not a magnet link'],
    ['<img src=x onerror=alert(1)>', 'That is not a magnet link'],
    ['javascript:alert(1)', 'That is not a magnet link'],
    ['x'.repeat(200_000), 'That text is far too long for a link.'],
    ['magnet:?dn=A%20film', 'That magnet link has no readable info-hash.'],
    ['magnet:?xt=urn:btih:1234', 'That magnet link has no readable info-hash.'],
    [`magnet:?xt=urn:btmh:1220${'ab'.repeat(32)}`, 'That torrent uses only version 2 of BitTorrent.'],
  ]
  for (const [text, title] of cases) {
    await visitor.openText(text)
    await visitor.expectProblem(title)
  }
  await expect(page.getByRole('dialog')).toBeHidden()
  await visitor.openText(`magnet:?xt=urn:btih:${UNKNOWN_HASH}`)
  await visitor.agree()
  await page.waitForURL(new RegExp(`/watch/#${UNKNOWN_HASH}`))
  expect(consoleErrors).toEqual([])
})

test('a .torrent file that is broken, empty, huge or of version 2 is refused in plain words', async ({
  page,
  consoleErrors,
}) => {
  const visitor = new Visitor(page)
  await visitor.openHome()
  const broken = 'That file is not a torrent, or it is damaged.'
  await visitor.openFiles(asTorrentFile('d4:infod6:lengthi12e4:name5:a.'))
  await visitor.expectProblem(broken)
  await visitor.openFiles(makeV2Torrent())
  await visitor.expectProblem('That torrent uses only version 2 of BitTorrent.')
  await visitor.openFiles(asTorrentFile(''))
  await visitor.expectProblem(broken)
  await visitor.openFiles(asTorrentFile(new Uint8Array(12_000_000)))
  await visitor.expectProblem('That .torrent file is too large to be one.')
  await visitor.openFiles(makeTorrent('Films', [['..', '..', 'etc', 'passwd']]))
  await visitor.expectProblem(broken)
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page.getByText('None yet.')).toBeVisible()
  expect(consoleErrors).toEqual([])
})

test('a link that leads to no torrent is refused in plain words, and the next one can be tried', async ({
  page,
}) => {
  const site = await startLinkSite()
  try {
    const visitor = new Visitor(page)
    await visitor.openHome()
    await visitor.openText(`${site.url}/missing`)
    await visitor.agree()
    await visitor.expectProblem('The link could not be fetched.')
    await visitor.openText(`${site.url}/page`)
    await visitor.expectProblem('That file is not a torrent, or it is damaged.')
    await visitor.openText(`${site.url}/broken`)
    await visitor.expectProblem('The link could not be fetched.')
    await visitor.openText(`${site.url}/empty`)
    await visitor.expectProblem('That file is not a torrent, or it is damaged.')
    await visitor.openText(`${site.url}/silent`)
    await expect(page.getByText('Fetching the link.')).toBeVisible()
    await visitor.expectProblem('The link could not be fetched.', 40_000)
  } finally {
    await site.stop()
  }
})

test('a watch page that names nothing, or nonsense, says so and leads on', async ({
  page,
  consoleErrors,
}) => {
  const visitor = new Visitor(page)
  await page.goto('/watch/')
  await expect(page.getByText('No torrent is named here.')).toBeVisible()
  await page.goto('/watch/#nonsense')
  await visitor.expectProblem('That is not a magnet link')
  await page.goto('/watch/#%E0%A4%A')
  await visitor.expectProblem('That is not a magnet link')
  await page.goto(`/watch/#magnet:?dn=${'x'.repeat(20_000)}`)
  await visitor.expectProblem('That text is far too long for a link.')
  await page.getByRole('link', { name: 'Open another torrent' }).click()
  await expect(page.getByLabel('Open a torrent')).toBeVisible()
  expect(consoleErrors).toEqual([])
})

test('a torrent that nobody has says so, why, and what to do', async ({ page, consoleErrors }) => {
  const visitor = new Visitor(page)
  await page.goto(`/watch/#${UNKNOWN_HASH}`)
  await visitor.agree()
  await expect(page.getByText('Asking peers what this torrent holds.')).toBeVisible()
  await visitor.expectProblem('Nobody who has this torrent can be reached yet.')
  await expect(page.getByText(/only reach peers that speak WebRTC/)).toBeVisible()
  expect(consoleErrors).toEqual([])
})

test('names of a stranger’s torrent are text, whatever they hold', async ({ page, consoleErrors }) => {
  const visitor = new Visitor(page)
  const markup = '<img src=x onerror=document.title=1>'
  await visitor.openHome()
  await visitor.openFiles(makeTorrent(markup, [[`${markup}.txt`], ['javascript:alert(1).mp4']]))
  await visitor.agree()
  await expect(visitor.title(markup)).toBeVisible()
  await expect(page.getByRole('button', { name: `${markup}.txt` })).toBeVisible()
  await page.getByRole('button', { name: `${markup}.txt` }).click()
  await page.getByRole('link', { name: 'Piecemeal' }).first().click()
  await expect(page.getByRole('link', { name: markup })).toBeVisible()
  await visitor.openFiles(makeFilm('"><svg onload=document.title=1>.mp4'))
  await expect(visitor.title('"><svg onload=document.title=1>.mp4')).toBeVisible()
  await expect(page).not.toHaveTitle('1')
  await expect(page.locator('img[src="x"], svg[onload]')).toHaveCount(0)
  expect(consoleErrors).toEqual([])
})

/** Puts the URL into the page as a script or a frame; resolves once the browser has loaded or refused it. */
function embed(page: Page, tag: string, url: string): Promise<void> {
  return page.evaluate(
    ([name, source]) =>
      new Promise((resolve) => {
        const element = document.createElement(name)
        element.setAttribute(name === 'object' ? 'data' : 'src', source)
        element.onload = element.onerror = () => resolve()
        document.addEventListener('securitypolicyviolation', () => resolve(), { once: true })
        document.body.append(element)
      }),
    [tag, url] as const,
  )
}

test('a page, a picture and a script out of a torrent run nothing here', async ({ page }) => {
  const visitor = new Visitor(page)
  const script = '<script>parent.document.title = "run"; document.title = "run"</script>'
  await visitor.openHome()
  await visitor.openFiles([
    { name: 'page.html', mimeType: 'text/html', buffer: Buffer.from(`<h1>Free coins</h1>${script}`) },
    {
      name: 'picture.svg',
      mimeType: 'image/svg+xml',
      buffer: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">${script}</svg>`),
    },
  ])
  await visitor.agree()
  await page.getByRole('button', { name: /page\.html \d+ %/ }).click()
  await expect(page.getByText('<h1>Free coins</h1>')).toBeVisible()
  await page.getByRole('button', { name: /picture\.svg \d+ %/ }).click()
  const picture = page.getByRole('img', { name: 'picture.svg' })
  await expect(picture).toBeVisible()
  const url = await picture.getAttribute('src')
  const streams = [0, 1].map((index) => (url ?? '').replace(/\/\d+\/[^/]*$/, `/${index}/x`))
  for (const stream of streams) {
    const answer = await page.evaluate(async (source) => {
      const { headers } = await fetch(source)
      return { type: headers.get('content-type'), policy: headers.get('content-security-policy') }
    }, stream)
    expect(answer.type).toMatch(/^(text\/plain|image\/svg)/)
    expect(answer.policy).toMatch(/^sandbox; default-src 'none'/)
    for (const tag of ['script', 'iframe', 'object', 'embed']) await embed(page, tag, stream)
  }
  await expect(page).not.toHaveTitle('run')
  const download = page.waitForEvent('download')
  await page.evaluate((source) => window.location.assign(source), url ?? '')
  expect((await download).suggestedFilename()).toBe('picture.svg')
  await expect(page).not.toHaveTitle('run')
})
