import { describe, expect, it } from 'vitest'
import { ZERO_AMOUNT } from '../../units/index.ts'
import type { LedgerBatch, LedgerStore } from '../ledger.ts'
import { createMemoryLedger } from '../ledger.ts'
import { INFO_HASH, pieceReason, terms, testClock, testKey, testWallet } from '../testing/accounts.ts'
import { balanceOf, type ChainFault, createLedgerChain } from '../testing/ledger-chain.ts'
import { ASK, createWorld, type World } from '../testing/world.ts'
import { createPayer, type PayerAccount } from './payer.ts'

const BUDGET = 80_000n

/** A ledger whose process dies at its n-th commit: that one and all after it never reach the disk. */
function dyingLedger(disk: LedgerStore, livesCommits: number): LedgerStore {
  let commits = 0
  return {
    ...disk,
    commit(batch: LedgerBatch) {
      commits += 1
      return commits > livesCommits ? Promise.reject(new Error('dead')) : disk.commit(batch)
    },
  }
}

/** What is in wallets and not in the contract. */
const balancesOf = ({ chain }: World): bigint =>
  [...chain.balances.values()].reduce((sum, one) => sum + one, 0n)

describe('a page that dies', () => {
  it('loses nothing at any commit of a whole session', async () => {
    for (let lives = 0; lives < 40; lives++) {
      const wallet = testWallet(1)
      const sellerKey = testKey(10)
      const chain = createLedgerChain(new Map([[wallet.address, 1_000_000n]]))
      const clock = testClock()
      const disk = createMemoryLedger()
      let salt = lives * 50
      const make = (ledger: LedgerStore) =>
        createPayer({
          bttPerTrx: ZERO_AMOUNT,
          chain,
          ledger,
          sessionKey: testKey(2),
          clock,
          random: (lengthBytes) => new Uint8Array(lengthBytes).fill(++salt),
        })
      const seen: bigint[] = []
      const dying = make(dyingLedger(disk, lives))
      try {
        await dying.restore()
        const seller = { payee: sellerKey.address, delegate: sellerKey.address }
        dying.offerSeller(terms(sellerKey.address, sellerKey.address, ASK))
        await dying.start({
          budget: BUDGET as never,
          maxAskPerMiB: ASK as never,
          torrents: [INFO_HASH],
          wallet,
        })
        for (let piece = 0; piece < 4; piece++) {
          const voucher = await dying.pay(seller, ASK as never, pieceReason(piece))
          if (voucher) seen.push(voucher.cumulative)
        }
        await dying.settle({ wallet, collectReleases: async () => undefined })
      } catch (error) {
        expect(String(error)).toMatch(/dead/)
      }
      const promised = seen.at(-1) ?? 0n

      clock.schedule(0, () => undefined)
      await clock.advance(200_000)
      chain.nowSec += 200n
      const reborn = make(disk)
      await reborn.restore()
      const status = reborn.getState()?.status ?? 'none'
      expect(status).not.toBe('paying')
      expect(status).not.toBe('settling')
      expect(reborn.getFigures().spent).toBeGreaterThanOrEqual(promised)
      if (status === 'stopped' || status === 'closing') {
        await reborn.settle({ wallet, collectReleases: async () => undefined })
        await clock.advance(4_000_000)
        chain.nowSec += 4_000n
        if (reborn.getState()?.status === 'closing') {
          const end = await reborn.finish({ wallet })
          expect(end.status).toBe('settled')
        }
      }
      // Nobody redeemed: everything is back, and no coin was made or lost.
      expect(balanceOf(chain, wallet.address)).toBe(1_000_000n)
      expect(chain.getTotalSupply()).toBe(1_000_000n)
    }
  })

  it('while it starts, at any commit or question to the wallet, can start again or has its money', async () => {
    for (let lives = 0; lives < 8; lives++) {
      for (const answers of [0, 1, 2]) {
        const wallet = testWallet(1)
        const chain = createLedgerChain(new Map([[wallet.address, 1_000_000n]]))
        const disk = createMemoryLedger()
        const clock = testClock()
        const options = { chain, sessionKey: testKey(2), clock }
        const dying = createPayer({ ...options, ledger: dyingLedger(disk, lives) })
        let asked = 0
        const dead = new Promise<never>((_resolve, reject) => {
          const hung = {
            ...wallet,
            signTransaction: async (transaction: unknown) => {
              asked += 1
              if (asked <= answers) return transaction
              reject(new Error('closed while the wallet was asked'))
              return new Promise(() => undefined)
            },
          }
          dying
            .restore()
            .then(() =>
              dying.start({
                budget: BUDGET as never,
                maxAskPerMiB: ASK as never,
                torrents: [INFO_HASH],
                wallet: hung,
              }),
            )
            .then(() => reject(new Error('started')), reject)
        })
        await expect(dead).rejects.toThrow(/dead|closed|started/)

        const reborn = createPayer({ ...options, ledger: disk })
        await reborn.restore()
        if (reborn.getState()?.status !== 'stopped') {
          await reborn.start({
            budget: BUDGET as never,
            maxAskPerMiB: ASK as never,
            torrents: [INFO_HASH],
            wallet,
          })
          expect(reborn.getState()?.status).toBe('paying')
        }
        expect(balanceOf(chain, wallet.address)).toBe(1_000_000n - BUDGET)
        await reborn.settle({ wallet, collectReleases: async () => undefined })
        expect(balanceOf(chain, wallet.address)).toBe(1_000_000n)
      }
    }
  })

  it('while it settles, at any commit, ends settled by itself where the chain has settled', async () => {
    let settledAlone = 0
    for (let lives = 0; lives < 16; lives++) {
      const world = await createWorld()
      const [a] = world.sellers
      world.meet(a)
      await world.start(BUDGET)
      await world.buyPiece(a, 0)
      const { commit } = world.ledger
      const dying = dyingLedger({ ...world.ledger }, lives)
      world.ledger.commit = dying.commit
      const terms = { wallet: world.wallet, collectReleases: world.collectFrom([a]) }
      await world.payer.settle(terms).catch((error: unknown) => expect(String(error)).toMatch(/dead/))
      world.ledger.commit = commit

      await world.advance(200_000)
      const isOver = world.chain.getTotalSupply() === balancesOf(world)
      await world.reload()
      const status = world.payer.getState()?.status
      if (isOver && status === 'settled') settledAlone += 1
      // A session that ended is not loaded any more.
      expect(isOver ? ['settled', undefined] : ['stopped', 'closing']).toContain(status)
      if (!isOver) expect((await world.payer.settle(terms)).status).toBe('settled')
      expect(balanceOf(world.chain, world.wallet.address)).toBe(1_000_000n - ASK)
    }
    expect(settledAlone).toBeGreaterThan(0)
  })

  it('knows its vouchers, figures and money after a reload, and does not pay unasked', async () => {
    const world = await createWorld()
    const [a] = world.sellers
    world.meet(a)
    await world.start(BUDGET)
    await world.buyPiece(a, 0)
    await world.buyPiece(a, 1)
    await world.reload()
    expect(world.payer.getState()?.status).toBe('stopped')
    expect(world.payer.getFigures()).toMatchObject({
      spent: 2n * ASK,
      paidPieces: 2,
      locked: BUDGET - 2n * ASK,
    })
    const [channelId] = world.payer.getOpenChannelIds()
    expect(channelId && world.payer.getLatestVoucher(channelId, a.account.payee)?.cumulative).toBe(2n * ASK)
    world.meet(a)
    await world.payer.resume()
    expect(await world.buyPiece(a, 2)).toBe(ASK)
  })
})

