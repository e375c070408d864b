/** What can go away goes away: tracker, chain, seeder, budget, tab. The page says so, keeps the money safe and goes on. */
import { expect, slowTuning, test } from './fixtures/world.ts'
import { BTT, Visitor } from './pages/visitor.ts'

test.use({ tuning: slowTuning })

test('a tracker that is away is named, and the film starts once it is back', async ({ page, lines }) => {
  const visitor = new Visitor(page)
  lines.tracker.cut()
  try {
    await visitor.openHome()
    await page.getByRole('button', { name: /Play the demo/ }).click()
    await visitor.agree()
    await visitor.expectProblem('No tracker answers, so no peers can be found.')
  } finally {
    lines.tracker.mend()
  }
  await visitor.waitUntilPlaying()
  await expect(page.getByText('No tracker answers')).toBeHidden()
})

test('a chain that is away before paying is named in the budget dialog, and nothing is signed', async ({
  page,
  lines,
}) => {
  const visitor = new Visitor(page)
  await visitor.playDemo()
  await visitor.connect('Demo wallet')
  lines.chain.cut()
  try {
    await visitor.openBudget()
    const dialog = page.getByRole('dialog')
    await visitor.expectProblem('The TRON node does not answer.')
    await expect(dialog.getByRole('button', { name: /^Lock/ })).toBeDisabled()
  } finally {
    lines.chain.mend()
  }
  await expect(page.getByText('The TRON node does not answer.')).toBeHidden()
  await visitor.lockBudget()
  await visitor.waitUntilPaying()
})

test('a chain that goes away while paying stops neither film nor vouchers, and settling waits for it', async ({
  page,
  world,
  lines,
}) => {
  const visitor = new Visitor(page)
  const payeeBefore = await world.readBtt(world.seederPayee)
  await visitor.payForDemo()
  lines.chain.cut()
  try {
    const paidAtCut = await visitor.countPieces('paid')
    await expect.poll(() => visitor.countPieces('paid')).toBeGreaterThan(paidAtCut + 3)
    await visitor.settleButton.click()
    await visitor.expectProblem('The TRON node does not answer.')
    await expect(page.getByRole('button', { name: 'Settle now' })).toBeDisabled()
    await page.getByRole('button', { name: 'Not yet' }).click()
    await expect(page.getByRole('button', { name: 'Settle', exact: true })).toBeEnabled()
  } finally {
    lines.chain.mend()
  }
  const settlement = await visitor.settle()
  expect(settlement.funded).toBe(100n * BTT)
  expect(settlement.paid + settlement.refunded).toBe(settlement.funded)
  expect((await visitor.readReceipts()).get('piece')?.sum).toBe(settlement.paid)
  expect((await world.readBtt(world.seederPayee)) - payeeBefore).toBe(settlement.paid)
})

test('a seeder that goes away in mid-film is missed in words, and paying goes on when it is back', async ({
  page,
  world,
}) => {
  const visitor = new Visitor(page)
  await visitor.payForDemo()
  await world.seeder.stop()
  await expect(visitor.peers).toHaveCount(0)
  await expect(page.getByText('No peers yet.')).toBeVisible()
  await visitor.expectProblem('Nobody who has this torrent can be reached yet.')
  const paidBefore = await visitor.countPieces('paid')
  await world.restartSeeder()
  await expect(visitor.peers).toHaveCount(1, { timeout: 60_000 })
  await expect.poll(() => visitor.countPieces('paid'), { timeout: 60_000 }).toBeGreaterThan(paidBefore)
  const settlement = await visitor.settle()
  expect(settlement.paid + settlement.refunded).toBe(settlement.funded)
  expect((await visitor.readReceipts()).get('piece')?.sum).toBe(settlement.paid)
})

test('a budget that runs out in mid-film leaves a free peer, and settles to make room for the next', async ({
  page,
  world,
}) => {
  const visitor = new Visitor(page)
  const payeeBefore = await world.readBtt(world.seederPayee)
  await visitor.playDemo()
  await visitor.prepareBudget('12')
  await visitor.lockBudget()
  await expect(visitor.title('The budget is used up')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText(/The stream goes on as a free peer/)).toBeVisible()
  const had = await visitor.countPieces('missing')
  expect(had).toBeGreaterThan(0)
  await expect.poll(() => visitor.countPieces('missing'), { timeout: 60_000 }).toBeLessThan(had)
  const settlement = await visitor.settle()
  expect(settlement.funded).toBe(12n * BTT)
  expect(settlement.paid + settlement.refunded).toBe(settlement.funded)
  expect((await world.readBtt(world.seederPayee)) - payeeBefore).toBe(settlement.paid)
  await page.getByRole('button', { name: 'Done' }).click()
  await visitor.openBudget()
  await visitor.chooseBudget('100')
  await visitor.lockBudget()
  await expect(visitor.title('Paying for speed')).toBeVisible({ timeout: 30_000 })
})

