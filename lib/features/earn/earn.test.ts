import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ChainError, type Hex, WalletError } from '../../base/index.ts'
import { isEndorsed } from '../../channels/index.ts'
import type { SiteConfig } from '../../config/index.ts'
import type { Exchange } from '../../exchange/index.ts'
import { createWalletDesk, type Swarm } from '../../kernel/index.ts'
import { createMemoryLedger, createPayer, type Payee, type PayerAccount } from '../../payments/index.ts'
import {
  INFO_HASH,
  MIB,
  pieceReason,
  settleTasks,
  testClock,
  testKey,
  testWallet,
} from '../../payments/testing/accounts.ts'
import { balanceOf, createLedgerChain, type LedgerChain } from '../../payments/testing/ledger-chain.ts'
import { messageDigest } from '../../tron/index.ts'
import { toAmount, toFeeSun, ZERO_AMOUNT } from '../../units/index.ts'
import type { WalletConnection } from '../../wallet/index.ts'
import { startEarn } from './earn.ts'

const ASK = toAmount(1_000n)
const buyerWallet = testWallet(1)
const sellerWallet = testWallet(10)

interface World {
  readonly chain: LedgerChain
  readonly payer: PayerAccount
  readonly earn: ReturnType<typeof startEarn>
  /** Asked of the wallet to sign, in order. */
  readonly texts: readonly string[]
  /** What is sold now; null when nothing is. */
  readonly selling: () => unknown
  /** The tab sleeps until this. */
  wake(): void
}

type Answer = (text: string) => Promise<Hex>
const signAsSeller: Answer = (text) => testKey(10).sign(messageDigest(text))

interface Page extends Omit<World, 'payer'> {
  readonly payer: PayerAccount
  readonly payee: () => Payee | null
}

/** A page with a wallet that sells nothing yet. */
async function openPage(
  canSignSilently: boolean,
  answer: Answer = signAsSeller,
  nowMs: () => number = Date.now,
  bttPerTrx: bigint | null = null,
): Promise<Page> {
  const texts: string[] = []
  let selling: unknown = null
  const chain = createLedgerChain(new Map([[buyerWallet.address, 1_000_000n]]))
  const clock = testClock()
  const payer = createPayer({
    bttPerTrx: ZERO_AMOUNT,
    chain,
    ledger: createMemoryLedger(),
    sessionKey: testKey(2),
    clock,
    random: (lengthBytes) => new Uint8Array(lengthBytes).fill(7),
  })
  await payer.restore()
  const ledger = createMemoryLedger()
  const connection = {
    kind: canSignSilently ? 'demo' : 'tronlink',
    address: sellerWallet.address,
    canSignSilently,
    signer: sellerWallet,
    signMessage: async (text: string) => {
      texts.push(text)
      return answer(text)
    },
  } as unknown as WalletConnection
  const { access, desk } = createWalletDesk()
  desk.put(connection, true)
  let payee: Payee | null = null
  const wakers: (() => void)[] = []
  const exchange = {
    setPayee: (account: Payee) => {
      payee = account
    },
    setSelling: (next: unknown) => {
      selling = next
    },
  } as unknown as Exchange
  const rates = bttPerTrx === null ? null : { asOfMs: 0, bttPerTrx: toAmount(bttPerTrx) }
  const earn = startEarn(
    {
      chain: async () => chain,
      ledger: async () => ledger,
      lead: { granted: Promise.resolve(), require: async () => undefined },
      wallet: access,
      swarm: {
        requireExchange: async () => exchange,
        onExchange: (use: (market: Exchange) => void) => use(exchange),
      } as unknown as Swarm,
      publish: (publish) => publish,
      onWake(listener) {
        wakers.push(listener)
        return () => void wakers.splice(wakers.indexOf(listener), 1)
      },
      config: async () => ({ rates }) as SiteConfig,
    },
    nowMs,
  )
  const wake = (): void => {
    for (const listener of wakers) listener()
  }
  return { chain, payer, earn, texts, selling: () => selling, payee: () => payee, wake }
}

