/** A browser that seeds: its link is opened, it is paid by another browser, and stock clients have their free share of it. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from '@playwright/test'
import { createDemoAccount } from '../devnet/chain/demo-accounts.ts'
import { loadNodeWebTorrent } from '../lib/torrent/disk/index.ts'
import type { WebTorrentClient } from '../lib/torrent/webtorrent/types.ts'
import { formatAmount, toAmount, toFeeSun } from '../lib/units/index.ts'
import { installTestWallet } from './fixtures/test-wallet/index.ts'
import { expect, test as worldTest } from './fixtures/world.ts'
import { Holder } from './pages/holder.ts'

const BTT = 10n ** 18n
const MIB = 1_048_576
const GIFT = 5_000n * BTT

interface SellerFixture {
  /** A visitor in a browser process of its own, with a demo wallet that holds test coins, on /wallet/. */
  seller: Holder
}

const test = worldTest.extend<SellerFixture>({
  seller: async ({ browser, world }, use) => {
    const own: Browser = await browser.browserType().launch()
    const context = await own.newContext({ baseURL: world.siteUrl, viewport: { width: 1280, height: 900 } })
    await use(new Holder(await context.newPage()))
    await own.close()
  },
})

const makeFile = (sizeBytes: number) => ({
  name: 'field-recording.bin',
  type: 'application/octet-stream',
  bytes: randomBytes(sizeBytes),
})

/** Seeds a file at 10 BTT per MiB; resolves with its link, on /wallet/. */
async function sell(seller: Holder, file: ReturnType<typeof makeFile>): Promise<string> {
  await seller.seedFile(file)
  const link = await seller.copyFromMenu('Copy link')
  await seller.connect('Demo wallet')
  await seller.openWallet()
  await seller.startEarning('10')
  return link
}

/** Has coins before any peer is there, so that a budget is locked while most of the file is still to come. */
async function prepareToPay(buyer: Holder): Promise<void> {
  await buyer.openHome()
  await buyer.openSharingSettings()
  await buyer.agree()
  await buyer.openWallet()
  await expect(buyer.page.getByText('Open a torrent to pay for its speed.')).toBeVisible()
  await buyer.connect('Demo wallet')
}

async function openLink(buyer: Holder, link: string): Promise<void> {
  await buyer.page.getByRole('link', { name: 'Piecemeal, front page' }).click()
  await buyer.page.getByLabel('Open a torrent').fill(link)
  await buyer.page.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(buyer.page.getByRole('heading', { level: 1 })).toHaveText('field-recording.bin')
}

/** The offer is there as soon as the seller is in sight. */
async function payHere(buyer: Holder): Promise<void> {
  await buyer.openBudget()
  await buyer.chooseBudget('250')
  await buyer.lockBudget()
  await expect(buyer.title('Paying for speed')).toBeVisible({ timeout: 30_000 })
}

test('a browser that seeds a dropped file for a price is paid piece by piece, to the base unit', async ({
  page,
  world,
  seller,
  consoleErrors,
}) => {
  const file = makeFile(4 * MIB)
  const link = await sell(seller, file)
  const address = await seller.readAddress()
  expect(link).toMatch(new RegExp(`^${world.siteUrl}/watch/#[0-9a-f]{40}$`))
  expect(await world.readBtt(address)).toBe(GIFT)

  const buyer = new Holder(page)
  await prepareToPay(buyer)
  await openLink(buyer, link)
  await payHere(buyer)
  await buyer.waitForAllPieces()
  await expect(buyer.peers).toHaveCount(1)
  await expect(buyer.peers.first()).toContainText(/Paid for \d+ pieces/)

  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: /^Download/ }).click()
  const saved = await readFile(await (await download).path())
  expect(createHash('sha256').update(saved).digest('hex')).toBe(
    createHash('sha256').update(file.bytes).digest('hex'),
  )

  const settlement = await buyer.settle()
  expect(settlement.paid + settlement.refunded).toBe(settlement.funded)
  expect((await world.readBtt(address)) - GIFT).toBe(settlement.paid)
  // Now, not before: the last piece is painted as paid a moment after it is verified.
  const paidPieces = await buyer.countPieces('paid')
  expect(paidPieces).toBeGreaterThan(0)

  const bought = (await buyer.readReceipts()).get('piece')
  expect(bought).toEqual({ count: paidPieces, sum: settlement.paid })
  const sold = (await seller.readReceipts()).get('earned')
  // One line a channel, torrent and day.
  expect(sold).toEqual({ count: 1, sum: settlement.paid })
  expect(await seller.readEarnings('Earned')).toBe(formatAmount(toAmount(settlement.paid), 4))
  await expect.poll(() => seller.readEarnings('To redeem')).toBe('0 BTT')
  expect(consoleErrors).toEqual([])
})

