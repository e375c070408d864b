import { describe, expect, it } from 'vitest'
import { toAmount } from '../units/index.ts'
import { MIB, pieceReason, settleTasks } from './testing/accounts.ts'
import { balanceOf } from './testing/ledger-chain.ts'
import { ASK, createWorld, type Seller, type World } from './testing/world.ts'

const BUDGET = 80_000n
const TOTAL = 1_000_000n

async function settleWith(world: World, sellers: readonly Seller[] = world.sellers) {
  return world.payer.settle({ wallet: world.wallet, collectReleases: world.collectFrom(sellers) })
}

describe('a session from start to settlement', () => {
  it('pays two sellers and gives the rest back, to the base unit', async () => {
    const world = await createWorld()
    const [a, b] = world.sellers
    world.meet(a)
    world.meet(b)
    await world.start(BUDGET)
    expect(world.chain.sent).toEqual(['approve', 'fundAndOpen'])
    expect(world.payer.isPaying()).toBe(true)
    for (let piece = 0; piece < 7; piece++) expect(await world.buyPiece(a, piece)).toBe(ASK)
    for (let piece = 7; piece < 10; piece++) expect(await world.buyPiece(b, piece)).toBe(ASK)
    const figures = world.payer.getFigures()
    expect(figures).toMatchObject({
      spent: 10n * ASK,
      paidPieces: 10,
      paidBytes: 10 * MIB,
      locked: BUDGET - 10n * ASK,
    })
    const result = await settleWith(world)
    expect(result).toMatchObject({
      status: 'settled',
      summary: { funded: BUDGET, paid: 10n * ASK, refunded: BUDGET - 10n * ASK },
    })
    expect(balanceOf(world.chain, a.wallet.address)).toBe(7n * ASK)
    expect(balanceOf(world.chain, b.wallet.address)).toBe(3n * ASK)
    expect(balanceOf(world.chain, world.wallet.address)).toBe(TOTAL - 10n * ASK)
    expect(world.chain.getTotalSupply()).toBe(TOTAL)
    expect(world.chain.sent).toEqual(['approve', 'fundAndOpen', 'closeOut'])
    const receipts = await world.ledger.listReceipts({ limit: 1_000 })
    const sum = (kind: string) =>
      receipts.filter((one) => one.kind === kind).reduce((total, { amount }) => total + amount, 0n)
    expect(sum('fund')).toBe(sum('settle') + sum('refund'))
    expect(sum('piece')).toBe(sum('settle'))
    expect(world.errors).toEqual([])
  })

  it('knows its own account by the wallet, and by the budget in hand whatever the wallet shows', async () => {
    const world = await createWorld()
    const { address } = world.wallet
    const [a] = world.sellers
    expect(world.payer.isOwn(address)).toBe(false)
    world.payer.setWallet(a.wallet)
    expect([world.payer.isOwn(a.wallet.address), world.payer.isOwn(address)]).toEqual([true, false])
    world.meet(a)
    await world.start(BUDGET)
    world.payer.setWallet(a.wallet)
    expect([world.payer.isOwn(a.wallet.address), world.payer.isOwn(address)]).toEqual([false, true])
  })

  it('counts what sellers redeemed before the settlement once', async () => {
    const world = await createWorld()
    const [a] = world.sellers
    world.meet(a)
    await world.start(BUDGET)
    await world.buyPiece(a, 0)
    const batches = await a.account.redeem(a.wallet)
    expect(batches).toMatchObject([{ amount: ASK, rows: 1 }])
    await world.buyPiece(a, 1)
    expect(a.account.getTotals()).toMatchObject({ earned: 2n * ASK, redeemable: ASK, paidOnChain: ASK })
    const result = await settleWith(world)
    expect(result).toMatchObject({ summary: { paid: 2n * ASK, refunded: BUDGET - 2n * ASK } })
    expect(balanceOf(world.chain, a.wallet.address)).toBe(2n * ASK)
    await a.account.listRedeemable()
    expect(a.account.getTotals()).toMatchObject({ redeemable: 0n, paidOnChain: 2n * ASK })
  })

  it('gives everything back when no seller ever came', async () => {
    const world = await createWorld()
    await world.start(BUDGET)
    expect(world.chain.sent).toEqual(['approve', 'fund'])
    const result = await settleWith(world)
    expect(result).toMatchObject({ summary: { funded: BUDGET, paid: 0n, refunded: BUDGET } })
    expect(balanceOf(world.chain, world.wallet.address)).toBe(TOTAL)
  })

  it('waits for the close delay when a seller does not release, and keeps its vouchers redeemable', async () => {
    const world = await createWorld()
    const [a, b] = world.sellers
    world.meet(a)
    world.meet(b)
    await world.start(BUDGET)
    await world.buyPiece(a, 0)
    await world.buyPiece(b, 1)
    const result = await settleWith(world, [a])
    expect(result.status).toBe('closing')
    expect(world.payer.getState()?.status).toBe('closing')
    // The purse came back at once; the channel's part later.
    expect(balanceOf(world.chain, world.wallet.address)).toBe(TOTAL - (BUDGET * 3n) / 4n)
    await b.account.redeem(b.wallet)
    await world.reload()
    expect(world.payer.getState()?.status).toBe('closing')
    await world.advance(3_700_000)
    const finished = await world.payer.finish({ wallet: world.wallet })
    expect(finished).toMatchObject({
      status: 'settled',
      summary: { paid: 2n * ASK, refunded: BUDGET - 2n * ASK },
    })
    expect(balanceOf(world.chain, b.wallet.address)).toBe(ASK)
  })

  it('begins a second session after the first is settled', async () => {
    const world = await createWorld()
    const [a] = world.sellers
    world.meet(a)
    await world.start(BUDGET)
    await world.buyPiece(a, 0)
    await settleWith(world)
    await world.start(BUDGET)
    expect(world.payer.getFigures()).toMatchObject({ spent: 0n, locked: BUDGET })
    expect(await world.buyPiece(a, 0)).toBe(ASK)
    expect(await settleWith(world)).toMatchObject({ summary: { funded: BUDGET, paid: ASK } })
    expect(world.chain.getTotalSupply()).toBe(TOTAL)
  })
})

