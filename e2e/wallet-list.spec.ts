/**
 * Wallets beside TronLink on the site itself, each behind its real adapter and unable to sign typed data: the whole life with
 * TokenPocket, and connect and lock with OKX and Bitget. What each answers to is in wallets.spec.ts, TronLink's life in tronlink.spec.ts.
 */
import type { Page } from '@playwright/test'
import { createDemoAccount } from '../devnet/chain/demo-accounts.ts'
import { toAmount, toFeeSun } from '../lib/units/index.ts'
import type { World } from '../scripts/demo/start-world.ts'
import { installTestWallet, type TestWalletControls, type WalletShape } from './fixtures/test-wallet/index.ts'
import { expect, test } from './fixtures/world.ts'
import { Visitor } from './pages/visitor.ts'

const BTT = 10n ** 18n
const ACCOUNT_BTT = 1_000n * BTT

/** A page with that wallet over a rich account of its own. */
async function arrive(page: Page, world: World, shape: WalletShape): Promise<TestWalletControls> {
  const { network, devnet } = world
  const { address, privateKey } = createDemoAccount(`${shape}, ${test.info().title}`)
  await devnet.fundAccount(address, { trxSun: toFeeSun(1_000_000_000n), bttAmount: toAmount(ACCOUNT_BTT) })
  return installTestWallet(page, { privateKey, network, shape })
}

const methods = ({ requests }: TestWalletControls): string[] => requests.map(({ method }) => method)

test('with TokenPocket a visitor locks, pays each piece without a pop-up, and settles', async ({
  page,
  world,
  consoleErrors,
}) => {
  const wallet = await arrive(page, world, 'tokenpocket')
  const visitor = new Visitor(page)
  await visitor.playDemo()
  await visitor.connect('TokenPocket')
  await visitor.openBudget()
  await visitor.chooseBudget('100')
  await visitor.lockBudget()
  await visitor.waitUntilPaying()
  expect(methods(wallet)).toEqual(['eth_requestAccounts', 'sign', 'sign'])
  const { funded, paid, refunded } = await visitor.settle()
  expect(methods(wallet)).toEqual(['eth_requestAccounts', 'sign', 'sign', 'sign'])
  expect(funded).toBe(100n * BTT)
  expect(paid).toBeGreaterThan(0n)
  expect(paid + refunded).toBe(funded)
  expect(await world.readBtt(wallet.address)).toBe(ACCOUNT_BTT - paid)
  expect(consoleErrors).toEqual([])
})

for (const { shape, name } of [
  { shape: 'okx', name: 'OKX Wallet' },
  { shape: 'bitget', name: 'Bitget Wallet' },
] as const)
  test(`with ${name} a visitor connects, locks a budget, and is known again after a reload`, async ({
    page,
    world,
    consoleErrors,
  }) => {
    const wallet = await arrive(page, world, shape)
    const visitor = new Visitor(page)
    await visitor.playDemo()
    await visitor.connect(name)
    await visitor.openBudget()
    // A price that nobody sells at: locking is enough here.
    await visitor.chooseBudget('100', '0.0001')
    await visitor.lockBudget()
    await expect(visitor.title('Paying for speed')).toBeVisible()
    await expect.poll(() => world.readBtt(wallet.address)).toBe(ACCOUNT_BTT - 100n * BTT)
    expect(methods(wallet)).toEqual(['eth_requestAccounts', 'sign', 'sign'])
    await page.goto('/wallet/')
    await expect(page.getByTestId('account')).toContainText(wallet.address)
    await expect(page.getByRole('region', { name: 'Your wallet' })).toContainText(name)
    expect(methods(wallet)).toEqual(['eth_requestAccounts', 'sign', 'sign'])
    expect(consoleErrors).toEqual([])
  })

test('each wallet of the browser stands first under its own name, and no code of a wallet comes before it is chosen', async ({
  page,
  world,
}) => {
  const tokenpocket = await arrive(page, world, 'tokenpocket')
  const okx = await arrive(page, world, 'okx')
  const scripts: Promise<string>[] = []
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) scripts.push(response.text().catch(() => ''))
  })
  await page.goto('/wallet/')
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  const choices = page.getByRole('dialog').getByRole('region', { name: 'Found in this browser' })
  await expect(choices.getByRole('button')).toHaveText([/^TokenPocket/, /^OKX Wallet/])
  // What each adapter opens on a phone is in its code alone.
  const loaded = async (): Promise<string> => (await Promise.all(scripts)).join('')
  expect(await loaded()).not.toMatch(/tpdapp:|okx:\/\/|tronlinkoutside:|bkcode/)
  expect([...tokenpocket.requests, ...okx.requests]).toEqual([])

  await choices.getByRole('button', { name: 'OKX Wallet' }).click()
  await expect(page.getByTestId('account')).toContainText(okx.address)
  const after = await loaded()
  expect(after).toMatch(/okx:\/\//)
  expect(after).not.toMatch(/tpdapp:|bkcode/)
  expect(tokenpocket.requests).toEqual([])
})

test('a demo wallet’s key is shown behind a question only, and is gone with the dialog', async ({ page }) => {
  const visitor = new Visitor(page)
  await page.goto('/wallet/')
  await visitor.connect('Demo wallet')
  await expect(page.getByTestId('balances')).toContainText('5,000 BTT')
  const key = page.getByTestId('private-key')
  const open = (): Promise<void> => page.getByRole('button', { name: 'Take the key along' }).click()
  await open()
  await expect(key).toHaveCount(0)
  await page.getByRole('button', { name: 'Nobody looks on: show it' }).click()
  await expect(key).toHaveText(/^0x[0-9a-f]{64}$/)
  await page.keyboard.press('Escape')
  await expect(key).toHaveCount(0)
  await open()
  await expect(page.getByRole('button', { name: 'Nobody looks on: show it' })).toBeVisible()
  await expect(key).toHaveCount(0)
})