test('the seeding browser redeems by itself, and the settlement pays only the rest', async ({
  page,
  world,
  seller,
}) => {
  const link = await sell(seller, makeFile(3 * MIB))
  const address = await seller.readAddress()
  const buyer = new Holder(page)
  await prepareToPay(buyer)
  await openLink(buyer, link)
  await payHere(buyer)
  await buyer.waitForAllPieces()

  await seller.page.getByRole('button', { name: 'Redeem' }).click()
  await seller.confirmRedemption()
  await expect.poll(() => seller.readEarnings('To redeem')).toBe('0 BTT')
  const redeemed = (await seller.readReceipts()).get('redeem')
  expect(redeemed?.count).toBe(1)
  expect((await world.readBtt(address)) - GIFT).toBe(redeemed?.sum)

  await buyer.page.bringToFront()
  const settlement = await buyer.settle()
  expect(settlement.paid + settlement.refunded).toBe(settlement.funded)
  expect((await world.readBtt(address)) - GIFT).toBe(settlement.paid)
  expect((await buyer.readReceipts()).get('piece')?.sum).toBe(settlement.paid)
})

test('a seller with TronLink is told before it signs once that its browser answers for it, and declining sells nothing', async ({
  world,
  seller,
}) => {
  const { privateKey } = createDemoAccount('a seller with TronLink')
  const wallet = await installTestWallet(seller.page, { privateKey, network: world.network })
  const texts = () => wallet.requests.filter(({ method }) => method === 'signMessageV2')
  const note = seller.page.getByText(/Once a month your wallet asks you to sign a text/)
  const start = seller.page.getByRole('button', { name: 'Start earning' })
  await seller.seedFile(makeFile(700_000))
  await seller.connect('TronLink')
  await seller.openWallet()
  await expect(note).toContainText('cannot move your money')
  expect(texts()).toEqual([])

  wallet.setBehaviour('reject')
  await start.click()
  await seller.readDeclined()
  await expect(start).toBeEnabled()
  wallet.setBehaviour('approve')
  wallet.answerTextsWith(`0x${'ab'.repeat(65)}`)
  await start.click()
  await expect(seller.page.getByText('not the connected account’s signature')).toBeVisible()
  await expect(start).toBeEnabled()

  wallet.answerTextsWith(null)
  wallet.setBehaviour('pending')
  await start.click()
  await expect(seller.page.getByText('Your wallet shows a text to sign')).toBeVisible()
  await expect.poll(() => wallet.countPending()).toBe(1)
  wallet.answer('approve')
  await expect(seller.page.getByRole('button', { name: 'Stop earning' })).toBeVisible()
  expect(String(texts().at(-1)?.params[0])).toMatch(
    new RegExp(`^Piecemeal: this key answers for my seeding\\.\n[^]*Payee: ${wallet.address}\n`),
  )

  // It goes on by itself: the wallet's word is good for a month.
  await seller.page.reload()
  await expect(seller.page.getByRole('button', { name: 'Stop earning' })).toBeVisible()
  await expect(note).toHaveCount(0)
  expect(texts()).toHaveLength(3)
  expect(wallet.requests.filter(({ method }) => method === 'sign')).toEqual([])
})