/** A page that sells, and a payer that owes it 1,000 in an open channel. */
async function makeWorld(canSignSilently: boolean, bttPerTrx: bigint | null = null): Promise<World> {
  const page = await openPage(canSignSilently, signAsSeller, Date.now, bttPerTrx)
  const { payer, earn } = page
  expect(await earn.commands.startEarning({ askPerMiB: ASK })).toEqual({ status: 'done' })
  const account = page.payee()
  if (!account) throw new Error('nobody sells')
  payer.offerSeller({
    payee: account.payee,
    delegate: account.delegate,
    askPerMiB: ASK,
    relayFrom: null,
    deliveredBytes: 1,
  })
  await payer.start({
    budget: toAmount(80_000n),
    maxAskPerMiB: ASK,
    torrents: [INFO_HASH],
    wallet: buyerWallet,
  })
  const seat = payer.getSeat(account)
  if (!seat) throw new Error('no seat')
  await account.acceptSeat(seat)
  const voucher = await payer.pay(account, ASK, pieceReason(0, MIB))
  if (!voucher) throw new Error('no voucher')
  await account.acceptVoucher(voucher, pieceReason(0, MIB))
  return page
}

const close = ({ payer }: World) =>
  payer.settle({ wallet: buyerWallet, collectReleases: async () => undefined })

const problemOf = ({ earn }: World): string | undefined => {
  const snapshot = earn.store.get()
  return (snapshot.closing?.problem ?? ('problem' in snapshot ? snapshot.problem : null))?.code
}

describe('a payer closes its channel while the seller’s tab sleeps', () => {
  let world: World

  test('at the next wake a wallet that signs silently redeems what is due', async () => {
    world = await makeWorld(true)
    await close(world)
    expect(balanceOf(world.chain, sellerWallet.address)).toBe(0n)
    world.wake()
    await expect.poll(() => balanceOf(world.chain, sellerWallet.address)).toBe(1_000n)
    await expect.poll(() => world.earn.store.get()).toMatchObject({ status: 'on', redeemable: 0n })
  })

  describe('with a wallet that asks', () => {
    beforeEach(async () => {
      world = await makeWorld(false)
      await close(world)
      world.wake()
      await expect.poll(() => problemOf(world)).toBe('payer-closing')
    })

    test('what is at stake and until when is told', () => {
      expect(world.earn.store.get().closing).toMatchObject({ due: 1_000n, closeAtSec: expect.any(BigInt) })
    })

    test('nothing pops up, and redeeming clears the warning', async () => {
      expect(world.chain.sent).not.toContain('redeem')
      expect(await world.earn.commands.redeem()).toEqual({ status: 'done' })
      expect(balanceOf(world.chain, sellerWallet.address)).toBe(1_000n)
      expect(problemOf(world)).toBeUndefined()
    })

    test('a node that does not answer leaves the warning', async () => {
      world.chain.isDown = true
      world.wake()
      await expect.poll(() => problemOf(world)).toBe('payer-closing')
    })
  })

  test('while nothing closes, waking does nothing', async () => {
    world = await makeWorld(true)
    world.wake()
    await settleTasks()
    await expect.poll(() => world.earn.store.get()).toMatchObject({ status: 'on', redeemable: 1_000n })
    expect(world.chain.sent).not.toContain('redeem')
  })
})

/** localStorage as a browser has it. */
function stubStorage(): Map<string, string> {
  const items = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  })
  return items
}

