/** Coins come back from the wallet alone: the browser that locked them is gone, with all that it knew. */
import type { Page } from '@playwright/test'
import { createDemoAccount } from '../devnet/chain/demo-accounts.ts'
import type { Hex } from '../lib/base/index.ts'
import { toAmount, toFeeSun } from '../lib/units/index.ts'
import type { World } from '../scripts/demo/start-world.ts'
import { installTestWallet } from './fixtures/test-wallet/index.ts'
import { expect, slowTuning, test } from './fixtures/world.ts'
import { Visitor } from './pages/visitor.ts'

const BTT = 10n ** 18n
const START_BTT = 1_000n * BTT

// A world of its own: it moves the chain's clock.
test.use({ tuning: { ...slowTuning, freeAllowanceBytes: 768 * 1024 } })

/** A page with TronLink over `privateKey`. */
async function arrive(page: Page, world: World, privateKey: Hex) {
  const wallet = await installTestWallet(page, { privateKey, network: world.network })
  return { visitor: new Visitor(page), wallet }
}

test('what a browser locked whose data are gone is found after Connect in another one, and taken back', async ({
  page,
  world,
  browser,
}) => {
  const { devnet } = world
  const { address, privateKey } = createDemoAccount('recovery')
  await devnet.fundAccount(address, { trxSun: toFeeSun(1_000_000_000n), bttAmount: toAmount(START_BTT) })
  const { visitor } = await arrive(page, world, privateKey)
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
  const { visitor: owner, wallet } = await arrive(fresh, world, privateKey)
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
  const rest = fresh.getByRole('button', { name: 'Take it back', exact: true })
  const confirm = fresh.getByRole('button', { name: 'Take it back now' })
  await rest.click()
  await confirm.click()
  await expect(owner.title('Closing the channel')).toBeVisible()
  expect(countSignatures()).toBe(2)

  // The chain's clock decides: this computer's stays where it is.
  await expect(rest).toBeDisabled()
  await devnet.advance(3_700)
  await expect(rest).toBeEnabled({ timeout: 30_000 })
  await rest.click()
  await confirm.click()
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

test('a recovery file finds it where the node has no event server; another one is refused in words', async ({
  page,
  world,
  browser,
}) => {
  const { devnet } = world
  const { address, privateKey } = createDemoAccount('recovery by file')
  await devnet.fundAccount(address, { trxSun: toFeeSun(1_000_000_000n), bttAmount: toAmount(START_BTT) })
  const { visitor } = await arrive(page, world, privateKey)
  await visitor.playDemo()
  await visitor.connect('TronLink')
  await visitor.openBudget()
  await visitor.chooseBudget('100')
  await visitor.lockBudget()
  await visitor.waitUntilPaying()
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save recovery file' }).click()
  const path = await (await saving).path()
  await page.goto('about:blank')

  const context = await browser.newContext({ baseURL: world.siteUrl })
  const fresh = await context.newPage()
  await fresh.route('**/v1/contracts/**', (route) => route.fulfill({ status: 404 }))
  const { visitor: owner } = await arrive(fresh, world, privateKey)
  await fresh.goto('/wallet/')
  await owner.connect('TronLink')
  await expect(fresh.getByTestId('read-blocks')).toContainText('This node has no event server.')
  const input = fresh.getByLabel('Recovery file')
  await input.setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from('{}') })
  await expect(fresh.getByText('This recovery file cannot be used.')).toBeVisible()
  const note = fresh.getByTestId('locked-elsewhere')
  await expect(note).toHaveCount(0)
  await input.setInputFiles(path)
  await expect(note).toContainText('100 BTT locked elsewhere')
  await context.close()
})

test('where the node has no event server, its blocks are read in the page', async ({
  page,
  world,
  browser,
}) => {
  const { devnet } = world
  const { address, privateKey } = createDemoAccount('recovery by blocks')
  await devnet.fundAccount(address, { trxSun: toFeeSun(1_000_000_000n), bttAmount: toAmount(START_BTT) })
  const { visitor } = await arrive(page, world, privateKey)
  await visitor.playDemo()
  await visitor.connect('TronLink')
  await visitor.openBudget()
  await visitor.chooseBudget('100')
  await visitor.lockBudget()
  await visitor.waitUntilPaying()
  await page.goto('about:blank')

  const context = await browser.newContext({ baseURL: world.siteUrl })
  const fresh = await context.newPage()
  await fresh.route('**/v1/contracts/**', (route) => route.fulfill({ status: 404 }))
  const { visitor: owner, wallet } = await arrive(fresh, world, privateKey)
  await fresh.goto('/wallet/')
  await owner.connect('TronLink')
  const panel = fresh.getByTestId('read-blocks')
  await expect(panel).toContainText('This node has no event server.')
  await panel.getByRole('button', { name: 'Read the blocks' }).click()
  await expect(fresh.getByTestId('locked-elsewhere')).toContainText('100 BTT locked elsewhere')
  await expect(panel).toContainText('All that this wallet locked since block')
  expect(wallet.requests.filter(({ method }) => method === 'sign')).toEqual([])
  await context.close()
})