/** The page that is opened `afterMs` after one that died. It has another clock: the first page's timers end with it. */
async function rebirth(
  { chain, ledger, wallet, clock }: World,
  afterMs = 0,
): Promise<{
  readonly payer: PayerAccount
  advance(durationMs: number): Promise<void>
}> {
  chain.nowSec += BigInt(afterMs / 1000)
  const ownClock = testClock(clock.nowMs() + afterMs)
  const payer = createPayer({
    bttPerTrx: ZERO_AMOUNT,
    chain,
    ledger,
    sessionKey: testKey(2),
    clock: ownClock,
  })
  await payer.restore()
  payer.setWallet(wallet)
  return {
    payer,
    async advance(durationMs) {
      chain.nowSec += BigInt(durationMs / 1000)
      await ownClock.advance(durationMs)
    },
  }
}

describe('an opening that a page signed and never sent', () => {
  it('is undone once it cannot come any more, and sent anew while paying', async () => {
    const world = await createWorld({ silent: true })
    const [first, second] = world.sellers
    const { chain, ledger } = world
    const countOpens = (): number => chain.sent.filter((kind) => kind === 'open').length
    world.meet(first)
    await world.start(BUDGET)
    chain.failNext('open', 'lost')
    world.meet(second)
    await world.advance(6_000)
    expect(countOpens()).toBe(1)

    const { payer: reborn, advance } = await rebirth(world)
    await reborn.resolvePending()
    await reborn.resume()
    for (const { account } of world.sellers) reborn.offerSeller(terms(account.payee, account.delegate, ASK))
    await advance(60_000)
    expect(countOpens()).toBe(1)
    expect(reborn.getSeat(second.account)).toBeNull()
    await advance(60_000)
    await advance(60_000)
    await advance(60_000)
    expect(countOpens()).toBe(2)
    expect(await reborn.pay(second.account, ASK as never, pieceReason(0))).not.toBeNull()
    expect(await ledger.list('pending')).toEqual([])
  })

  it('comes anew for a seller whose seat is used up and that gives nothing for free', async () => {
    const world = await createWorld({ silent: true })
    const [{ account }] = world.sellers
    world.meet(world.sellers[0])
    await world.start(80_000n)
    world.chain.failNext('open', 'lost')
    for (let piece = 0; piece < 60; piece++) expect(await world.buyPiece(world.sellers[0], piece)).toBe(ASK)
    expect(await world.buyPiece(world.sellers[0], 60)).toBeNull()

    const { payer, advance } = await rebirth(world, 200_000)
    await payer.resume()
    // What it delivered to the page before, this page never saw.
    payer.offerSeller({ ...terms(account.payee, account.delegate, ASK), deliveredBytes: 0 })
    await advance(6_000)
    expect(await payer.pay(account, ASK as never, pieceReason(60))).not.toBeNull()
  })
})

