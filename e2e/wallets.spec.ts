/** The wallet room alone in a real browser: the real adapters, real IndexedDB and WebCrypto, a real chain. */
import { gzipSync } from 'node:zlib'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { type Devnet, deployContracts, startDevnet } from '../devnet/index.ts'
import type { Chain, connectChain } from '../lib/channels/index.ts'
import { messageDigest, type Network, recoverSigner } from '../lib/tron/index.ts'
import type * as walletRoom from '../lib/wallet/index.ts'
import {
  installTestWallet,
  type TestWalletControls,
  type TestWalletOptions,
  type WalletShape,
} from './fixtures/test-wallet/index.ts'
import { serveWalletPage, type WalletPage } from './fixtures/wallet-page/serve-wallet-page.ts'

const MAINNET_ID = 0x2b6653dc
/** The chunk of one wallet's adapter. */
const WALLET_CHUNK =
  /^(?:tronlink|tokenpocket|okx|bitget|trust|imtoken|gate|bybit|safepal|onekey|backpack|guarda|foxwallet)-/
/** Shapes that are called as their wallet is. */
type OfferedShape = Exclude<WalletShape, 'rival'>

/** What the page's script and these tests put on `window`. */
interface PageGlobals {
  wallet: typeof walletRoom
  connectChain: typeof connectChain
  network: Network
  connection: walletRoom.WalletConnection
  chain: Chain
  changes: string[]
}
declare const window: PageGlobals

let devnet: Devnet
let network: Network
let site: WalletPage

test.beforeAll(async () => {
  devnet = await startDevnet()
  network = devnet.toNetwork(await deployContracts(devnet))
  site = await serveWalletPage()
})
test.afterAll(async () => {
  await site?.stop()
  await devnet?.stop()
})

async function openPage(page: Page): Promise<void> {
  await page.goto(site.url)
  await page.waitForFunction(() => 'connectChain' in window)
  await page.evaluate((given) => {
    window.network = given
  }, network)
}

async function openWithWallet(
  page: Page,
  options: Partial<TestWalletOptions> = {},
): Promise<TestWalletControls> {
  const { privateKey } = devnet.accounts.viewer
  const wallet = await installTestWallet(page, { privateKey, network, ...options })
  await openPage(page)
  return wallet
}

/** Connects in the page: 'connected', or the error's code. */
function connect(page: Page, kind: walletRoom.WalletKind = 'tronlink'): Promise<string> {
  return page.evaluate(async (wanted) => {
    try {
      const choice = window.wallet.nameWallet(wanted, await window.wallet.findWallets())
      window.connection = await window.wallet.connectWallet(choice, window.network)
      window.chain = await window.connectChain(window.network)
      window.changes = []
      window.connection.onChange((change) => window.changes.push(change.kind))
      return 'connected'
    } catch (error) {
      return (error as { code: string }).code
    }
  }, kind)
}

/** Wallets that the page found, by the names that they are shown under. */
const findNames = (page: Page): Promise<string[]> =>
  page.evaluate(async () =>
    (await window.wallet.findWallets()).filter(({ isHere }) => isHere).map(({ name }) => name),
  )

/** Approves one base unit in the page: 'sent', or the error's code. */
function send(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const call = { kind: 'approve', amount: 1n } as Parameters<Chain['send']>[0]
    try {
      await window.chain.send(call, window.connection.signer)
      return 'sent'
    } catch (error) {
      return (error as { code: string }).code
    }
  })
}

const changes = (page: Page): Promise<string[]> => page.evaluate(() => window.changes)

test.describe('without an extension', () => {
  test('says that TronLink is missing and opens nothing', async ({ page, context }) => {
    await openPage(page)
    expect(await findNames(page)).toEqual([])
    expect(await connect(page)).toBe('not-installed')
    expect(context.pages()).toHaveLength(1)
  })

  test('a demo wallet takes test coins and sends, and its keys survive a reload', async ({ page }) => {
    await openPage(page)
    const open = () =>
      page.evaluate(async () => {
        const { wallet } = window
        const [demo, session, delegate] = await Promise.all([
          wallet.createDemoWallet(window.network),
          wallet.openSessionKey(),
          wallet.openDelegateKey(),
        ])
        return [demo.address, session.address, delegate.address]
      })
    const before = await open()
    expect(new Set(before).size).toBe(3)
    const allowance = await page.evaluate(async () => {
      const { wallet, network: on } = window
      const demo = await wallet.createDemoWallet(on)
      await wallet.requestFaucet(on, demo.address)
      const chain = await window.connectChain(on)
      await chain.send({ kind: 'approve', amount: 5n } as Parameters<Chain['send']>[0], demo.signer)
      return String(await chain.getAllowance(demo.address))
    })
    expect(allowance).toBe('5')
    await openPage(page)
    expect(await open()).toEqual(before)
  })

  test('keys rest sealed by a key that nothing can export', async ({ page }) => {
    await openPage(page)
    const kept = await page.evaluate(async () => {
      await window.wallet.openSessionKey()
      const request = indexedDB.open('piecemeal-keys')
      await new Promise((resolve) => {
        request.onsuccess = resolve
      })
      const query = request.result.transaction('keys').objectStore('keys').getAll()
      await new Promise((resolve) => {
        query.onsuccess = resolve
      })
      const [row] = query.result as { sealingKey: CryptoKey; sealed: ArrayBuffer }[]
      const exported = await crypto.subtle.exportKey('raw', row!.sealingKey).then(
        () => 'exported',
        (error: Error) => error.name,
      )
      return { exported, sealedBytes: row!.sealed.byteLength }
    })
    expect(kept).toEqual({ exported: 'InvalidAccessError', sealedBytes: 48 })
  })

  test('a demo wallet is refused where coins have value, and can be taken along and forgotten', async ({
    page,
  }) => {
    await openPage(page)
    const outcome = await page.evaluate(async () => {
      const { wallet, network: on } = window
      const refused = await wallet.createDemoWallet({ ...on, isTestnet: false }).then(
        () => 'made',
        (error: { code: string }) => error.code,
      )
      const first = (await wallet.createDemoWallet(on)).address
      const secret = await wallet.exportDemoWalletSecret(on)
      await wallet.forgetDemoWallet()
      return { refused, digits: secret.length, isNew: (await wallet.createDemoWallet(on)).address !== first }
    })
    expect(outcome).toEqual({ refused: 'testnet-only', digits: 66, isNew: true })
  })
})

