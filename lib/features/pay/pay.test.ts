import 'fake-indexeddb/auto'
import { expect, test, vi } from 'vitest'
import { ChainError, type Hex, SiteError } from '../../base/index.ts'
import { releaseDigest } from '../../channels/index.ts'
import type { Exchange } from '../../exchange/index.ts'
import type { Capabilities } from '../../kernel/index.ts'
import { fakeCapabilities, fakeConnection, fakeSwarm } from '../../kernel/testing/capabilities.ts'
import type { PayerAccount } from '../../payments/index.ts'
import { INFO_HASH, settleTasks, terms, testKey, testWallet } from '../../payments/testing/accounts.ts'
import { testNetwork } from '../../payments/testing/ledger-chain.ts'
import { toAmount, toFeeSun } from '../../units/index.ts'
import { INITIAL_PAY } from './initial.ts'
import { startPay } from './pay.ts'
import type { PaySnapshot } from './snapshot.ts'

const BUDGET = toAmount(80_000n)
const ASK = toAmount(1_000n)
const OTHER_HASH = 'b'.repeat(40)
const START = { budget: BUDGET, maxAskPerMiB: ASK, torrents: [INFO_HASH] }
const seller = { payee: testKey(10).address, delegate: testKey(11).address }

function createWorld(over: Partial<Capabilities> = {}) {
  const wallet = testWallet(1, true)
  let account: PayerAccount | null = null
  const exchange = {
    // Whoever pays hears of sellers: one of them has delivered.
    setPayer(payer: PayerAccount | null) {
      if (!payer) return
      account = payer
      payer.offerSeller(terms(seller.payee, seller.delegate, ASK))
    },
    finishPieces: async () => undefined,
    async collectReleases(channelIds: readonly Hex[]) {
      for (const channelId of channelIds) {
        const release = { channelId, payee: seller.payee, cumulative: toAmount(0n) }
        const signature = await testKey(11).sign(releaseDigest(release, testNetwork))
        await account?.acceptRelease({ ...release, signature })
      }
    },
    resumeBuying: () => undefined,
    tip: async () => ({ status: 'refused', code: 'too-small' }),
  } as unknown as Exchange
  const fake = fakeCapabilities(
    { swarm: fakeSwarm(exchange).swarm, ...over },
    new Map([[wallet.address, 1_000_000n]]),
  )
  const feature = startPay(fake.capabilities)
  const seen: PaySnapshot[] = []
  feature.store.subscribe(() => seen.push(feature.store.get()))
  const connect = async (): Promise<void> => {
    fake.desk.put(fakeConnection(wallet), true)
    fake.desk.hold({ address: wallet.address, trx: toFeeSun(10n ** 9n), btt: toAmount(1_000_000n) })
    fake.desk.announce()
    await settleTasks()
  }
  return { ...fake, ...feature, wallet, seen, connect, account: () => account as PayerAccount | null }
}

/** Long enough for a start that asks the chain a few times. */
async function start(world: ReturnType<typeof createWorld>) {
  await world.connect()
  const outcome = await world.commands.startPaying(START)
  await settleTasks()
  return outcome
}

test('with nothing locked, no chain is asked', async () => {
  let asked = 0
  const { store, errors } = createWorld({
    chain() {
      asked += 1
      return Promise.reject(new ChainError('unreachable', 'away'))
    },
  })
  await settleTasks()
  expect(store.get()).toEqual(INITIAL_PAY)
  expect([asked, errors]).toEqual([0, []])
})

test('a budget is previewed, started, stopped, resumed, settled and dismissed', async () => {
  const world = createWorld()
  const { commands, store, seen } = world
  await world.connect()
  const preview = await commands.previewFees(BUDGET)
  expect(preview).toMatchObject({ status: 'known', preview: { problem: null } })
  expect(await start(world)).toEqual({ status: 'done' })
  expect(seen.map(({ status }) => status)).toContain('starting')
  expect(store.get()).toMatchObject({ status: 'paying', funder: world.wallet.address, problem: null })
  commands.stopPaying()
  await settleTasks()
  expect(store.get().status).toBe('stopped')
  expect(await commands.resumePaying()).toEqual({ status: 'done' })
  expect(store.get().status).toBe('paying')
  expect(await commands.settle()).toEqual({ status: 'done' })
  expect(store.get()).toMatchObject({ status: 'settled', summary: { refunded: BUDGET } })
  commands.dismissSettlement()
  expect(store.get()).toEqual(INITIAL_PAY)
})

