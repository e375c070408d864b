/** Who may do what: nothing before consent, nothing that was refused, other answers at any time; one tab leads. */
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures/world.ts'
import { Holder } from './pages/holder.ts'

const FILM = 'eb31ce0d80212376637bb9af291d5b02fb358d8d'
const EXTRAS = 'fda03e3af203d4b7bb1b7c374fc363be01cf456f'

const demoButton = (page: Page) => page.getByRole('button', { name: /Play the demo/ })
const rows = (page: Page) => page.getByRole('region', { name: 'Your torrents' }).getByRole('listitem')

test('what was put off is not fetched when the visitor agrees to something else', async ({ page }) => {
  const visitor = new Holder(page)
  await visitor.openHome()
  await demoButton(page).click()
  await page.getByRole('button', { name: 'Not now' }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page).toHaveURL('/')

  // The closed dialog gives the focus back to its button, perhaps only now: Enter is for the field.
  await page.getByLabel('Open a torrent').fill(EXTRAS)
  await page.getByLabel('Open a torrent').press('Enter')
  await visitor.agree()
  await page.waitForURL(`**/watch/#${EXTRAS}`)
  await visitor.waitForAllPieces()
  await page.getByRole('link', { name: 'Piecemeal, front page' }).click()
  await expect(rows(page)).toHaveCount(1)
  await expect(rows(page)).toContainText('fractal-postcards')
})

test('a link that was put off waits and opens when asked again', async ({ page }) => {
  const visitor = new Holder(page)
  await page.goto(`/watch/#${FILM}`)
  await page.getByRole('button', { name: 'Not now' }).click()
  await expect(page.getByText('This torrent waits for your agreement.')).toBeVisible()
  await page.getByRole('button', { name: 'Review and continue' }).click()
  await visitor.agree()
  await visitor.waitUntilPlaying()
})

test('sharing can be changed later, and the answers are remembered', async ({ page }) => {
  const visitor = new Holder(page)
  await visitor.playDemo()
  await visitor.openSharingSettings()
  const seeding = page.getByRole('switch', { name: 'Seed what I download' })
  await expect(seeding).toBeChecked()
  await page.getByText('1 MB/s', { exact: true }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('dialog')).toBeHidden()

  await page.reload()
  await visitor.waitUntilPlaying()
  await visitor.openSharingSettings()
  await expect(page.getByRole('radio', { name: '1 MB/s' })).toBeChecked()
  await seeding.uncheck()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await visitor.openSharingSettings()
  await expect(seeding).toBeChecked()
})

test('a second tab says that another leads, refuses in words, and takes over when that one closes', async ({
  page,
  context,
}) => {
  const first = new Holder(page)
  await first.openHome()
  await expect(page.getByTestId('network')).toHaveAttribute('data-engine', 'leader')

  const second = new Holder(await context.newPage())
  await second.openHome()
  const words = second.page.getByText('Piecemeal is open in another tab.')
  await expect(words).toHaveCount(1)
  await expect(second.page.getByRole('button', { name: 'Sharing settings' })).toBeDisabled()
  await demoButton(second.page).click()
  await expect(second.page.getByRole('alert').filter({ has: words })).toBeVisible()
  await expect(second.page.getByRole('dialog')).toHaveCount(0)

  await second.openWallet()
  await second.connect('Demo wallet')
  await second.page.getByRole('button', { name: 'Start earning' }).click()
  await expect(
    second.page.getByRole('region', { name: 'Seed and earn' }).filter({ has: words }),
  ).toBeVisible()

  await page.close()
  await expect(second.page.getByTestId('network')).toHaveAttribute('data-engine', 'leader')
  await expect(second.page.getByRole('button', { name: 'Sharing settings' })).toBeEnabled()
  await second.playDemo()
})

test('a link opened in a second tab waits there and plays once it leads', async ({ page, context }) => {
  const first = new Holder(page)
  await first.openHome()
  await first.openSharingSettings()
  await first.agree()
  const second = new Holder(await context.newPage())
  await second.page.goto(`/watch/#${FILM}`)
  await expect(second.page.getByText('Waiting for the other tab.')).toBeVisible()
  await page.close()
  await second.waitUntilPlaying()
})
