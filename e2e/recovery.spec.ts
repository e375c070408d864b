/** Coins come back from the wallet alone: the browser that locked them is gone, with all that it knew. */
import { createDemoAccount } from '../devnet/chain/demo-accounts.ts'
import { toAmount, toFeeSun } from '../lib/units/index.ts'
import { installTestWallet } from './fixtures/test-wallet/index.ts'
import { expect, slowTuning, test } from './fixtures/world.ts'
import { Visitor } from './pages/visitor.ts'

const BTT = 10n ** 18n
const START_BTT = 1_000n * BTT

// A world of its own: it moves the chain's clock.
test.use({ tuning: { ...slowTuning, freeAllowanceBytes: 768 * 1024 } })

test('what a browser locked whose data are gone is found after Connect in another one, and taken back', async ({
  page,
  world,
  browser,
}) => {
  const { network, devnet } = world
  const { address, privateKey } = createDemoAccount('recovery')
  await devnet.fundAccount(address, { trxSun: toFeeSun(1_000_000_000n), bttAmount: toAmount(START_BTT) })
  await installTestWallet(page, { privateKey, network })
  const visitor = new Visitor(page)
  await visitor.playDemo()
  await visitor.connect('TronLink')
  await visitor.openBudget()
  await visitor.chooseBudget('100')
  await visitor.lockBudget()
  await visitor.waitUntilPaying()
  await page.goto('about:blank')
  expect(await world.readBtt(address)).toBe(START_BTT - 100n * BTT)

  const context = await browser.newContext({ baseURL: world.siteUrl })
  const fresh = await context.newPage()
  const wallet = await installTestWallet(fresh, { privateKey, network })
  const owner = new Visitor(fresh)
  await fresh.goto('/wallet/')
  await owner.connect('TronLink')
  const note = fresh.getByTestId('locked-elsewhere')
  await expect(note).toContainText('100 BTT locked elsewhere')
  await expect(note).toContainText('You sign once now, and once when the wait is over.')
  const countSignatures = (): number => wallet.requests.filter(({ method }) => method === 'sign').length
  expect(countSignatures()).toBe(0)

  wallet.setBehaviour('reject')
  await note.getByRole('button', { name: 'Take it back' }).click()
  await owner.readDeclined()
  await expect(owner.title('Found on the chain')).toBeVisible()
  wallet.setBehaviour('approve')
  await fresh.getByRole('button', { name: 'Take it back' }).click()
  await expect(owner.title('Closing the channel')).toBeVisible()
  expect(countSignatures()).toBe(2)

  // The chain's clock decides: this computer's stays where it is.
  const rest = fresh.getByRole('button', { name: 'Take it back' })
  await expect(rest).toBeDisabled()
  await devnet.advance(3_700)
  await expect(rest).toBeEnabled({ timeout: 30_000 })
  await rest.click()
  const { funded, paid, refunded } = await owner.readSettlement()
  expect(funded).toBe(100n * BTT)
  expect(paid + refunded).toBe(funded)
  expect(await world.readBtt(address)).toBe(START_BTT - paid)
  expect(countSignatures()).toBe(3)
  await fresh.getByRole('button', { name: 'Done' }).click()
  await expect(owner.title('Nothing is paid')).toBeVisible()
  await expect(note).toHaveCount(0)
  await context.close()
})