test('says before anything is signed that the wallet holds too little', async () => {
  const world = createWorld()
  await world.connect()
  world.chain.means = { ...world.chain.means, balanceSun: toFeeSun(1n) }
  expect(await world.commands.previewFees(BUDGET)).toMatchObject({
    preview: { problem: { code: 'too-little-trx' } },
  })
  world.desk.hold({ address: world.wallet.address, trx: toFeeSun(10n ** 9n), btt: toAmount(1n) })
  expect(await world.commands.previewFees(BUDGET)).toMatchObject({
    preview: { problem: { code: 'too-little-btt' } },
  })
})

test('counts what settling costs, and what the account’s own energy pays for', async () => {
  const world = createWorld()
  await world.connect()
  const full = await world.commands.previewFees(BUDGET)
  if (full.status !== 'known') throw new Error('no preview')
  const { totalFeeSun, settleFeeSun } = full.preview
  expect(full.preview).toMatchObject({ isPartlyStaked: false, feePercent: null, problem: null })
  // Enough to lock, not to settle.
  const lockable = { ...world.chain.means, balanceSun: toFeeSun(totalFeeSun + settleFeeSun - 1n) }
  world.chain.means = lockable
  expect(await world.commands.previewFees(BUDGET)).toMatchObject({
    preview: { problem: { code: 'too-little-trx' } },
  })
  world.chain.means = { ...lockable, energy: 1_000 }
  const staked = await world.commands.previewFees(BUDGET)
  expect(staked).toMatchObject({
    preview: { totalFeeSun: totalFeeSun - 100_000n, isPartlyStaked: true, problem: null },
  })
})

test('weighs the fees against the budget at the site’s rate', async () => {
  const rates = { asOfMs: 0, bttPerTrx: toAmount(1_000n) }
  const world = createWorld({ config: async () => ({ rates }) as never })
  await world.connect()
  const known = await world.commands.previewFees(BUDGET)
  if (known.status !== 'known') throw new Error('no preview')
  const { totalFeeSun, settleFeeSun, feePercent } = known.preview
  // Rounded up.
  expect(feePercent).toBe(
    Math.ceil((Number(totalFeeSun + settleFeeSun) * 1_000 * 100) / 1e6 / Number(BUDGET)),
  )
  expect(known.preview.furtherMost).toBe(0)
})

test('whoever refuses high fees locks no budget that has them, and is remembered', async () => {
  const items = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  })
  const rates = { asOfMs: 0, bttPerTrx: toAmount(1_000n) }
  const open = () => createWorld({ config: async () => ({ rates }) as never })
  const first = open()
  await first.connect()
  expect(await first.commands.previewFees(BUDGET)).toMatchObject({
    preview: { areFeesHigh: true, refusesHighFees: false, problem: null },
  })
  first.commands.refuseHighFees(true)
  const second = open()
  await second.connect()
  expect(await second.commands.previewFees(BUDGET)).toMatchObject({
    preview: { refusesHighFees: true, problem: { code: 'fees-too-high' } },
  })
  expect(await start(second)).toMatchObject({ status: 'failed', problem: { code: 'fees-too-high' } })
  expect(second.chain.sent).toEqual([])
  second.commands.refuseHighFees(false)
  expect(items.size).toBe(0)
  expect(await start(second)).toEqual({ status: 'done' })
  vi.unstubAllGlobals()
})

test('without a wallet nothing starts, and the words say so', async () => {
  const { commands } = createWorld()
  expect(await commands.startPaying(START)).toMatchObject({
    status: 'failed',
    problem: { code: 'not-connected' },
  })
  expect(await commands.previewFees(BUDGET)).toMatchObject({
    status: 'unknown',
    problem: { code: 'not-connected' },
  })
})

test('declining in the wallet cancels, and the next try works', async () => {
  const world = createWorld()
  world.wallet.isRefusing = true
  expect(await start(world)).toEqual({ status: 'cancelled' })
  expect(world.store.get()).toEqual(INITIAL_PAY)
  world.wallet.isRefusing = false
  expect(await start(world)).toEqual({ status: 'done' })
  expect(world.store.get().status).toBe('paying')
})

