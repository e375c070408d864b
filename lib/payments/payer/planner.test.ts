import { describe, expect, it } from 'vitest'
import { toAmount } from '../../units/index.ts'
import type { SellerTerms } from '../ports.ts'
import { pieceReason, settleTasks, testKey } from '../testing/accounts.ts'
import { ASK, createWorld, type World } from '../testing/world.ts'

const BUDGET = 80_000n

function late({ sellers: [, { account }] }: World, change: Partial<SellerTerms> = {}): SellerTerms {
  const { payee, delegate } = account
  return { payee, delegate, askPerMiB: toAmount(ASK), relayFrom: null, deliveredBytes: 1, ...change }
}

async function startWithFirst(options: { readonly silent?: boolean } = {}): Promise<World> {
  const world = await createWorld(options)
  world.meet(world.sellers[0])
  await world.start(BUDGET)
  return world
}

async function plan(world: World): Promise<void> {
  await settleTasks()
  await world.advance(6_000)
}

describe('a relay', () => {
  it('is believed in where the seat is worth it to the seller, and nobody is asked', async () => {
    const world = await startWithFirst()
    world.payer.offerSeller(late(world, { relayFrom: toAmount(5_000n) }))
    await plan(world)
    expect(world.payer.getSeat(late(world))?.leaf.cap).toBe(5_000n)
    expect(world.payer.getSeat(late(world))?.opening).not.toBeNull()
    expect(world.payer.needsOpen()).toBe(false)
  })

  it('is not believed in below what the seller opens for: the user is asked, and the seat is not shown', async () => {
    const world = await startWithFirst()
    world.payer.offerSeller(late(world, { relayFrom: toAmount(5_001n) }))
    await plan(world)
    expect(world.payer.getSeat(late(world))).toBeNull()
    expect(world.payer.needsOpen()).toBe(true)
    await world.payer.openPlanned(world.wallet)
    expect(await world.buyPiece(world.sellers[1], 0)).toBe(ASK)
  })

  it('that does not come in half a minute is not waited for', async () => {
    const world = await startWithFirst()
    world.payer.offerSeller(late(world, { relayFrom: toAmount(1n) }))
    await plan(world)
    let told = 0
    world.payer.onChange(() => {
      told += 1
    })
    expect(world.payer.needsOpen()).toBe(false)
    for (let turn = 0; turn < 11; turn++) await world.advance(3_000)
    expect(world.payer.needsOpen()).toBe(true)
    expect(told).toBeGreaterThan(0)
    // It may still come.
    expect(world.payer.getSeat(late(world))?.opening).not.toBeNull()
  })
})

describe('a further channel', () => {
  it('seats a payee’s second delegate apart from its first', async () => {
    const world = await startWithFirst({ silent: true })
    const [{ account }] = world.sellers
    const twin = testKey(77).address
    world.payer.offerSeller(late(world, { payee: account.payee, delegate: twin }))
    await plan(world)
    const first = world.payer.getSeat(account)
    const second = world.payer.getSeat({ payee: account.payee, delegate: twin })
    expect(first?.leaf.delegate).toBe(account.delegate)
    expect(second?.leaf.delegate).toBe(twin)
    expect(second?.channelId).not.toBe(first?.channelId)
  })

  it('seats nobody who only quotes', async () => {
    const world = await startWithFirst({ silent: true })
    world.payer.offerSeller(late(world, { deliveredBytes: 0 }))
    await plan(world)
    expect(world.payer.getSeat(late(world))).toBeNull()
    expect(world.payer.getOpenChannelIds()).toHaveLength(1)
  })

  it('grows a seller that was paid from the whole purse before others that were not', async () => {
    const world = await startWithFirst({ silent: true })
    const [first] = world.sellers
    for (let piece = 0; piece < 50; piece++) await world.buyPiece(first, piece)
    await plan(world)
    world.payer.offerSeller(late(world))
    await plan(world)
    await plan(world)
    // Half of the purse; the newcomer has half of an eighth of the budget.
    expect(world.payer.getSeatRemaining(first.account)).toBe(10_000n)
    expect(world.payer.getSeatRemaining(late(world))).toBe(5_000n)
  })

  it('is never too small for one piece of its seller', async () => {
    const world = await startWithFirst({ silent: true })
    world.payer.offerSeller(late(world, { pieceLengthBytes: 8 * 1_048_576 }))
    await plan(world)
    expect(world.payer.getSeatRemaining(late(world))).toBe(8n * ASK)
    const reason = pieceReason(0, 8 * 1_048_576)
    expect(await world.payer.pay(late(world), toAmount(8n * ASK), reason)).not.toBeNull()
  })
})