test.describe('TronLink', () => {
  test('can be declined, left waiting and then approved', async ({ page }) => {
    const wallet = await openWithWallet(page, { behaviour: 'reject' })
    expect(await findNames(page)).toEqual(['TronLink'])
    expect(await connect(page)).toBe('rejected')
    wallet.setBehaviour('pending')
    const first = connect(page)
    await expect.poll(() => wallet.countPending()).toBe(1)
    expect(await connect(page)).toBe('request-pending')
    wallet.answer('approve')
    expect(await first).toBe('connected')
    expect(await page.evaluate(() => window.connection.address)).toBe(wallet.address)
  })

  test('signs, and a declined signature leaves the next one possible', async ({ page }) => {
    const wallet = await openWithWallet(page)
    await connect(page)
    wallet.setBehaviour('reject')
    expect(await send(page)).toBe('rejected')
    wallet.setBehaviour('approve')
    expect(await send(page)).toBe('sent')
  })

  test('signs a text for its account, as it is shown, and says in which way it does not', async ({
    page,
  }) => {
    const wallet = await openWithWallet(page)
    await connect(page)
    const text = 'Piecemeal: this key answers for my seeding.\n\nLäßt sich lesen.'
    const signText = (): Promise<string> =>
      page.evaluate(async (shown) => {
        try {
          return await window.connection.signMessage(shown)
        } catch (error) {
          return (error as { code: string }).code
        }
      }, text)
    const signature = await signText()
    expect(recoverSigner(messageDigest(text), signature as `0x${string}`)).toBe(wallet.address)
    expect(wallet.requests.at(-1)).toEqual({ method: 'signMessageV2', params: [text] })
    // Other wallets leave 0x out, or say 0 and 1.
    const v = Number.parseInt(signature.slice(-2), 16)
    wallet.answerTextsWith(`${signature.slice(2, -2).toUpperCase()}0${v - 27}`)
    expect(await signText()).toBe(signature)
    wallet.answerTextsWith('signed!')
    expect(await signText()).toBe('bad-message-signature')
    wallet.answerTextsWith(null)
    wallet.setBehaviour('reject')
    expect(await signText()).toBe('rejected')
    wallet.setBehaviour('approve')
    await wallet.setChainId(MAINNET_ID)
    expect(await signText()).toBe('wrong-network')
    expect(wallet.requests.filter(({ method }) => method === 'sign')).toEqual([])
  })

  test('is not asked to sign on another network, and switches', async ({ page }) => {
    const wallet = await openWithWallet(page)
    await connect(page)
    await wallet.setChainId(MAINNET_ID)
    expect(await send(page)).toBe('wrong-network')
    expect(wallet.requests.filter(({ method }) => method === 'sign')).toEqual([])
    await page.evaluate(() => window.connection.switchChain())
    await expect.poll(() => changes(page)).toEqual(['network', 'network'])
    expect(await send(page)).toBe('sent')
  })

  test('may show no account for a moment', async ({ page }) => {
    const wallet = await openWithWallet(page)
    await connect(page)
    await wallet.flickerAccount()
    await expect.poll(() => send(page)).toBe('sent')
    expect(await changes(page)).toEqual([])
  })

  test('tells of another account, then of its end', async ({ page }) => {
    const wallet = await openWithWallet(page)
    await connect(page)
    await wallet.switchAccount(devnet.accounts.alice.privateKey)
    await expect.poll(() => changes(page)).toEqual(['account'])
    expect(await page.evaluate(() => window.connection.address)).toBe(devnet.accounts.alice.address)
    await wallet.lock()
    await expect.poll(() => changes(page)).toEqual(['account', 'disconnected'])
    expect(await send(page)).toBe('locked')
  })

  test('comes back at the next visit without a pop-up, and only where it was authorised', async ({
    browser,
  }) => {
    expect(await reconnect(browser, true)).toEqual({ isBack: true, requests: 0 })
    expect(await reconnect(browser, false)).toEqual({ isBack: false, requests: 0 })
  })
})