test('a chain that is away is named, and nothing is signed', async () => {
  const world = createWorld({ chain: () => Promise.reject(new ChainError('unreachable', 'away')) })
  expect(await start(world)).toMatchObject({ status: 'failed', problem: { code: 'unreachable' } })
  expect(await world.commands.previewFees(BUDGET)).toMatchObject({ status: 'unknown' })
  expect(world.chain.sent).toEqual([])
})

test('a tab that follows another spends nothing', async () => {
  const lead = {
    granted: new Promise<void>(() => undefined),
    require: () => Promise.reject(new SiteError('other-tab', 'another leads')),
  }
  const world = createWorld({ lead })
  expect(await start(world)).toMatchObject({ status: 'failed', problem: { code: 'other-tab' } })
  expect(world.chain.sent).toEqual([])
})

test('a torrent is paid for only after its owner said so; a tip is held to the same', async () => {
  const world = createWorld()
  await start(world)
  const { commands } = world
  expect(world.account()?.mayPayFor(OTHER_HASH)).toBe(false)
  expect(await commands.tip(OTHER_HASH, 'peer' as never, toAmount(1n), '')).toMatchObject({
    problem: { code: 'tip-not-here' },
  })
  expect(await commands.payHere(OTHER_HASH)).toEqual({ status: 'done' })
  expect(world.account()?.mayPayFor(OTHER_HASH)).toBe(true)
  expect(await commands.tip(OTHER_HASH, 'peer' as never, toAmount(1n), '')).toMatchObject({
    problem: { code: 'tip-too-small' },
  })
  const third = 'c'.repeat(40)
  expect(await commands.watchFreeHere(third)).toEqual({ status: 'done' })
  expect(world.account()?.mayPayFor(third)).toBe(false)
  expect(world.store.get()).toMatchObject({ torrents: { [OTHER_HASH]: 'pay', [third]: 'free' } })
})

test('money that an earlier visit locked is shown and not spent unasked', async () => {
  const first = createWorld()
  await start(first)
  await first.stop()
  const ledger = await first.capabilities.ledger()
  const second = createWorld({ ledger: async () => ledger, chain: async () => first.chain })
  await expect.poll(() => second.store.get().status).toBe('stopped')
  expect(second.errors).toEqual([])
})

test('coins that another browser locked are found, and taken back: at once, and when the wait is over', async () => {
  const first = createWorld()
  await start(first)
  await first.stop()
  // No seller of the other browser's is in sight here.
  const alone = {
    setPayer: () => undefined,
    finishPieces: async () => undefined,
    collectReleases: async () => undefined,
  }
  const exchange = { ...alone, resumeBuying: () => undefined } as unknown as Exchange
  const second = createWorld({ chain: async () => first.chain, swarm: fakeSwarm(exchange).swarm })
  await second.connect()
  await expect
    .poll(() => second.store.get())
    .toMatchObject({
      status: 'free',
      elsewhere: [{ amount: BUDGET, signaturesNow: 1, signaturesLater: 1, unreadable: 0 }],
    })
  const free = second.store.get()
  if (free.status !== 'free' || !free.elsewhere[0]) throw new Error('nothing found')
  expect(await second.commands.takeBack(free.elsewhere[0].signer)).toEqual({ status: 'done' })
  expect(second.store.get()).toMatchObject({ status: 'closing', isFound: true })
  expect(await second.commands.settle()).toMatchObject({ status: 'failed', problem: { code: 'too-early' } })
  expect(second.store.get().status).toBe('closing')
  first.chain.nowSec += 4_000n
  expect(await second.commands.settle()).toEqual({ status: 'done' })
  expect(second.store.get()).toMatchObject({ status: 'settled', summary: { refunded: BUDGET } })
  second.commands.dismissSettlement()
  await expect.poll(() => second.store.get()).toMatchObject({ status: 'free', elsewhere: [] })
})

test('a recovery file finds what the node cannot tell of, and a broken one is refused in words', async () => {
  const first = createWorld()
  await start(first)
  const file = await first.commands.makeRecoveryFile()
  await first.stop()
  first.chain.hasEvents = false
  const second = createWorld({ chain: async () => first.chain })
  await second.connect()
  expect(second.store.get()).toMatchObject({ status: 'free', elsewhere: [] })
  expect(await second.commands.makeRecoveryFile()).toBeNull()
  expect(await second.commands.openRecoveryFile('{}')).toMatchObject({
    status: 'failed',
    problem: { code: 'bad-recovery-file' },
  })
  expect(await second.commands.openRecoveryFile(file ?? '')).toEqual({ status: 'done' })
  expect(second.store.get()).toMatchObject({ elsewhere: [{ amount: BUDGET }] })
})