describe('a fee that a further channel is not worth', () => {
  // An opening is 4.7 TRX at most: ten times that is 47,000 base units, a quarter of the budget 20,000.
  const DEAR = 1_000n

  it('leaves the whole budget to the first channel, and all of it can be spent', async () => {
    const world = await createWorld({ silent: true, bttPerTrx: DEAR })
    world.meet(world.sellers[0])
    await world.start(BUDGET)
    for (let piece = 0; piece < 80; piece++) expect(await world.buyPiece(world.sellers[0], piece)).toBe(ASK)
    await plan(world)
    expect(world.payer.getExhaustion()).toBe('spent')
    expect(world.chain.sent).toEqual(['approve', 'fundAndOpen'])
  })

  it('is paid by no wallet that signs by itself: its owner is asked', async () => {
    const world = await createWorld({ silent: true, bttPerTrx: DEAR })
    await world.start(BUDGET)
    expect(world.chain.sent).toEqual(['approve', 'fund'])
    world.payer.offerSeller(late(world, { deliveredBytes: 0 }))
    for (let turn = 0; turn < 3; turn++) await plan(world)
    // A seat on trial is a sixteenth of the budget.
    expect(world.payer.needsOpen()).toBe(true)
    expect(world.chain.sent).toEqual(['approve', 'fund'])
    await world.payer.openPlanned(world.wallet)
    expect(world.chain.sent).toEqual(['approve', 'fund', 'open'])
    expect(world.payer.needsOpen()).toBe(false)
  })
})

describe('a torrent that needs no more', () => {
  it('opens nothing: what is here already is not paid for', async () => {
    const world = await createWorld({ silent: true })
    await world.start(BUDGET)
    world.missingBytes = 0
    world.meet(world.sellers[0])
    await plan(world)
    expect(world.chain.sent).toEqual(['approve', 'fund'])
    // Its owner agrees to another one, of which all is to come.
    world.missingBytes = null
    await world.payer.answerTorrent('b'.repeat(40), 'pay')
    await plan(world)
    expect(world.chain.sent).toEqual(['approve', 'fund', 'open'])
  })

  it('opens nothing while seats in sight pay for all that is to come', async () => {
    const world = await startWithFirst({ silent: true })
    const [first] = world.sellers
    world.missingBytes = 10 * 1_048_576
    for (let piece = 0; piece < 50; piece++) expect(await world.buyPiece(first, piece)).toBe(ASK)
    await plan(world)
    expect(world.payer.getSeatRemaining(first.account)).toBe(10_000n)
    expect(world.payer.getOpenChannelIds()).toHaveLength(1)
    world.missingBytes = 10 * 1_048_576 + 1
    world.payer.offerSeller(late(world, { askPerMiB: toAmount(1n) }))
    await plan(world)
    await plan(world)
    expect(world.payer.getOpenChannelIds().length).toBeGreaterThan(1)
  })
})

describe('a budget with which nothing can be bought', () => {
  it('says whether its money waits for sellers that are gone, or its time is over', async () => {
    const world = await createWorld({ silent: true, bttPerTrx: 1_000n })
    world.meet(world.sellers[0])
    await world.start(BUDGET)
    expect(world.payer.getExhaustion()).toBeNull()
    world.payer.forgetSeller(world.sellers[0].account)
    world.payer.offerSeller(late(world))
    await plan(world)
    expect(world.payer.getExhaustion()).toBe('elsewhere')
    world.meet(world.sellers[0])
    expect(world.payer.getExhaustion()).toBeNull()
  })

  it('says that its time is over while coins are left in the purse', async () => {
    const world = await createWorld({ silent: true })
    await world.start(BUDGET)
    world.meet(world.sellers[0])
    await world.advance(31 * 86_400_000)
    expect(world.payer.getExhaustion()).toBe('expired')
  })
})
