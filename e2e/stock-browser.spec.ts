/** The stock browser client on both ends: what we sell is free to it within the free share, and it serves us as anyone. */
import { randomBytes } from 'node:crypto'
import { expect, test as worldTest } from './fixtures/world.ts'
import { Holder } from './pages/holder.ts'
import { StockClient } from './pages/stock-client.ts'

const test = worldTest.extend<{ stock: StockClient }>({
  stock: async ({ browser, world }, use) => {
    const own = await browser.browserType().launch()
    const stock = await StockClient.open(own, world.trackerUrl)
    await use(stock)
    await stock.close()
    await own.close()
  },
})

const makeFile = () => ({
  name: 'field-recording.bin',
  type: 'application/octet-stream',
  bytes: randomBytes(900_000),
})

test('a stock browser fetches a file whole from a page that sells it, and stays connected', async ({
  page,
  stock,
  world,
}) => {
  const seller = new Holder(page)
  const file = makeFile()
  await seller.seedFile(file)
  const link = await seller.copyFromMenu('Copy link')
  await seller.connect('Demo wallet')
  await seller.openWallet()
  await seller.startEarning('10')
  await stock.add(link.slice(-40), world.trackerUrl)
  await expect.poll(() => stock.progress(), { timeout: 60_000 }).toBe(1)
  expect(await stock.readFile()).toEqual(file.bytes)
  expect(await stock.wires()).toEqual({ opened: 1, closed: 0 })
  expect(await seller.readEarnings('Earned')).toBe('0 BTT')
})

test('a page fetches a file whole from a stock browser, and owes it nothing', async ({
  page,
  stock,
  world,
}) => {
  const file = makeFile()
  const magnet = await stock.seed(file.name, file.bytes, world.trackerUrl)
  const visitor = new Holder(page)
  await visitor.openHome()
  await visitor.openText(magnet)
  await visitor.agree()
  await visitor.waitForAllPieces()
  await expect(visitor.peers.first()).toContainText('Free')
  expect(await stock.wires()).toEqual({ opened: 1, closed: 0 })
  expect(await visitor.countPieces('paid')).toBe(0)
})