test('a budget that runs out in mid-film is topped up, pays on, and settles both to the unit', async ({
  page,
  world,
}) => {
  const visitor = new Visitor(page)
  await visitor.playDemo()
  await expect(visitor.peers).toHaveCount(1)
  await visitor.prepareBudget('12')
  await visitor.lockBudget()
  await expect(visitor.title('The budget is used up')).toBeVisible({ timeout: 60_000 })
  const paidBefore = await visitor.countPieces('paid')
  await page.getByRole('button', { name: 'Top up' }).click()
  await expect(visitor.term('Network fee now, at most')).toContainText(/[\d.]+ TRX/)
  await page.getByRole('button', { name: /^Add [\d,]+ BTT$/ }).click()
  await expect(visitor.title('Paying for speed')).toBeVisible({ timeout: 30_000 })
  await expect.poll(() => visitor.countPieces('paid'), { timeout: 60_000 }).toBeGreaterThan(paidBefore)
  await visitor.waitForAllPieces()
  await expect(visitor.moneyBar).toContainText('You have all of this torrent')
  const [account = ''] = /T\w{33}/.exec(await page.getByTestId('account').innerHTML()) ?? []
  const held = await world.readBtt(account)
  const { funded, paid, refunded } = await visitor.settle()
  expect(funded).toBeGreaterThan(12n * BTT)
  expect(paid + refunded).toBe(funded)
  expect((await world.readBtt(account)) - held).toBe(refunded)
})

test('a price above the maximum is not paid, and the row says why', async ({ page }) => {
  const visitor = new Visitor(page)
  await visitor.playDemo()
  await visitor.prepareBudget('100', '5')
  await visitor.lockBudget()
  await expect(visitor.peers.first()).toContainText('Asks more than your maximum', { timeout: 30_000 })
  const had = await visitor.countPieces('verified')
  await expect.poll(() => visitor.countPieces('verified'), { timeout: 60_000 }).toBeGreaterThan(had)
  expect(await visitor.countPieces('paid')).toBe(0)
  const settlement = await visitor.settle()
  expect(settlement).toEqual({ funded: 100n * BTT, paid: 0n, refunded: 100n * BTT })
})

test('a faucet that was asked a minute ago says no in plain words', async ({ page }) => {
  const visitor = new Visitor(page)
  await page.goto('/wallet/')
  await visitor.connect('Demo wallet')
  await page.getByRole('button', { name: 'Get test coins' }).click()
  const toast = page.getByText('The faucet gave nothing this time.')
  await expect(toast).toBeVisible()
  await expect(page.getByText(/No money was involved\. It serves each address once a minute\./)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Get test coins' })).toBeEnabled()
})

test('a tab closed in mid-payment loses nothing: the next one settles exactly what was promised', async ({
  page,
  context,
  world,
}) => {
  const payeeBefore = await world.readBtt(world.seederPayee)
  await new Visitor(page).payForDemo()
  await expect.poll(() => new Visitor(page).countPieces('paid')).toBeGreaterThan(4)
  const paidBefore = await new Visitor(page).countPieces('paid')
  const watchUrl = page.url()
  await page.close()

  const next = await context.newPage()
  const visitor = new Visitor(next)
  await next.goto(watchUrl)
  await expect(visitor.title('Paying is stopped')).toBeVisible({ timeout: 30_000 })
  await expect.poll(() => visitor.countPieces('paid')).toBeGreaterThanOrEqual(paidBefore)
  await expect(visitor.peers).toHaveCount(1, { timeout: 60_000 })
  const settlement = await visitor.settle()
  expect(settlement.paid + settlement.refunded).toBe(settlement.funded)
  expect((await visitor.readReceipts()).get('piece')?.sum).toBe(settlement.paid)
  expect((await world.readBtt(world.seederPayee)) - payeeBefore).toBe(settlement.paid)
})

// Last: it moves the chain's clock.
test('a seeder that is gone at settling holds the rest for an hour at most; then the refund comes', async ({
  page,
  world,
}) => {
  const visitor = new Visitor(page)
  // What earlier visits left to redeem is not this one's.
  await world.seeder.redeemNow()
  const payeeBefore = await world.readBtt(world.seederPayee)
  await visitor.payForDemo()
  await world.seeder.redeemNow()
  await world.seeder.stop()
  await expect(visitor.peers).toHaveCount(0)
  await visitor.askToSettle()
  await expect(visitor.title('Closing the channel')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText(/^Some seeders did not confirm\. After .*\d.* you can settle/)).toBeVisible()
  const settle = page.getByRole('button', { name: 'Settle', exact: true })
  await expect(settle).toBeDisabled()

  await world.devnet.advance(3_700)
  await page.clock.setSystemTime(Date.now() + 3_700_000)
  await expect(settle).toBeEnabled({ timeout: 30_000 })
  const settlement = await visitor.settle()
  expect(settlement.funded).toBe(100n * BTT)
  expect(settlement.paid).toBeGreaterThan(0n)
  expect(settlement.paid + settlement.refunded).toBe(settlement.funded)
  expect((await world.readBtt(world.seederPayee)) - payeeBefore).toBe(settlement.paid)
})
