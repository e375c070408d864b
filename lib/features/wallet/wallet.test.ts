import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ChainError, SiteError, WalletError } from '../../base/index.ts'
import type { SiteConfig } from '../../config/index.ts'
import { readMemory, writeMemory } from '../../kernel/index.ts'
import { fakeCapabilities, fakeConnection } from '../../kernel/testing/capabilities.ts'
import { settleTasks, testWallet } from '../../payments/testing/accounts.ts'
import { testNetwork } from '../../payments/testing/ledger-chain.ts'
import { toAmount, toFeeSun } from '../../units/index.ts'
import type { WalletChange, WalletConnection } from '../../wallet/index.ts'
import { startWallet } from './wallet.ts'

const TRONLINK = { kind: 'tronlink', name: 'TronLink', icon: null, isHere: true, url: null } as const

const wallets = vi.hoisted(() => ({
  connect: async (): Promise<WalletConnection> => Promise.reject(new Error('not set')),
  reconnect: async (): Promise<WalletConnection | null> => null,
  faucet: async (): Promise<void> => undefined,
  choices: [] as unknown[],
}))
vi.mock('../../wallet/index.ts', () => ({
  findWallets: async () => [TRONLINK],
  nameWallet: (kind: string) => ({ kind, name: kind === 'demo' ? 'Demo wallet' : 'TronLink' }),
  connectWallet: (choice: unknown) => {
    wallets.choices.push(choice)
    return wallets.connect()
  },
  reconnectWallet: () => wallets.reconnect(),
  parseWalletKind: (value: unknown) => (value === 'tronlink' || value === 'demo' ? value : null),
  requestFaucet: () => wallets.faucet(),
  exportDemoWalletSecret: async () => '0x11',
}))

const signer = testWallet(1)

function stubStorage(): void {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  })
}

beforeEach(() => {
  stubStorage()
  wallets.connect = async () => fakeConnection(signer)
  wallets.choices = []
  wallets.reconnect = async () => null
  wallets.faucet = async () => undefined
})
afterEach(() => vi.unstubAllGlobals())

function createWorld(over: Parameters<typeof fakeCapabilities>[0] = {}) {
  const fake = fakeCapabilities(over, new Map([[signer.address, 500n]]))
  const heard: (string | null)[] = []
  fake.capabilities.wallet.onConnection((connection) => heard.push(connection?.address ?? null))
  const feature = startWallet(fake.capabilities)
  return { ...fake, ...feature, heard, access: fake.capabilities.wallet }
}

test('connects, shows what the account holds, lays it on the desk, and lets go', async () => {
  const { commands, store, access, heard, stop } = createWorld()
  await settleTasks()
  expect(await commands.connectWallet('demo')).toEqual({ status: 'done' })
  expect(store.get()).toMatchObject({ status: 'connected', kind: 'demo', address: signer.address, btt: 500n })
  expect(access.requireConnection().address).toBe(signer.address)
  expect(access.held.get()).toMatchObject({ btt: 500n })
  expect(readMemory('wallet')).toBe('demo')
  await commands.disconnectWallet()
  expect(store.get()).toMatchObject({ status: 'disconnected', problem: null, offers: [TRONLINK] })
  expect(() => access.requireConnection()).toThrow(WalletError)
  expect(access.held.get()).toBeNull()
  expect(heard).toEqual([signer.address, null])
  expect(readMemory('wallet')).toBeNull()
  await stop()
})

test('a request that its owner declined is cancelled; a wallet that is missing is named', async () => {
  const { commands, store } = createWorld()
  await settleTasks()
  wallets.connect = () => Promise.reject(new WalletError('rejected', 'no'))
  expect(await commands.connectWallet('tronlink')).toEqual({ status: 'cancelled' })
  expect(store.get()).toMatchObject({ status: 'disconnected', problem: null })
  wallets.connect = () => Promise.reject(new WalletError('not-installed', 'none'))
  expect(await commands.connectWallet('tronlink')).toMatchObject({ problem: { code: 'not-installed' } })
  expect(store.get()).toMatchObject({ status: 'disconnected', problem: { code: 'not-installed' } })
})

