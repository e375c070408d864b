/** For everyone: no axe violation in any state, theme or size; all by keyboard; no motion where none is wanted; no stranger asked. */
import AxeBuilder from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'
import { expect, slowTuning, test as worldTest } from './fixtures/world.ts'
import { Visitor } from './pages/visitor.ts'

const SIZES = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 900 },
} as const
const NARROW = { width: 360, height: 740 }

interface Watched {
  /** Addresses that any page of the visit asked and that lie outside this machine. Must be empty at the end. */
  strangers: string[]
}

const test = worldTest.extend<Watched>({
  strangers: [
    async ({ context }, use) => {
      const strangers: string[] = []
      const look = (url: string): void => {
        const { protocol, hostname } = new URL(url)
        if (/^(?:http|ws)s?:$/.test(protocol) && hostname !== '127.0.0.1') strangers.push(url)
      }
      context.on('request', (request) => look(request.url()))
      context.on('page', (page) => page.on('websocket', (socket) => look(socket.url())))
      await use(strangers)
      expect(strangers, 'addresses of strangers').toEqual([])
    },
    { auto: true },
  ],
})

// So slow a film is not there before its payer has been looked at from all sides.
test.use({ tuning: { ...slowTuning, freeBytesPerSec: 40 * 1024 } })

/** The state on screen, in both themes and sizes; and nothing sticks out of a narrow phone. */
async function expectAccessible(page: Page, state: string): Promise<void> {
  const found: string[] = []
  await page.emulateMedia({ reducedMotion: 'reduce' })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport)
      const { violations } = await new AxeBuilder({ page }).analyze()
      for (const { id, nodes } of violations) {
        const where = nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary}`)
        found.push(`${state}, ${colorScheme}, ${size}: ${id}: ${where.join('; ')}`)
      }
    }
  }
  await page.setViewportSize(NARROW)
  const wide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 0.5)
      .map((element) => `${element.tagName} ${element.className} ${element.getBoundingClientRect().right}`)
  })
  if (wide.length > 0) found.push(`${state} on ${NARROW.width} px: too wide: ${wide.slice(0, 8).join('; ')}`)
  await page.setViewportSize(SIZES.desktop)
  expect(found).toEqual([])
}

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible()
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab')
    if (await target.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error('the Tab key does not lead there')
}

test('the front page, an empty player and an empty wallet have no violation', async ({
  page,
  consoleErrors,
}) => {
  for (const path of ['/', '/watch/', '/wallet/']) {
    await page.goto(path)
    await expect(page.getByTestId('network')).toHaveAttribute('data-engine', 'leader')
    await expectAccessible(page, path)
  }
  expect(consoleErrors).toEqual([])
})

test('a page that is not there says so, without a violation', async ({ page }) => {
  expect((await page.goto('/nowhere'))?.status()).toBe(404)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expectAccessible(page, '404')
})

test('consent, playing, budget, paying and receipts have no violation', async ({ page, consoleErrors }) => {
  // Seven states, each looked at in two themes and sizes.
  test.slow()
  const visitor = new Visitor(page)
  await visitor.openHome()
  await page.getByRole('button', { name: /Play the demo/ }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await expectAccessible(page, 'consent sheet')
  await visitor.agree()
  await visitor.waitUntilPlaying()
  await expect(visitor.peers).toHaveCount(1)
  await expectAccessible(page, 'playing')

  await visitor.openBudget()
  await expectAccessible(page, 'connect dialog')
  await page.getByRole('button', { name: 'Demo wallet' }).click()
  await visitor.readTestCoins()
  await visitor.chooseOtherBudget('1000000')
  await expect(page.getByText('There is less BTT than the budget.')).toBeVisible()
  await expectAccessible(page, 'budget dialog, short of coins')
  await visitor.chooseBudget('250')
  await visitor.lockBudget()
  await visitor.waitUntilPaying()
  await expectAccessible(page, 'paying')

  await page.getByRole('button', { name: /^Spent/ }).click()
  await expect(visitor.receipts.first()).toBeVisible()
  await expectAccessible(page, 'receipts')
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Wallet', exact: true }).click()
  await expect(visitor.receipts.first()).toBeVisible()
  await expectAccessible(page, 'a wallet with receipts')
  expect(consoleErrors).toEqual([])
})

test('with the keyboard alone one plays the demo and opens the budget', async ({ page, consoleErrors }) => {
  const visitor = new Visitor(page)
  await visitor.openHome()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused()
  await tabTo(page, page.getByRole('button', { name: /Play the demo/ }))
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('button', { name: 'Agree and continue' }))
  await page.keyboard.press('Enter')
  await visitor.waitUntilPlaying()

  const pay = page.getByRole('button', { name: 'Pay for speed' })
  await tabTo(page, pay)
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('button', { name: 'Demo wallet' }))
  await page.keyboard.press('Enter')
  const budget = page.getByRole('dialog', { name: 'Pay for speed' })
  await tabTo(page, budget.getByLabel('Pay at most, per MiB'))
  await page.keyboard.press('Escape')
  await expect(budget).toBeHidden()
  await expect(pay).toBeFocused()
  expect(consoleErrors).toEqual([])
})

test('the player obeys its keys', async ({ page }) => {
  const visitor = new Visitor(page)
  await visitor.playDemo()
  await page.keyboard.press('k')
  await expect(page.getByRole('button', { name: 'Play (k)' })).toBeVisible()
  const before = await visitor.position()
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => visitor.position()).toBeCloseTo(before + 5, 1)
  await page.keyboard.press('l')
  await expect.poll(() => visitor.position()).toBeCloseTo(before + 15, 1)
  await page.keyboard.press('j')
  await page.keyboard.press('ArrowLeft')
  await expect.poll(() => visitor.position()).toBeCloseTo(before, 1)
  await page.keyboard.press('m')
  await expect(page.getByRole('button', { name: 'Sound on (m)' })).toBeVisible()
  await page.keyboard.press('c')
  await expect(page.getByRole('button', { name: 'Captions (c)' })).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('f')
  await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(true)
  await page.keyboard.press('f')
  await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(false)
  await page.keyboard.press(' ')
  await expect(page.getByRole('button', { name: 'Pause (k)' })).toBeVisible()
})

test('nothing moves for a visitor who wants no motion', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const visitor = new Visitor(page)
  const countMoving = () =>
    page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length)
  await visitor.openHome()
  await expect.poll(countMoving).toBe(0)
  await page.getByRole('button', { name: /Play the demo/ }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await expect.poll(countMoving).toBe(0)
  await visitor.agree()
  await visitor.waitUntilPlaying()
  await expect.poll(countMoving).toBe(0)
})
