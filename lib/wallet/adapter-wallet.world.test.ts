/** Every adapter that no browser test runs, the real one each, before the globals that it looks for. TronLink, TokenPocket, OKX and Bitget: e2e/wallets.spec.ts. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Network } from '../tron/index.ts'
import { findWallets } from './find-wallets.ts'
import { createKeySigner } from './key-signer.ts'
import type { KnownWalletKind } from './known-wallets.ts'
import type { WalletConnection } from './wallet-connection.ts'
import { connectWallet, nameWallet } from './wallets.ts'

const first = createKeySigner('1a'.repeat(32))
const second = createKeySigner('2b'.repeat(32))
const network: Network = {
  name: 'nile',
  label: 'Test chain',
  fullHost: 'https://node.example',
  chainId: 0xcd8690dc,
  contract: first.address,
  token: first.address,
  explorerUrl: null,
  isTestnet: true,
  faucetUrl: null,
}

/** An injected wallet with all that some adapter asks for: what it answers is up to the test. */
function createInjected() {
  const injected = {
    account: null as string | null,
    chainId: network.chainId,
    requests: [] as string[],
  }
  const tronWeb = {
    get ready() {
      return injected.account !== null
    },
    get defaultAddress() {
      return { base58: injected.account ?? false }
    },
    trx: {
      getBlockByNumber: async () => ({ blockID: injected.chainId.toString(16).padStart(64, '0') }),
      sign: async () => 'signed',
    },
  }
  const provider = {
    get ready() {
      return injected.account !== null
    },
    tronWeb,
    on: () => undefined,
    removeListener: () => undefined,
    async request({ method }: { method: string }): Promise<unknown> {
      if (method === 'tron_chainId') return `0x${injected.chainId.toString(16)}`
      if (method === 'tron_accounts') return injected.account === null ? [] : [injected.account]
      if (method === 'tron_signTransaction') return 'signed'
      injected.requests.push(method)
      injected.account ??= first.address
      return Object.assign([injected.account], { code: 200 })
    },
  }
  return { injected, provider, tronWeb }
}
type Injected = ReturnType<typeof createInjected>

interface Row {
  readonly kind: KnownWalletKind
  globals(injected: Injected): object
  /** Its adapter tells of nothing: the page looks. */
  readonly isSilent?: true
  /** It never asks: the app that holds the page has let it in. */
  readonly isApp?: true
  readonly userAgent?: string
}

const ROWS: readonly Row[] = [
  { kind: 'trust', globals: ({ provider }) => ({ trustwallet: { tronLink: provider } }) },
  {
    kind: 'imtoken',
    globals: ({ tronWeb }) => ({ imToken: {}, tronWeb }),
    isSilent: true,
    isApp: true,
  },
  { kind: 'gate', globals: ({ provider }) => ({ gatewallet: { tronLink: provider, tron: provider } }) },
  { kind: 'bybit', globals: ({ provider }) => ({ bybitWallet: { tronLink: provider } }) },
  {
    kind: 'safepal',
    globals: ({ provider, tronWeb }) => ({ safepalTronProvider: provider, tronWeb }),
    isSilent: true,
  },
  { kind: 'onekey', globals: ({ provider }) => ({ $onekey: { tron: provider } }) },
  { kind: 'backpack', globals: ({ provider }) => ({ backpack: { tron: provider } }) },
  {
    kind: 'guarda',
    globals: ({ provider, tronWeb }) => ({ guarda: { tron: provider, tronWeb } }),
    isSilent: true,
  },
  {
    kind: 'foxwallet',
    globals: ({ provider }) => ({ foxwallet: { tronLink: provider } }),
    isSilent: true,
    userAgent: 'Android Mobile',
  },
]

describe.each(ROWS)('$kind', ({ kind, globals, isSilent, isApp, userAgent = 'desktop' }) => {
  let injected: Injected['injected']
  let connection: WalletConnection
  let heard: string[]

  beforeEach(async () => {
    const parts = createInjected()
    injected = parts.injected
    if (isApp) injected.account = first.address
    const navigator = { userAgent }
    const location = { origin: 'https://site.example', href: 'https://site.example/' }
    vi.stubGlobal('window', Object.assign(new EventTarget(), { location, navigator, ...globals(parts) }))
    vi.stubGlobal('document', {})
    vi.stubGlobal('navigator', navigator)
    connection = await connectWallet(nameWallet(kind, await findWallets()), network)
    heard = []
    connection.onChange((change) => heard.push(change.kind))
  })
  afterEach(() => {
    connection.disconnect()
    vi.unstubAllGlobals()
  })

  test('is found alone, connects by one request at most, and signs', async () => {
    const here = (await findWallets()).filter(({ isHere }) => isHere)
    expect(here.map((offer) => offer.kind)).toEqual([kind])
    expect(connection).toMatchObject({ kind, address: first.address, canSignSilently: false })
    expect(injected.requests).toHaveLength(isApp ? 0 : 1)
    expect(await connection.signer.signTransaction({})).toBe('signed')
  })

  test('on another network is noticed once the page has the focus again, and is asked nothing', async () => {
    injected.chainId = 1
    window.dispatchEvent(new Event('focus'))
    await vi.waitFor(() => expect(heard).toEqual(['network']))
    await expect(connection.signer.signTransaction({})).rejects.toMatchObject({ code: 'wrong-network' })
  })

  if (isSilent)
    test('tells of another account, though its adapter does not', async () => {
      injected.account = second.address
      await expect(connection.signer.signTransaction({})).rejects.toMatchObject({ code: 'account-changed' })
      await vi.waitFor(() => expect(heard).toEqual(['account']), { timeout: 10_000 })
      expect(connection.address).toBe(second.address)
    })
})