describe('the wallet’s word for this browser’s key', () => {
  const DAY_MS = 86_400_000
  let items: Map<string, string>
  let nowMs: number
  const open = (answer?: Answer, canSignSilently = false) => openPage(canSignSilently, answer, () => nowMs)
  const start = ({ earn }: Page) => earn.commands.startEarning({ askPerMiB: ASK })

  beforeEach(() => {
    items = stubStorage()
    nowMs = 1_800_000_000_000
  })
  afterEach(() => vi.unstubAllGlobals())

  test('is asked for once, said before, read by its owner, and then stands in each quote', async () => {
    const page = await open()
    expect(page.texts).toEqual([])
    expect(await start(page)).toEqual({ status: 'done' })
    expect(page.texts).toHaveLength(1)
    expect(page.texts[0]).toMatch(
      /^Piecemeal: this key answers for my seeding\.\n.*It cannot move my money\./,
    )
    const endorsement = page.payee()?.getEndorsement()
    if (!endorsement) throw new Error('no endorsement')
    expect(endorsement).toMatchObject({ payee: sellerWallet.address, delegate: page.payee()?.delegate })
    expect(isEndorsed(endorsement, page.chain.network, nowMs / 1000)).toBe(true)
    expect(page.selling()).toMatchObject({ askPerMiB: ASK, relayFrom: null })

    page.earn.commands.stopEarning()
    await start(page)
    page.earn.commands.stopEarning()
    const reloaded = await open()
    expect(await start(reloaded)).toEqual({ status: 'done' })
    expect([page.texts.length, reloaded.texts.length]).toEqual([1, 0])
    expect(reloaded.payee()?.getEndorsement()).toEqual(endorsement)
  })

  test('is asked for again when less than three days of it are left', async () => {
    await start(await open())
    nowMs += 27 * DAY_MS
    const soon = await open()
    await start(soon)
    nowMs += DAY_MS + 1_000
    const later = await open()
    await start(later)
    expect([soon.texts.length, later.texts.length]).toEqual([0, 1])
  })

  test('that its owner declines is a cancelled action: nothing is sold, and nothing is wrong', async () => {
    const page = await open(async () => {
      throw new WalletError('rejected', 'declined')
    })
    expect(await start(page)).toEqual({ status: 'cancelled' })
    expect(page.selling()).toBeNull()
    expect(page.earn.store.get()).toMatchObject({ status: 'off', asksForSignature: true, problem: null })
    expect(items.get('piecemeal.endorsements')).toBeUndefined()
  })

  test.each<[string, Answer]>([
    ['another account', (text) => testKey(77).sign(messageDigest(text))],
    ['another text', () => testKey(10).sign(messageDigest('another text'))],
    ['garbage', async () => `0x${'ab'.repeat(65)}`],
  ])('by %s is refused in words: nothing is sold or kept', async (_name, answer) => {
    const page = await open(answer)
    const outcome = await start(page)
    expect(outcome).toMatchObject({ status: 'failed', problem: { code: 'bad-message-signature' } })
    expect(page.selling()).toBeNull()
    expect(page.payee()).toBeNull()
    expect(items.get('piecemeal.endorsements')).toBeUndefined()
  })

  test('that was kept and does not hold is asked for anew', async () => {
    await start(await open())
    const kept = items.get('piecemeal.endorsements') ?? ''
    for (const spoiled of ['', '[]', '{"x":7}', kept.replace(/0x[0-9a-f]{4}/g, '0xabcd')]) {
      items.set('piecemeal.endorsements', spoiled)
      const page = await open()
      expect(await start(page)).toEqual({ status: 'done' })
      expect(page.texts).toHaveLength(1)
    }
  })

  test('that ends while the tab is open ends the sale; a wallet that signs silently renews it', async () => {
    const [asking, silent] = [await open(), await open(undefined, true)]
    for (const page of [asking, silent]) await start(page)
    nowMs += 30 * DAY_MS
    for (const page of [asking, silent]) page.wake()
    await expect.poll(() => silent.texts.length).toBe(1)
    await settleTasks()
    expect(asking.selling()).not.toBeNull()
    nowMs += DAY_MS
    for (const page of [asking, silent]) page.wake()
    await expect.poll(() => asking.selling()).toBeNull()
    expect(asking.payee()?.getEndorsement()).toBeNull()
    expect(asking.earn.store.get()).toMatchObject({
      status: 'off',
      asksForSignature: true,
      problem: { code: 'endorsement-over' },
    })
    expect(silent.selling()).not.toBeNull()
    expect(silent.payee()?.getEndorsement()?.untilSec).toBeGreaterThan(nowMs / 1000)
  })
})

