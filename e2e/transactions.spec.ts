/** The wallet page's list of transactions, from the lock to the settlement and through a reload. */
import { expect, slowTuning, test } from './fixtures/world.ts'
import { Visitor } from './pages/visitor.ts'

// A world of its own: others stop its seeder.
test.use({ tuning: { ...slowTuning, freeAllowanceBytes: 640 * 1024 } })

test('a budget’s transactions are listed with their fate from the lock to the settlement, and after a reload', async ({
  page,
  consoleErrors,
}) => {
  const visitor = new Visitor(page)
  await page.goto('/wallet/')
  await expect(page.getByText(/^None yet\. Each transaction/)).toBeVisible()
  await visitor.payForDemo('100')

  await page.getByRole('link', { name: 'Wallet' }).first().click()
  const section = page.getByRole('region', { name: 'Transactions' })
  const rows = section.getByTestId('transaction')
  await expect(rows).toHaveCount(2)
  await expect(rows.nth(0)).toContainText('Lock a budget and open a channel')
  await expect(rows.nth(0)).toContainText('100 BTT')
  await expect(rows.nth(1)).toContainText('Allow the contract')
  for (const row of await rows.all()) {
    await expect(row).toContainText('Done, and final.')
    await expect(row).toContainText(/fee [\d.]+ TRX/)
    await expect(row.getByRole('link')).toHaveAttribute('href', /\/explorer\/transaction\/[0-9a-f]{64}$/)
    await expect(row.getByRole('button', { name: 'Copy transaction id' })).toBeVisible()
  }

  await visitor.settle()
  await expect(rows).toHaveCount(3)
  await expect(rows.nth(0)).toContainText('Settle and refund')
  await expect(rows.nth(0)).toContainText('Done, and final.')
  const toast = page.getByRole('listitem').filter({ hasText: 'Settle and refund' })
  await expect(toast).toContainText('Done, and final.')
  await expect(toast.getByRole('button', { name: 'Explorer' })).toBeVisible()

  await page.reload()
  await expect(rows).toHaveCount(3)
  for (const row of await rows.all()) await expect(row).toContainText('Done, and final.')
  expect(consoleErrors).toEqual([])
})