describe('a transaction whose answer is lost', () => {
  it.each<[ChainFault, string]>([
    ['afterEffect', 'paying'],
    ['beforeBroadcast', 'failed'],
  ])('of funding, %s: the session is %s', async (fault, status) => {
    const world = await createWorld()
    const [a] = world.sellers
    world.meet(a)
    world.chain.failNext('fundAndOpen', fault)
    await world.start(BUDGET).catch(() => undefined)
    expect(world.payer.getState()?.status).toBe(status)
  })

  it('that never came is given up after its lifetime, and the next start works', async () => {
    const world = await createWorld()
    const [a] = world.sellers
    world.meet(a)
    world.chain.failNext('fundAndOpen', 'lost')
    await expect(world.start(BUDGET)).rejects.toThrow('unreachable')
    expect(world.payer.getState()?.status).toBe('starting')
    await world.advance(200_000)
    await world.start(BUDGET)
    expect(world.payer.getState()?.status).toBe('paying')
    expect(world.chain.sent).toEqual(['approve', 'fundAndOpen', 'fundAndOpen'])
  })

  it('of settling is looked up, never sent twice', async () => {
    const world = await createWorld()
    const [a] = world.sellers
    world.meet(a)
    await world.start(BUDGET)
    await world.buyPiece(a, 0)
    world.chain.failNext('closeOut', 'afterEffect')
    const result = await world.payer.settle({
      wallet: world.wallet,
      collectReleases: world.collectFrom([a]),
    })
    expect(result).toMatchObject({ status: 'settled', summary: { paid: ASK, refunded: BUDGET - ASK } })
    expect(world.chain.sent.filter((kind) => kind === 'closeOut')).toHaveLength(1)
  })

  it('leaves everything as it was when the wallet says no', async () => {
    const world = await createWorld()
    const [a] = world.sellers
    world.meet(a)
    world.wallet.isRefusing = true
    await expect(world.start(BUDGET)).rejects.toMatchObject({ code: 'rejected' })
    expect(world.payer.getState()?.status).toBe('failed')
    world.wallet.isRefusing = false
    await world.start(BUDGET)
    await world.buyPiece(a, 0)
    world.wallet.isRefusing = true
    const settle = () => world.payer.settle({ wallet: world.wallet, collectReleases: world.collectFrom([a]) })
    await expect(settle()).rejects.toMatchObject({ code: 'rejected' })
    expect(world.payer.getState()?.status).toBe('stopped')
    world.wallet.isRefusing = false
    expect((await settle()).status).toBe('settled')
  })
})