describe('what was sold before a reload', () => {
  let items: Map<string, string>
  beforeEach(() => {
    items = stubStorage()
  })
  afterEach(() => vi.unstubAllGlobals())

  test('is sold again by the same account at the same price, and nothing is asked', async () => {
    const before = await openPage(false)
    expect(await before.earn.commands.startEarning({ askPerMiB: ASK })).toEqual({ status: 'done' })
    await before.earn.stop()
    const after = await openPage(false)
    await expect.poll(() => after.selling()).toMatchObject({ askPerMiB: ASK })
    expect(after.texts).toEqual([])
    expect(after.earn.store.get()).toMatchObject({ status: 'on', askPerMiB: ASK })
    after.earn.commands.stopEarning()
    const later = await openPage(false)
    await settleTasks()
    expect(later.selling()).toBeNull()
    expect(later.earn.store.get()).toMatchObject({ status: 'off', keptAskPerMiB: null })
  })

  test('waits for its owner where the wallet would have to sign', async () => {
    const before = await openPage(false)
    await before.earn.commands.startEarning({ askPerMiB: ASK })
    items.delete('piecemeal.endorsements')
    const after = await openPage(false)
    await expect.poll(() => after.earn.store.get()).toMatchObject({ status: 'off', keptAskPerMiB: ASK })
    expect([after.texts, after.selling()]).toEqual([[], null])
  })

  test('is not sold by another account, nor by what somebody else wrote down', async () => {
    for (const kept of [
      { payee: buyerWallet.address, askPerMiB: '1000' },
      { payee: sellerWallet.address, askPerMiB: '0' },
      { payee: sellerWallet.address, askPerMiB: 1000 },
      { payee: 'T', askPerMiB: '1000' },
      'garbage',
    ]) {
      items.set('piecemeal.selling', JSON.stringify(kept))
      const page = await openPage(true)
      await settleTasks()
      expect([page.selling(), page.texts]).toEqual([null, []])
    }
  })
})

describe('where the site says what a fee is worth', () => {
  /** The test chain asks for 2.3 TRX. */
  test('what brings less than its fee is neither redeemed nor warned of, and a click says why', async () => {
    const world = await makeWorld(true, 500n)
    await close(world)
    world.wake()
    await settleTasks()
    const outcome = await world.earn.commands.redeem()
    expect(outcome).toMatchObject({ status: 'failed', problem: { code: 'redeem-too-little' } })
    expect(world.chain.sent).not.toContain('redeem')
  })

  test('what brings more is redeemed as ever', async () => {
    const world = await makeWorld(true, 400n)
    await close(world)
    world.wake()
    await expect.poll(() => balanceOf(world.chain, sellerWallet.address)).toBe(1_000n)
  })

  test('what a redemption brings and costs is known before it, or that it is not worth its fee', async () => {
    const worth = await makeWorld(true, 1n)
    expect(await worth.earn.commands.previewRedeem()).toMatchObject({
      status: 'known',
      preview: { due: 1_000n, brings: 1_000n, transactions: 1, problem: null },
    })
    worth.chain.means = { ...worth.chain.means, balanceSun: toFeeSun(1n) }
    expect(await worth.earn.commands.previewRedeem()).toMatchObject({
      preview: { problem: { code: 'too-little-trx' } },
    })
    const poor = await makeWorld(true, 500n)
    expect(await poor.earn.commands.previewRedeem()).toMatchObject({
      preview: { due: 1_000n, brings: 0n, transactions: 0, problem: { code: 'redeem-too-little' } },
    })
    worth.chain.isDown = true
    expect(await worth.earn.commands.previewRedeem()).toMatchObject({
      status: 'unknown',
      problem: { code: 'unreachable' },
    })
  })
})

test('a redemption that moves nothing is told as a failure, and never as done', async () => {
  const world = await makeWorld(true)
  world.chain.send = async () => {
    throw new ChainError('nothing-to-redeem', 'The chain would pay nothing.')
  }
  const outcome = await world.earn.commands.redeem()
  expect(outcome).toMatchObject({ status: 'failed', problem: { code: 'nothing-to-redeem' } })
  expect(problemOf(world)).toBe('nothing-to-redeem')
})