test('where the node has no event server, its blocks are read for what is locked elsewhere', async () => {
  const first = createWorld()
  await start(first)
  await first.stop()
  first.chain.hasEvents = false
  const second = createWorld({ chain: async () => first.chain })
  await second.connect()
  await expect.poll(() => second.store.get()).toMatchObject({ search: { status: 'untold' }, elsewhere: [] })
  expect(await second.commands.readBlocks(100)).toEqual({ status: 'done' })
  expect(second.seen).toContainEqual(
    expect.objectContaining({ search: { status: 'reading', block: 10, fromBlock: 1, toBlock: 10 } }),
  )
  const found = second.store.get()
  expect(found).toMatchObject({ search: { status: 'read', fromBlock: 1 }, elsewhere: [{ amount: BUDGET }] })
  if (found.status !== 'free' || !found.elsewhere[0]) throw new Error('nothing found')
  // What the blocks told is known from then on: nothing is read again to take it back.
  first.chain.scanTraces = () => Promise.reject(new ChainError('unreachable', 'away'))
  expect(await second.commands.takeBack(found.elsewhere[0].signer)).toEqual({ status: 'done' })
  expect(second.store.get()).toMatchObject({ status: 'settled', summary: { refunded: BUDGET } })
})

test('reading blocks ends when it is stopped, when another account comes, and with words when it fails', async () => {
  const world = createWorld()
  const { chain, commands, store } = world
  chain.hasEvents = false
  chain.scanTraces = (_owner, { onProgress, signal }) => {
    onProgress?.(8, 1, 1_000)
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
  }
  await world.connect()
  await expect.poll(() => store.get()).toMatchObject({ search: { status: 'untold' } })
  const stopped = commands.readBlocks(1_000)
  await expect.poll(() => store.get()).toMatchObject({ search: { status: 'reading', block: 8 } })
  commands.stopReadingBlocks()
  expect(await stopped).toEqual({ status: 'done' })
  expect(store.get()).toMatchObject({ search: { status: 'untold' } })

  const left = commands.readBlocks(1_000)
  await expect.poll(() => store.get()).toMatchObject({ search: { status: 'reading', block: 8 } })
  world.desk.put(fakeConnection(testWallet(7)), true)
  world.desk.announce()
  expect(await left).toEqual({ status: 'done' })
  await expect.poll(() => store.get()).toMatchObject({ search: { status: 'untold' } })

  chain.scanTraces = () => Promise.reject(new ChainError('pruned', 'gone'))
  expect(await commands.readBlocks(1_000)).toMatchObject({ status: 'failed', problem: { code: 'pruned' } })
  expect(store.get()).toMatchObject({ search: { status: 'untold' } })
})

test('a problem of the account goes when another one is chosen', async () => {
  const world = createWorld()
  await start(world)
  const stranger = testWallet(7)
  world.desk.put(fakeConnection(stranger), true)
  world.desk.announce()
  expect(await world.commands.settle()).toMatchObject({
    status: 'failed',
    problem: { code: 'wrong-account' },
  })
  expect(world.store.get()).toMatchObject({ problem: { code: 'wrong-account' } })
  await world.connect()
  expect(world.store.get()).toMatchObject({ problem: null })
})

test('an account that changes between the question and its signature signs nothing', async () => {
  const world = createWorld()
  await world.connect()
  let { address } = world.wallet
  const signer = {
    get address() {
      return address
    },
    signTransaction: async (transaction: unknown) => transaction,
  }
  world.desk.put(fakeConnection(signer), true)
  world.store.subscribe(() => {
    const now = world.store.get()
    if (now.status === 'starting' && now.waitingFor === 'sign') address = testWallet(7).address
  })
  expect(await world.commands.startPaying(START)).toMatchObject({
    status: 'failed',
    problem: { code: 'account-changed' },
  })
  expect(world.chain.sent).toEqual([])
})

test('after its end nothing is shown any more', async () => {
  const world = createWorld()
  await start(world)
  await world.stop()
  const { length } = world.seen
  await world.account()?.stop()
  await settleTasks()
  expect(world.seen).toHaveLength(length)
})
