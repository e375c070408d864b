/**
 * The attack by an opener: a foreign page opens ours, waits until a budget pays there, and leads the window to a torrent of
 * its own; or shows ours in a frame, under clicks that are meant for something else. The host here sends none of our headers.
 */
import type { Page } from '@playwright/test'
import { type EvilSite, type EvilWindow, startBareHost, startEvilSite } from './fixtures/evil-site.ts'
import { expect, slowTuning, test } from './fixtures/world.ts'
import { Visitor } from './pages/visitor.ts'

test.use({ tuning: slowTuning })

const FILM = 'eb31ce0d80212376637bb9af291d5b02fb358d8d'
const EXTRAS = 'fda03e3af203d4b7bb1b7c374fc363be01cf456f'

let evil: EvilSite
let host: EvilSite
test.beforeAll(async ({ world }) => {
  evil = await startEvilSite()
  host = await startBareHost(world.siteUrl)
})
test.afterAll(() => Promise.all([evil.stop(), host.stop()]))

const command = (page: Page, name: keyof EvilWindow, url: string): Promise<void> =>
  page.evaluate(([what, where]) => (window as unknown as EvilWindow)[what](where), [name, url] as const)

test('the attack by an opener: the torrent that it leads to is not paid for', async ({
  page,
  context,
  world,
}) => {
  const payeeBefore = await world.readBtt(world.seederPayee)
  await page.goto(evil.url)
  const opening = context.waitForEvent('page')
  await command(page, 'open', `${host.url}watch/#${FILM}`)
  const visitor = new Visitor(await opening)
  await visitor.agree()
  await expect(visitor.peers).toHaveCount(1)
  await visitor.prepareBudget('100')
  await visitor.lockBudget()
  await visitor.waitUntilPaying()

  await command(page, 'steer', `${host.url}watch/#${EXTRAS}`)
  await expect(visitor.page.getByRole('group', { name: 'Pay here too?' })).toBeVisible()
  await expect.poll(() => visitor.countPieces('verified'), { timeout: 60_000 }).toBeGreaterThan(3)
  expect(await visitor.countPieces('paid')).toBe(0)

  await command(page, 'steer', `${host.url}watch/#${FILM}`)
  await expect(visitor.title('Paying for speed')).toBeVisible()
  const settlement = await visitor.settle()
  const receipts = await visitor.readReceipts()
  expect(receipts.get('piece')?.sum).toBe(settlement.paid)
  await expect(visitor.receipts.filter({ hasText: 'postcards' })).toHaveCount(0)
  await expect(visitor.receipts.filter({ hasText: 'seahorse' })).not.toHaveCount(0)
  expect((await world.readBtt(world.seederPayee)) - payeeBefore).toBe(settlement.paid)
})

test('the attack by a frame: framed, the page plays and has nothing about money', async ({ page }) => {
  await page.goto(evil.url)
  await command(page, 'frame', `${host.url}watch/#${FILM}`)
  const frame = page.frameLocator('iframe')
  await frame.getByRole('button', { name: 'Agree and continue' }).click()
  await expect(frame.getByRole('region', { name: 'Peers' }).getByRole('row').nth(1)).toBeVisible()
  await expect
    .poll(() => frame.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime), {
      timeout: 60_000,
    })
    .toBeGreaterThan(0.2)

  const way = frame.getByRole('link', { name: 'Open in its own tab to pay or earn' })
  await expect(way).toHaveAttribute('target', '_blank')
  await expect(way).toHaveAttribute('rel', /noopener/)
  await expect(way).toHaveAttribute('href', `${host.url}watch/#${FILM}`)
  await expect(frame.getByTestId('money-bar')).toHaveCount(0)
  await expect(frame.getByTestId('money-chip')).toHaveCount(0)
  for (const name of ['Connect', 'Pay for speed', 'Settle'])
    await expect(frame.getByRole('button', { name, exact: true })).toHaveCount(0)
  await frame.getByRole('link', { name: 'Wallet', exact: true }).click()
  await expect(frame.getByRole('heading', { name: 'Wallet', level: 1 })).toBeVisible()
  await expect(frame.getByRole('link', { name: 'Open in its own tab to pay or earn' })).toBeVisible()
  await expect(frame.getByRole('button', { name: /Connect|Start earning|Redeem/ })).toHaveCount(0)
})
