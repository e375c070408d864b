/** The main job with the real TronLink adapter: what its owner is asked, and what follows from each answer. */
import type { Page } from '@playwright/test'
import { createDemoAccount } from '../devnet/chain/demo-accounts.ts'
import { toAmount, toFeeSun } from '../lib/units/index.ts'
import type { World } from '../scripts/demo/start-world.ts'
import { installTestWallet, type TestWalletControls } from './fixtures/test-wallet/index.ts'
import { expect, test } from './fixtures/world.ts'
import { Visitor } from './pages/visitor.ts'

const BTT = 10n ** 18n
const MAINNET_ID = 0x2b6653dc
const ACCOUNT_BTT = 1_000n * BTT

interface Guest {
  readonly visitor: Visitor
  readonly wallet: TestWalletControls
}

/** A page whose TronLink holds an account of its own, named after the test that runs. */
async function arrive(
  page: Page,
  world: World,
  held: { readonly trx?: bigint; readonly btt?: bigint } = {},
): Promise<Guest> {
  const { network, devnet } = world
  const { address, privateKey } = createDemoAccount(`tronlink, ${test.info().title}`)
  await devnet.fundAccount(address, {
    trxSun: toFeeSun((held.trx ?? 1_000n) * 1_000_000n),
    bttAmount: toAmount(held.btt ?? ACCOUNT_BTT),
  })
  const wallet = await installTestWallet(page, { privateKey, network })
  return { visitor: new Visitor(page), wallet }
}

/** What the owner was asked to sign so far. */
const countSignatures = (wallet: TestWalletControls): number =>
  wallet.requests.filter(({ method }) => method === 'sign').length

/** Opens the budget dialog at a price that nobody sells at: enough where the film does not matter. */
async function openIdleBudget({ visitor }: Guest): Promise<void> {
  await visitor.openBudget()
  await visitor.chooseBudget('100', '0.0001')
  await expect(visitor.page.getByText('No seeder in sight sells at that price.')).toBeVisible()
  await expect(visitor.term('Network fee now, at most')).toContainText(/[\d.]+ TRX/)
}

/** The same at the demo, with TronLink. */
async function arriveAtIdleBudget(guest: Guest): Promise<void> {
  await guest.visitor.playDemo()
  await guest.visitor.connect('TronLink')
  await openIdleBudget(guest)
}

