/** The main job with the demo wallet: play, pay per piece, tip, seek, settle, read the receipts. */

import { formatAmount, toAmount } from '../lib/units/index.ts'
import { getSecondOfColour, SWATCH } from '../scripts/media/second-colour.ts'
import { expect, test } from './fixtures/world.ts'
import { Visitor } from './pages/visitor.ts'

const BTT = 10n ** 18n

/** The film shows a colour of its own in each second. */
async function expectSecondOnScreen(visitor: Visitor, positionSec: number): Promise<void> {
  const colour = await visitor.readPixel(SWATCH.x + 28, SWATCH.y + 28)
  expect(getSecondOfColour(...colour)).toBe(Math.floor(positionSec))
}

test('a stranger plays the demo, pays the seeder for each piece, tips, settles and reads receipts that add up', async ({
  page,
  world,
  consoleErrors,
}) => {
  const visitor = new Visitor(page)
  const payeeBefore = await world.readBtt(world.seederPayee)

  await visitor.playDemo()
  await expect(visitor.peers).toHaveCount(1)
  await expect(visitor.peers.first()).toContainText('10 BTT')
  await expect(visitor.peers.first()).toContainText('Sells speed')
  const freePieces = await visitor.countPieces('verified')

  await visitor.openBudget()
  await page.getByRole('button', { name: 'Demo wallet' }).click()
  await visitor.readTestCoins()
  await visitor.chooseBudget('250')
  await expect(page.getByText(/TRX/).first()).toBeVisible()
  await visitor.lockBudget()
  await visitor.waitUntilPaying()

  await visitor.waitForAllPieces()
  await expect(visitor.peers.first()).toContainText(/Paid for \d+ pieces/)

  await expectSecondOnScreen(visitor, await visitor.seekTo(52))

  await visitor.tip('5', 'thank you for seeding')
  const thanks = page.getByTestId('thank-seeders')
  await expect(thanks).toContainText('A seeder brought you this.')
  await thanks.getByRole('button', { name: '1 BTT' }).click()
  await expect(page.getByText('Tipped 1 BTT in all.')).toBeVisible()
  await expect(thanks).toHaveCount(0)
  const settlement = await visitor.settle()
  expect(settlement.funded).toBe(250n * BTT)
  expect(settlement.paid + settlement.refunded).toBe(settlement.funded)

  // Now, not before: the last piece is painted as paid a moment after it is verified.
  const paidPieces = await visitor.countPieces('paid')
  expect(paidPieces + (await visitor.countPieces('verified'))).toBe(63)
  expect(paidPieces).toBeGreaterThan(63 - freePieces - 12)

  const receipts = await visitor.readReceipts()
  expect(receipts.get('tip')).toEqual({ count: 2, sum: 6n * BTT })
  expect(receipts.get('piece')?.count).toBe(paidPieces)
  const promised = (receipts.get('piece')?.sum ?? 0n) + (receipts.get('tip')?.sum ?? 0n)
  expect(promised).toBe(settlement.paid)
  expect(receipts.get('refund')?.sum).toBe(settlement.refunded)
  expect((await world.readBtt(world.seederPayee)) - payeeBefore).toBe(promised)

  await page.getByText('By film', { exact: true }).click()
  const visit = page.getByTestId('visit')
  await expect(visit).toHaveCount(1)
  await expect(visit).toContainText(`${paidPieces} pieces, 1 seeder, 6 BTT of it tips`)
  await expect(visit).toContainText(formatAmount(toAmount(promised), 4))
  await visit.getByRole('button', { expanded: false }).click()
  await expect(visit.getByTestId('receipt')).toHaveCount(25)

  const held = await page.getByTestId('address').innerText()
  expect(await world.readBtt(held)).toBe(5_000n * BTT - promised)
  expect(consoleErrors).toEqual([])
})

test('a reload in mid-stream keeps pieces, channel and vouchers, and paying goes on where it was', async ({
  page,
  world,
}) => {
  const visitor = new Visitor(page)
  const payeeBefore = await world.readBtt(world.seederPayee)
  await visitor.payForDemo()

  await page.reload()
  await expect(visitor.title('Paying is stopped')).toBeVisible({ timeout: 30_000 })
  await expect.poll(() => visitor.countPieces('paid')).toBeGreaterThan(0)
  await visitor.waitUntilPlaying()
  await page.getByRole('button', { name: 'Resume paying' }).click()
  await visitor.waitForAllPieces()
  const settlement = await visitor.settle()
  expect(settlement.paid + settlement.refunded).toBe(settlement.funded)
  const receipts = await visitor.readReceipts()
  expect(receipts.get('piece')?.sum).toBe(settlement.paid)
  expect((await world.readBtt(world.seederPayee)) - payeeBefore).toBe(settlement.paid)
})

test('a seek into a part that is not there yet shows that second', async ({ page }) => {
  const visitor = new Visitor(page)
  await visitor.playDemo()
  expect(await visitor.countPieces('missing')).toBeGreaterThan(20)
  await expectSecondOnScreen(visitor, await visitor.seekTo(45))
  expect(await visitor.countPieces('missing')).toBeGreaterThan(5)
})