async function reconnect(browser: Browser, isAuthorised: boolean, shape: OfferedShape = 'tronlink') {
  const page = await browser.newPage()
  const wallet = await openWithWallet(page, { isAuthorised, shape })
  const isBack = await page.evaluate(
    async (kind) =>
      (await window.wallet.reconnectWallet(window.wallet.nameWallet(kind, []), window.network)) !== null,
    shape,
  )
  await page.close()
  return { isBack, requests: wallet.requests.length }
}

const OTHERS: readonly { readonly shape: OfferedShape; readonly name: string }[] = [
  { shape: 'tokenpocket', name: 'TokenPocket' },
  { shape: 'okx', name: 'OKX Wallet' },
  { shape: 'bitget', name: 'Bitget Wallet' },
]

for (const { shape, name } of OTHERS)
  test.describe(name, () => {
    test('is found alone under its name, can be declined, connects, signs, and is not asked on another network', async ({
      page,
    }) => {
      const wallet = await openWithWallet(page, { shape, behaviour: 'reject' })
      expect(await findNames(page)).toEqual([name])
      expect(await connect(page, shape)).toBe('rejected')
      wallet.setBehaviour('approve')
      expect(await connect(page, shape)).toBe('connected')
      expect(await page.evaluate(() => [window.connection.name, window.connection.address])).toEqual([
        name,
        wallet.address,
      ])
      wallet.setBehaviour('reject')
      expect(await send(page)).toBe('rejected')
      wallet.setBehaviour('approve')
      expect(await send(page)).toBe('sent')
      await wallet.setChainId(MAINNET_ID)
      await page.evaluate(() => globalThis.dispatchEvent(new Event('focus')))
      await expect.poll(() => changes(page)).toEqual(['network'])
      expect(await send(page)).toBe('wrong-network')
      expect(wallet.requests.filter(({ method }) => method === 'sign')).toHaveLength(2)
      const code = await page.evaluate(() =>
        window.connection.switchChain().catch((error: { code: string }) => error.code),
      )
      expect(code).toBe('switch-unsupported')
    })

    test('tells of another account and signs with it, then of its end', async ({ page }) => {
      const wallet = await openWithWallet(page, { shape })
      await connect(page, shape)
      await wallet.switchAccount(devnet.accounts.alice.privateKey)
      await expect.poll(() => changes(page)).toEqual(['account'])
      expect(await page.evaluate(() => window.connection.address)).toBe(devnet.accounts.alice.address)
      expect(await send(page)).toBe('sent')
      await wallet.lock()
      await expect.poll(() => changes(page)).toEqual(['account', 'disconnected'])
      expect(await send(page)).toBe('locked')
    })

    test('comes back at the next visit without a pop-up, and only where it was authorised', async ({
      browser,
    }) => {
      expect(await reconnect(browser, true, shape)).toEqual({ isBack: true, requests: 0 })
      expect(await reconnect(browser, false, shape)).toEqual({ isBack: false, requests: 0 })
    })
  })

test('of two wallets in one browser each has its name, and the chosen one alone is asked', async ({
  page,
}) => {
  const { privateKey } = devnet.accounts.alice
  const okx = await installTestWallet(page, { privateKey, network, shape: 'okx' })
  const tronlink = await openWithWallet(page)
  expect(await findNames(page)).toEqual(['TronLink', 'OKX Wallet'])
  expect(await connect(page, 'okx')).toBe('connected')
  expect(await page.evaluate(() => window.connection.address)).toBe(okx.address)
  expect(tronlink.requests).toEqual([])
})

test('a stranger that injects what TronLink does goes by its own name, and signs', async ({ page }) => {
  const wallet = await openWithWallet(page, { shape: 'rival' })
  expect(await findNames(page)).toEqual(['Rival Wallet'])
  expect(await connect(page, 'injected')).toBe('connected')
  expect(await page.evaluate(() => [window.connection.name, window.connection.address])).toEqual([
    'Rival Wallet',
    wallet.address,
  ])
  expect(await send(page)).toBe('sent')
})

test('what is loaded on Connect stays within 290 KB, gzipped, and no wallet brings another', () => {
  const chunks = [...site.files].filter(([name]) => name !== 'entry.js' && name.endsWith('.js'))
  const isAdapter = (name: string): boolean => WALLET_CHUNK.test(name)
  const sizes = (wanted: boolean) =>
    chunks.filter(([name]) => isAdapter(name) === wanted).map(([, code]) => gzipSync(code).length)
  expect(sizes(true).length).toBe(13)
  expect(Math.max(...sizes(true))).toBeLessThan(20_000)
  expect(Math.max(...sizes(true)) + sizes(false).reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(290_000)
})
