/**
 * The attack by fragment: who can set the address bar (a link, a bookmark, a page that was opened from another) names
 * another torrent while a budget is paying. Before, it was paid for without a click.
 */
import { expect, slowTuning, test } from './fixtures/world.ts'
import { Visitor } from './pages/visitor.ts'

test.use({ tuning: slowTuning })

const FILM = 'eb31ce0d80212376637bb9af291d5b02fb358d8d'
const EXTRAS = 'fda03e3af203d4b7bb1b7c374fc363be01cf456f'

test('the attack by fragment: another torrent is watched free, asks once, and is paid only after a yes', async ({
  page,
  world,
  consoleErrors,
}) => {
  const visitor = new Visitor(page)
  const payeeBefore = await world.readBtt(world.seederPayee)
  await visitor.payForDemo('250')

  await page.evaluate((infoHash) => {
    window.location.hash = infoHash
  }, EXTRAS)
  const question = page.getByRole('group', { name: 'Pay here too?' })
  await expect(question).toBeVisible()
  await expect(question).toContainText(/Nothing is paid for this torrent\. .*You pay at most 20 BTT per MiB/)
  await expect(visitor.title('Not paying here')).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  // It comes all the same, free.
  await expect.poll(() => visitor.countPieces('verified'), { timeout: 60_000 }).toBeGreaterThan(3)
  expect(await visitor.countPieces('paid')).toBe(0)

  // "Not here" is remembered, through a reload and a way back, and can be taken back.
  await page.getByRole('button', { name: 'Not here' }).click()
  await expect(question).toBeHidden()
  await page.reload()
  await expect(visitor.title('Paying is stopped')).toBeVisible({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Resume paying' }).click()
  await expect(page.getByText('This torrent is free for you.')).toBeVisible()
  await expect(question).toBeHidden()
  expect(await visitor.countPieces('paid')).toBe(0)

  // Meanwhile the film that was agreed to is paid for.
  await page.evaluate((infoHash) => {
    window.location.hash = infoHash
  }, FILM)
  await visitor.waitUntilPaying()
  await expect(question).toBeHidden()
  await visitor.waitForAllPieces()

  const settlement = await visitor.settle()
  const paidPieces = await visitor.countPieces('paid')
  const receipts = await visitor.readReceipts()
  expect(receipts.get('piece')).toEqual({ count: paidPieces, sum: settlement.paid })

  await expect(visitor.receipts.filter({ hasText: 'postcards' })).toHaveCount(0)
  await expect(visitor.receipts.filter({ hasText: 'seahorse' })).not.toHaveCount(0)
  expect((await world.readBtt(world.seederPayee)) - payeeBefore).toBe(settlement.paid)
  expect(consoleErrors).toEqual([])
})

test('the attack by fragment: a yes by the keyboard pays there, and a tip needs it too', async ({ page }) => {
  const visitor = new Visitor(page)
  await visitor.payForDemo('250')
  await page.evaluate((infoHash) => {
    window.location.hash = infoHash
  }, EXTRAS)
  const yes = page.getByRole('button', { name: 'Yes, pay here' })
  await expect(yes).toBeVisible()
  await expect(visitor.peers.first()).toBeVisible()
  await expect(visitor.peers.first().getByRole('button', { name: /^Tip/ })).toBeDisabled()
  await expect(yes).toHaveAttribute('aria-disabled', 'false')
  await yes.focus()
  await page.keyboard.press('Enter')
  await expect(visitor.title('Paying for speed')).toBeVisible()
  await expect(page.getByRole('group', { name: 'Pay here too?' })).toBeHidden()
  await expect.poll(() => visitor.countPieces('paid'), { timeout: 60_000 }).toBeGreaterThan(0)
})
