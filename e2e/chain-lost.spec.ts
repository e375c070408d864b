/** The chain goes away after a transaction was sent and before it is known how it ended: nothing is sent twice, nothing is lost. */
import { expect, slowTuning, test } from './fixtures/world.ts'
import { BTT, Visitor } from './pages/visitor.ts'

test.use({
  tuning: { ...slowTuning, blockTime: 3_000 },
})

test('a chain lost while a settlement is under way loses nothing: it counts once, to the base unit', async ({
  page,
  world,
  lines,
}) => {
  const visitor = new Visitor(page)
  const payeeBefore = await world.readBtt(world.seederPayee)
  const confirming = page.getByText('Waiting for the network to confirm')
  await visitor.payForDemo()

  await visitor.askToSettle()
  await expect(page.getByText('Pays every seeder and refunds the rest')).toBeVisible({ timeout: 30_000 })
  await expect(confirming).toBeVisible()
  lines.chain.cut()
  const missing = await visitor.countPieces('missing')
  await expect.poll(() => visitor.countPieces('missing')).toBeLessThan(missing)
  lines.chain.mend()
  // The block may have come just before the cut: then the page has said that the node does not answer.
  const again = page.getByRole('button', { name: 'Settle', exact: true })
  await expect(again.or(page.getByTestId('settlement'))).toBeVisible({ timeout: 60_000 })
  if (await again.isVisible()) await visitor.askToSettle()
  const settlement = await visitor.readSettlement()
  expect(settlement.funded).toBe(100n * BTT)
  expect(settlement.paid + settlement.refunded).toBe(settlement.funded)
  const receipts = await visitor.readReceipts()
  expect(receipts.get('piece')?.sum).toBe(settlement.paid)
  expect(receipts.get('refund')?.sum).toBe(settlement.refunded)
  expect((await world.readBtt(world.seederPayee)) - payeeBefore).toBe(settlement.paid)
  expect(await world.readBtt(await page.getByTestId('address').innerText())).toBe(
    5_000n * BTT - settlement.paid,
  )
})