test('a seller that was away when its payer closed is told so on the first page that it opens, and redeems in time', async ({
  page,
  world,
  seller,
}) => {
  const { address, privateKey } = createDemoAccount('a seller that was away')
  await world.devnet.fundAccount(address, { trxSun: toFeeSun(1_000_000_000n), bttAmount: toAmount(0n) })
  const wallet = await installTestWallet(seller.page, { privateKey, network: world.network })
  await seller.seedFile(makeFile(3 * MIB))
  const link = await seller.copyFromMenu('Copy link')
  await seller.connect('TronLink')
  await seller.openWallet()
  await seller.startEarning('10')
  const buyer = new Holder(page)
  await prepareToPay(buyer)
  await openLink(buyer, link)
  await payHere(buyer)
  await buyer.waitForAllPieces()
  await expect.poll(() => seller.readEarnings('To redeem')).not.toBe('0 BTT')
  await seller.page.goto('about:blank')
  await buyer.askToSettle()
  await expect(buyer.title('Closing the channel')).toBeVisible({ timeout: 60_000 })

  await seller.openHome()
  const told = seller.page.getByText('A payer is closing a channel that still owes you.')
  await expect(told).toBeVisible({ timeout: 60_000 })
  await expect(seller.page).toHaveTitle(/^\(!\) Piecemeal/)
  await seller.openWallet()
  await expect(seller.page).toHaveTitle(/^\(!\) Wallet/)
  await expect(seller.page.getByRole('button', { name: 'Stop earning' })).toBeVisible()
  const signatures = () => wallet.requests.filter(({ method }) => method === 'sign').length
  expect(signatures()).toBe(0)
  await seller.page
    .getByRole('region', { name: /Notifications/ })
    .getByRole('button', { name: 'Redeem' })
    .click()
  await seller.confirmRedemption()
  await expect.poll(() => seller.readEarnings('To redeem')).toBe('0 BTT')
  expect(signatures()).toBe(1)
  expect(formatAmount(toAmount(await world.readBtt(address)), 4)).toBe(await seller.readEarnings('Earned'))
  await expect(seller.page).toHaveTitle(/^Wallet/)
  await expect(told).toHaveCount(0)
})

test('a stock client has its free share from the seeding browser and stays connected', async ({
  world,
  seller,
}) => {
  const file = makeFile(700_000)
  const link = await sell(seller, file)
  const infoHash = link.slice(-40)
  const path = await mkdtemp(join(tmpdir(), 'piecemeal-stock-'))
  const { default: WebTorrent } = await loadNodeWebTorrent()
  // Its own defaults but for strangers' hosts: tests reach nothing outside this machine.
  const client: WebTorrentClient = new WebTorrent({
    dht: false,
    lsd: false,
    utPex: true,
    natUpnp: false,
    natPmp: false,
    utp: false,
    webSeeds: true,
    tracker: { rtcConfig: { iceServers: [] }, announce: [world.trackerUrl] },
  })
  try {
    const torrent = client.add(Buffer.from(infoHash, 'hex'), { announce: [world.trackerUrl], path })
    await expect.poll(() => torrent.done, { timeout: 60_000 }).toBe(true)
    expect(await readFile(join(path, file.name))).toEqual(file.bytes)
    expect(torrent.wires.map(({ destroyed }) => destroyed)).toEqual([false])
    await expect(seller.page.getByText('0 payers so far')).toBeVisible()
    expect(await seller.readEarnings('Earned')).toBe('0 BTT')
    await seller.page.getByRole('link', { name: 'Piecemeal, front page' }).click()
    await expect(seller.page.getByRole('listitem').filter({ hasText: file.name })).toContainText('1 peer')
  } finally {
    await new Promise<void>((resolve) => client.destroy(() => resolve()))
    await rm(path, { recursive: true, force: true })
  }
})