describe('the budget', () => {
  it('is never passed: all channels together stay within it, and pay ends in null', async () => {
    const world = await createWorld({ silent: true })
    const [a] = world.sellers
    world.meet(a)
    await world.start(8_000n)
    let bought = 0
    for (let piece = 0; piece < 40; piece++) {
      if ((await world.buyPiece(a, piece)) !== null) bought += 1
      await world.advance(6_000)
    }
    expect(bought).toBeGreaterThanOrEqual(6)
    expect(bought).toBeLessThanOrEqual(8)
    expect(world.payer.getExhaustion()).toBe('spent')
    expect(world.payer.isPaying()).toBe(false)
    expect(await world.payer.pay(a.account, toAmount(ASK), pieceReason(99))).toBeNull()
    expect(world.chain.sent.filter((kind) => kind === 'open').length).toBeGreaterThan(0)
    const result = await settleWith(world)
    expect(result).toMatchObject({ summary: { funded: 8_000n, paid: BigInt(bought) * ASK } })
    expect(world.errors).toEqual([])
  })

  it('tops up through a seller that opens channels itself', async () => {
    const world = await createWorld()
    const [a, b] = world.sellers
    world.meet(a)
    await world.start(BUDGET)
    world.meet(b, { relaysOpen: true })
    await world.advance(6_000)
    const seat = world.payer.getSeat(b.account)
    expect(seat?.opening?.signature).toMatch(/^0x/)
    if (!seat) throw new Error('no seat')
    expect(await b.account.acceptSeat(seat)).toEqual({ status: 'pending' })
    await b.account.relayOpen(seat, b.wallet)
    expect(await world.buyPiece(b, 0)).toBe(ASK)
    expect(world.chain.sent).toEqual(['approve', 'fundAndOpen', 'open'])
    expect(await settleWith(world)).toMatchObject({ status: 'settled', summary: { paid: ASK } })
    expect(world.payer.needsOpen()).toBe(false)
  })

  it('asks for the wallet when neither it nor a seller can open by itself', async () => {
    const world = await createWorld()
    const [a] = world.sellers
    await world.start(BUDGET)
    world.meet(a)
    await settleTasks()
    await world.advance(6_000)
    expect(world.payer.getSeat(a.account)).toBeNull()
    expect(world.payer.needsOpen()).toBe(true)
    await world.payer.openPlanned(world.wallet)
    expect(await world.buyPiece(a, 0)).toBe(ASK)
  })

  it('takes a channel that a seller opens during the settlement into it', async () => {
    const world = await createWorld()
    const [a, b] = world.sellers
    world.meet(a)
    await world.start(BUDGET)
    world.meet(b, { relaysOpen: true })
    await world.advance(6_000)
    const seat = world.payer.getSeat(b.account)
    if (!seat) throw new Error('no seat')
    const collect = world.collectFrom(world.sellers)
    const result = await world.payer.settle({
      wallet: world.wallet,
      async collectReleases(channelIds) {
        await collect(channelIds)
        await b.account.relayOpen(seat, b.wallet)
      },
    })
    expect(result.status).toBe('closing')
    await world.advance(3_700_000)
    const finished = await world.payer.finish({ wallet: world.wallet })
    expect(finished).toMatchObject({ summary: { funded: BUDGET, paid: 0n, refunded: BUDGET } })
    expect(world.chain.getTotalSupply()).toBe(TOTAL)
  })

  it('pays no piece above the ceiling, and sellers above it get no seat', async () => {
    const world = await createWorld()
    const [a] = world.sellers
    world.meet(a, { ask: 20_000n })
    await world.start(BUDGET, 10_000n)
    expect(world.chain.sent).toEqual(['approve', 'fund'])
    world.meet(a, { ask: ASK })
    await world.advance(6_000)
    await world.payer.openPlanned(world.wallet)
    expect(await world.payer.pay(a.account, toAmount(10_100n), pieceReason(0))).toBeNull()
  })
})

describe('stop and resume', () => {
  it('stops bidding but pays what is under way, and resumes', async () => {
    const world = await createWorld()
    const [a] = world.sellers
    world.meet(a)
    await world.start(BUDGET)
    await world.payer.stop()
    expect(world.payer.isPaying()).toBe(false)
    expect(await world.buyPiece(a, 0)).toBe(ASK)
    await world.payer.resume()
    await settleTasks()
    expect(world.payer.isPaying()).toBe(true)
  })
})