test('on another network nothing can be signed, until it switched', async () => {
  let chainId = 1
  wallets.connect = async () =>
    fakeConnection(signer, {
      getChainId: async () => chainId,
      switchChain: async () => {
        chainId = 0x1234abcd
      },
    })
  const { commands, store, access } = createWorld()
  await settleTasks()
  await commands.connectWallet('tronlink')
  expect(store.get()).toMatchObject({ status: 'wrongNetwork', wanted: 'Test chain' })
  expect(() => access.requireConnection()).toThrow(WalletError)
  expect(await commands.switchNetwork()).toEqual({ status: 'done' })
  expect(store.get().status).toBe('connected')
})

test('the wallet of the last visit comes back by itself; one that the user chose meanwhile wins', async () => {
  writeMemory('wallet', 'tronlink')
  wallets.reconnect = async () => fakeConnection(signer, { kind: 'tronlink' })
  const first = createWorld()
  await settleTasks()
  expect(first.store.get()).toMatchObject({ status: 'connected', kind: 'tronlink' })

  const late = Promise.withResolvers<WalletConnection>()
  let letGo = 0
  wallets.reconnect = () => late.promise
  const second = createWorld()
  await settleTasks()
  await second.commands.connectWallet('demo')
  const disconnect = (): void => {
    letGo += 1
  }
  late.resolve(fakeConnection(testWallet(2), { disconnect }))
  await settleTasks()
  expect(second.store.get()).toMatchObject({ status: 'connected', address: signer.address })
  expect(letGo).toBe(1)
})

test('a wallet that cannot come back says why, and the page goes on', async () => {
  writeMemory('wallet', 'demo')
  wallets.reconnect = () => Promise.reject(new WalletError('testnet-only', 'no'))
  const { store, errors } = createWorld()
  await settleTasks()
  expect(store.get()).toMatchObject({ status: 'disconnected', problem: { code: 'testnet-only' } })
  expect(errors).toEqual([])
})

test('a chain that is away leaves the balances unknown and says so', async () => {
  const { commands, store } = createWorld({
    chain: () => Promise.reject(new ChainError('unreachable', 'away')),
  })
  await settleTasks()
  await commands.connectWallet('demo')
  expect(store.get()).toMatchObject({
    status: 'connected',
    trx: null,
    btt: null,
    problem: { code: 'unreachable' },
  })
})

test('the wallet’s own end and another account are heard', async () => {
  let tell: (change: WalletChange) => void = () => undefined
  const connection = fakeConnection(signer, {
    onChange(listener) {
      tell = listener
      return () => undefined
    },
  })
  wallets.connect = async () => connection
  const { commands, store, heard } = createWorld()
  await settleTasks()
  await commands.connectWallet('tronlink')
  tell({ kind: 'account' })
  await settleTasks()
  expect(heard).toEqual([signer.address, signer.address])
  tell({ kind: 'disconnected' })
  await settleTasks()
  expect(store.get().status).toBe('disconnected')
  expect(heard.at(-1)).toBeNull()
})

test('the faucet gives to the connected account, and its no is told', async () => {
  const { commands } = createWorld()
  await settleTasks()
  expect(await commands.requestFaucet()).toMatchObject({ problem: { code: 'faucet-refused' } })
  await commands.connectWallet('demo')
  expect(await commands.requestFaucet()).toEqual({ status: 'done' })
  wallets.faucet = () => Promise.reject(new ChainError('unreachable', 'away'))
  expect(await commands.requestFaucet()).toMatchObject({ status: 'failed', problem: { code: 'unreachable' } })
})