test.describe('with TronLink', () => {
  test('a visitor sees the fee first, signs twice, pays each piece without a pop-up, tips, and settles by one signature', async ({
    page,
    world,
    consoleErrors,
  }) => {
    const { visitor, wallet } = await arrive(page, world)
    const payeeBefore = await world.readBtt(world.seederPayee)
    await visitor.playDemo()
    expect(wallet.requests).toEqual([])

    await visitor.connect('TronLink')
    await visitor.openBudget()
    await visitor.chooseBudget('100')
    const tooHigh = page.getByRole('dialog').getByText('The fees are more than a tenth of this budget.')
    await expect(page.getByText(/The fees come to about \d+ % of this budget\./)).toBeVisible()
    await expect(tooHigh).toBeHidden()
    await page.getByLabel('Never lock a budget whose fees are more than a tenth of it').check()
    await expect(tooHigh).toBeVisible()
    await expect(visitor.lockButton).toBeDisabled()
    await visitor.chooseBudget('250')
    await expect(tooHigh).toBeHidden()
    await expect(visitor.term('Network fee now, at most')).toContainText(/[\d.]+ TRX/)
    await expect(visitor.term('You sign')).toContainText('Twice')
    expect(wallet.requests.map(({ method }) => method)).toEqual(['eth_requestAccounts'])

    await visitor.lockBudget()
    await visitor.waitUntilPaying()
    expect(countSignatures(wallet)).toBe(2)
    await visitor.waitForAllPieces()
    await visitor.tip('5', 'thank you for seeding')
    expect(countSignatures(wallet)).toBe(2)

    const { funded, paid, refunded } = await visitor.settle()
    expect(wallet.requests.map(({ method }) => method)).toEqual([
      'eth_requestAccounts',
      'sign',
      'sign',
      'sign',
    ])
    expect(funded).toBe(250n * BTT)
    expect(paid + refunded).toBe(funded)
    expect((await world.readBtt(world.seederPayee)) - payeeBefore).toBe(paid)
    expect(await world.readBtt(wallet.address)).toBe(ACCOUNT_BTT - paid)

    // Now, not before: the last piece is painted as paid a moment after it is verified.
    const paidPieces = await visitor.countPieces('paid')
    expect(paidPieces).toBeGreaterThan(10)
    const receipts = await visitor.readReceipts()
    expect(receipts.get('tip')).toEqual({ count: 1, sum: 5n * BTT })
    expect(receipts.get('piece')?.count).toBe(paidPieces)
    expect((receipts.get('piece')?.sum ?? 0n) + 5n * BTT).toBe(paid)
    expect(receipts.get('refund')?.sum).toBe(refunded)
    expect(consoleErrors).toEqual([])
  })

  test('declining either signature says so in plain words and loses nothing, and the next try works', async ({
    page,
    world,
  }) => {
    const guest = await arrive(page, world)
    const { visitor, wallet } = guest
    await arriveAtIdleBudget(guest)
    wallet.setBehaviour('reject')
    await visitor.lockBudget()
    await visitor.readDeclined()
    await expect(visitor.title('Watching free')).toBeVisible()
    expect(await world.readBtt(wallet.address)).toBe(ACCOUNT_BTT)

    wallet.setBehaviour('pending')
    await openIdleBudget(guest)
    await visitor.lockBudget()
    await expect(visitor.step('Allow the contract')).toContainText('Waiting for your wallet')
    await expect.poll(() => wallet.countPending()).toBe(1)
    wallet.answer('approve')
    await expect(visitor.step('Lock the budget')).toContainText('Waiting for your wallet')
    await expect.poll(() => wallet.countPending()).toBe(1)
    wallet.answer('reject')
    await expect(visitor.title('Watching free')).toBeVisible()
    await visitor.readDeclined()
    expect(await world.readBtt(wallet.address)).toBe(ACCOUNT_BTT)

    wallet.setBehaviour('approve')
    await openIdleBudget(guest)
    await expect(visitor.term('You sign')).toContainText('Once')
    await visitor.lockBudget()
    await expect(visitor.title('Paying for speed')).toBeVisible()
    expect(countSignatures(wallet)).toBe(4)
    expect(await world.readBtt(wallet.address)).toBe(ACCOUNT_BTT - 100n * BTT)

    wallet.setBehaviour('reject')
    await visitor.askToSettle()
    await visitor.readDeclined()
    wallet.setBehaviour('approve')
    expect((await visitor.settle()).refunded).toBe(100n * BTT)
    expect(await world.readBtt(wallet.address)).toBe(ACCOUNT_BTT)
  })

  test('a reload while a signature is awaited leaves nothing stuck and nothing lost', async ({
    page,
    world,
  }) => {
    const guest = await arrive(page, world)
    const { visitor, wallet } = guest
    await arriveAtIdleBudget(guest)
    for (const step of ['Allow the contract', 'Lock the budget']) {
      wallet.setBehaviour('pending')
      await visitor.lockBudget()
      if (step === 'Lock the budget') {
        await expect.poll(() => wallet.countPending()).toBe(1)
        wallet.answer('approve')
      }
      await expect(visitor.step(step)).toContainText('Waiting for your wallet')
      await expect.poll(() => wallet.countPending()).toBe(1)
      await page.reload()
      // The pop-up outlived the page that asked: its answer reaches nobody.
      wallet.answer('approve')
      // What the new page asks, to be connected again, it is given.
      wallet.setBehaviour('approve')
      await expect(page.getByTestId('account')).toBeVisible()
      await expect(visitor.title('Watching free')).toBeVisible()
      expect(await world.readBtt(wallet.address)).toBe(ACCOUNT_BTT)
      await openIdleBudget(guest)
    }
    wallet.setBehaviour('approve')
    await visitor.lockBudget()
    await expect(visitor.title('Paying for speed')).toBeVisible()

    wallet.setBehaviour('pending')
    await visitor.askToSettle()
    await expect(visitor.step('Settle')).toContainText('Waiting for your wallet')
    await expect.poll(() => wallet.countPending()).toBe(1)
    await page.reload()
    wallet.answer('approve')
    await expect(visitor.title('Paying is stopped')).toBeVisible()
    wallet.setBehaviour('approve')
    expect(await visitor.settle()).toEqual({ paid: 0n, refunded: 100n * BTT, funded: 100n * BTT })
    expect(await world.readBtt(wallet.address)).toBe(ACCOUNT_BTT)
  })

  test('money whose locking was not confirmed before a reload is found after it', async ({ page, world }) => {
    const guest = await arrive(page, world)
    const { visitor, wallet } = guest
    await arriveAtIdleBudget(guest)
    wallet.setBehaviour('pending')
    await visitor.lockBudget()
    await expect.poll(() => wallet.countPending()).toBe(1)
    wallet.answer('approve')
    await expect(visitor.step('Lock the budget')).toContainText('Waiting for your wallet')
    await expect.poll(() => wallet.countPending()).toBe(1)
    await page.route('**/wallet/gettransactioninfobyid', (route) => route.abort())
    wallet.answer('approve')
    await expect(visitor.step('Lock the budget')).toContainText('Waiting for the network to confirm')
    await page.route(`${world.network.fullHost}/wallet/**`, (route) => route.abort())
    await page.reload()
    await expect(visitor.step('Lock the budget')).toContainText('The answer was lost.')
    await page.unrouteAll()
    await expect(visitor.title('Paying is stopped')).toBeVisible()
    wallet.setBehaviour('approve')
    expect((await visitor.settle()).refunded).toBe(100n * BTT)
    expect(await world.readBtt(wallet.address)).toBe(ACCOUNT_BTT)
  })

  test('a wallet that is locked or shows another account in mid-start stops the start; a locked one comes back to settle', async ({
    page,
    world,
  }) => {
    const guest = await arrive(page, world)
    const { visitor, wallet } = guest
    const { privateKey } = createDemoAccount(`tronlink, ${test.info().title}`)
    await arriveAtIdleBudget(guest)
    wallet.setBehaviour('pending')
    await visitor.lockBudget()
    await expect.poll(() => wallet.countPending()).toBe(1)
    await wallet.switchAccount(createDemoAccount('tronlink, another account').privateKey)
    await expect(page.getByTestId('account')).toContainText(wallet.address)
    wallet.answer('approve')
    await expect(visitor.title('Watching free')).toBeVisible()
    await expect(visitor.moneyBar).toContainText('Another account was chosen in the wallet.')

    await wallet.switchAccount(privateKey)
    await expect(page.getByTestId('account')).toContainText(wallet.address)
    await expect(visitor.moneyBar).not.toContainText('Another account')
    wallet.setBehaviour('approve')
    await openIdleBudget(guest)
    await visitor.lockBudget()
    await expect(visitor.title('Paying for speed')).toBeVisible()

    await wallet.lock()
    await page.getByRole('button', { name: 'Connect to settle' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'TronLink' }).click()
    expect((await visitor.settle()).refunded).toBe(100n * BTT)
    expect(await world.readBtt(wallet.address)).toBe(ACCOUNT_BTT)
  })

  test('a wallet on another network is told so before anything is signed, switches, and goes on', async ({
    page,
    world,
  }) => {
    const guest = await arrive(page, world)
    const { visitor, wallet } = guest
    await wallet.setChainId(MAINNET_ID)
    await visitor.playDemo()
    await visitor.openBudget()
    await page.getByRole('button', { name: 'TronLink' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('TronLink is on another network. This site works on Local devnet.')
    wallet.setBehaviour('reject')
    await dialog.getByRole('button', { name: 'Switch to Local devnet' }).click()
    await expect(dialog.getByRole('alert').filter({ hasText: 'You declined' })).toBeVisible()
    wallet.setBehaviour('approve')
    await dialog.getByRole('button', { name: 'Switch to Local devnet' }).click()
    await expect(visitor.term('Network fee now, at most')).toContainText(/[\d.]+ TRX/)
    expect(countSignatures(wallet)).toBe(0)
    await visitor.chooseBudget('100', '0.0001')
    await visitor.lockBudget()
    await expect(visitor.title('Paying for speed')).toBeVisible()

    await wallet.setChainId(MAINNET_ID)
    await page.getByRole('button', { name: 'Wrong network' }).click()
    await expect(dialog).toContainText('TronLink is on another network.')
    await dialog.getByRole('button', { name: 'Switch to Local devnet' }).click()
    await expect(dialog).toBeHidden()
    expect((await visitor.settle()).refunded).toBe(100n * BTT)
  })

  for (const { missing, held, words } of [
    { missing: 'BTT', held: { btt: 99n * BTT }, words: 'There is less BTT than the budget.' },
    { missing: 'TRX', held: { trx: 1n }, words: 'There is too little TRX for the network fee.' },
  ]) {
    test(`too little ${missing} is said before anything is signed, and test coins help`, async ({
      page,
      world,
    }) => {
      const guest = await arrive(page, world, held)
      const { visitor, wallet } = guest
      await arriveAtIdleBudget(guest)
      await expect(page.getByText(words)).toBeVisible()
      await expect(visitor.lockButton).toBeDisabled()
      expect(countSignatures(wallet)).toBe(0)
      await visitor.takeTestCoins()
      await visitor.lockBudget()
      await expect(visitor.title('Paying for speed')).toBeVisible()
      expect(countSignatures(wallet)).toBe(2)
    })
  }

  test('another account chosen in mid-film goes on paying, and settling names the account that it needs', async ({
    page,
    world,
  }) => {
    const { visitor, wallet } = await arrive(page, world)
    const { address: funder } = wallet
    const other = createDemoAccount('tronlink, another account')
    await visitor.playDemo()
    await visitor.connect('TronLink')
    await visitor.openBudget()
    await visitor.lockBudget()
    await visitor.waitUntilPaying()

    await wallet.switchAccount(other.privateKey)
    await expect(page.getByTestId('account')).toContainText(other.address)
    await expect(visitor.moneyBar).toContainText('another account')
    await expect(visitor.moneyBar).toContainText(funder)
    await visitor.waitForAllPieces()
    const signaturesBefore = countSignatures(wallet)
    await visitor.askToSettle()
    await expect(visitor.moneyBar).toContainText('The wallet shows another account than this needs.')
    expect(countSignatures(wallet)).toBe(signaturesBefore)

    await wallet.switchAccount(createDemoAccount(`tronlink, ${test.info().title}`).privateKey)
    await expect(page.getByTestId('account')).toContainText(funder)
    const { funded, paid, refunded } = await visitor.settle()
    expect(paid + refunded).toBe(funded)
    expect(await world.readBtt(funder)).toBe(ACCOUNT_BTT - paid)
  })

  test('a request to connect may be declined, left open over a reload, and given', async ({
    page,
    world,
  }) => {
    const { visitor, wallet } = await arrive(page, world)
    await page.goto('/wallet/')
    wallet.setBehaviour('reject')
    await visitor.chooseWallet('TronLink')
    await expect(visitor.declined).toBeVisible()
    wallet.setBehaviour('pending')
    await page.getByRole('dialog').getByRole('button', { name: 'TronLink' }).click()
    await expect(page.getByText('Waiting for TronLink. Answer its request there.')).toBeVisible()
    await expect.poll(() => wallet.countPending()).toBe(1)
    await page.reload()
    await visitor.chooseWallet('TronLink')
    await expect(page.getByText('Your wallet already waits for an answer.')).toBeVisible()
    wallet.answer('approve')
    await page.getByRole('dialog').getByRole('button', { name: 'TronLink' }).click()
    await expect(page.getByTestId('account')).toContainText(wallet.address)
  })
})

test('without a wallet the dialog says so, where to get one, and opens nothing by itself', async ({
  page,
  context,
}) => {
  const visitor = new Visitor(page)
  await page.goto('/wallet/')
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('No wallet was found.')).toBeVisible()
  const link = dialog.getByRole('link', { name: 'Get TronLink' })
  await expect(link).toBeHidden()
  await dialog.getByText('Others', { exact: true }).press('Enter')
  await expect(link).toHaveAttribute('href', 'https://www.tronlink.org/')
  expect(context.pages()).toHaveLength(1)
  await dialog.getByRole('button', { name: 'Demo wallet' }).click()
  await visitor.readTestCoins()
})