test('an empty demo wallet is filled once, on a network with a faucet; others are left alone', async () => {
  const config = async () =>
    ({
      network: { ...testNetwork, isTestnet: true, faucetUrl: 'https://faucet.example' },
      rates: null,
    }) as SiteConfig
  const { chain } = fakeCapabilities()
  const noMeans = { ...(await chain.getMeans(signer.address)), balanceSun: toFeeSun(0n) }
  const poor = fakeCapabilities({ config, chain: async () => ({ ...chain, getMeans: async () => noMeans }) })
  const { commands, store } = startWallet(poor.capabilities)
  await settleTasks()
  expect(await commands.fillDemoWallet()).toBeNull()
  const gift = Promise.withResolvers<void>()
  wallets.faucet = () => gift.promise
  await commands.connectWallet('demo')
  const filling = commands.fillDemoWallet()
  await settleTasks()
  expect(store.get()).toMatchObject({ isFilling: true })
  gift.resolve()
  expect(await filling).toEqual({ status: 'done' })
  expect(store.get()).toMatchObject({ isFilling: false, problem: null })

  const rich = fakeCapabilities({ config }, new Map([[signer.address, 500n]]))
  const second = startWallet(rich.capabilities)
  await settleTasks()
  await second.commands.connectWallet('demo')
  expect(await second.commands.fillDemoWallet()).toBeNull()
})

test('the demo wallet’s key is given to its owner, and no other wallet’s', async () => {
  const { commands } = createWorld()
  await settleTasks()
  expect(await commands.exportDemoWallet()).toBeNull()
  await commands.connectWallet('demo')
  expect(await commands.exportDemoWallet()).toBe('0x11')
  wallets.connect = async () => fakeConnection(signer, { kind: 'tronlink', name: 'TronLink' })
  await commands.connectWallet('tronlink')
  expect(await commands.exportDemoWallet()).toBeNull()
})

test('what waits for an answer is named, and the wallets found stay on the list', async () => {
  const { commands, store } = createWorld()
  await settleTasks()
  const answer = Promise.withResolvers<WalletConnection>()
  wallets.connect = () => answer.promise
  const connecting = commands.connectWallet('tronlink')
  await settleTasks()
  expect(store.get()).toEqual({
    status: 'connecting',
    kind: 'tronlink',
    name: 'TronLink',
    offers: [TRONLINK],
  })
  expect(wallets.choices).toEqual([{ kind: 'tronlink', name: 'TronLink' }])
  answer.reject(new WalletError('locked', 'no', { walletName: 'TronLink' }))
  expect(await connecting).toMatchObject({ problem: { action: expect.stringContaining('TronLink') } })
})

test('what the contract may still take is shown, priced, and taken back where the owner signs', async () => {
  const { commands, store, chain } = createWorld()
  await commands.connectWallet('tronlink')
  await chain.send({ kind: 'approve', amount: toAmount(5n) }, signer)
  await commands.refreshBalances()
  expect(store.get()).toMatchObject({ allowance: 5n })
  expect(await commands.previewRevoke()).toMatchObject({ status: 'known', feeSun: expect.any(BigInt) })
  signer.isRefusing = true
  expect(await commands.revokeAllowance()).toEqual({ status: 'cancelled' })
  expect(store.get()).toMatchObject({ allowance: 5n })
  signer.isRefusing = false
  expect(await commands.revokeAllowance()).toEqual({ status: 'done' })
  expect(store.get()).toMatchObject({ allowance: 0n })
})

test('a tab that follows another takes no allowance back: that one may be about to lock it', async () => {
  const lead = {
    granted: Promise.resolve(),
    require: () => Promise.reject(new SiteError('other-tab', 'another tab leads')),
  }
  const { commands, chain } = createWorld({ lead })
  await commands.connectWallet('tronlink')
  expect(await commands.revokeAllowance()).toMatchObject({ status: 'failed', problem: { code: 'other-tab' } })
  expect(chain.sent).toEqual([])
})
