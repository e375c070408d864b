/**
 * The attack by Sybil seats: many identities of one stranger quote on many wires, to fill the seats of a budget's channel.
 * Nothing is stolen by it; the budget is locked where it buys nothing, and the honest seller gets crumbs.
 */
import { describe, expect, it } from 'vitest'
import { BLOCK_BYTES, toAmount } from '../../units/index.ts'
import { INFO_HASH, MIB, settleTasks, testKey } from '../testing/accounts.ts'
import { balanceOf } from '../testing/ledger-chain.ts'
import { ASK, createWorld, type World } from '../testing/world.ts'

const BUDGET = 400n * ASK
const RICHES = 1_000_000n

const strangers = Array.from({ length: 127 }, (_, i) => testKey(100 + i).address)

/** They ask less than the honest seller, so that a planner by price would seat them first. */
function quote(world: World, deliveredBytes: number): void {
  for (const address of strangers) {
    const askPerMiB = toAmount(ASK / 2n)
    world.payer.offerSeller({ payee: address, delegate: address, askPerMiB, relayFrom: null, deliveredBytes })
  }
}

/** Buys from the honest seller until nothing more can be bought; in pieces. */
async function buyAll(world: World): Promise<bigint> {
  const [honest] = world.sellers
  let bought = 0n
  for (let piece = 0, misses = 0; misses < 3; piece++) {
    const paid = await world.buyPiece(honest, piece)
    if (paid === null) {
      misses += 1
      await world.advance(6_000)
      await world.advance(6_000)
      continue
    }
    bought += paid / ASK
    misses = 0
  }
  return bought
}

async function settleAndCount(world: World): Promise<{ readonly spent: bigint; readonly earned: bigint }> {
  const [honest] = world.sellers
  const terms = { wallet: world.wallet, collectReleases: world.collectFrom([honest]) }
  if ((await world.payer.settle(terms)).status === 'closing') {
    await world.advance(3_700_000)
    await world.payer.finish({ wallet: world.wallet })
  }
  expect(world.payer.getState()?.status).toBe('settled')
  expect(world.chain.getTotalSupply()).toBe(RICHES)
  for (const address of strangers) expect(balanceOf(world.chain, address)).toBe(0n)
  return {
    spent: RICHES - balanceOf(world.chain, world.wallet.address),
    earned: balanceOf(world.chain, honest.wallet.address),
  }
}

describe('the attack by Sybil seats', () => {
  it('gets 127 identities that only quote nothing: the honest seller is paid the whole budget', async () => {
    const world = await createWorld({ silent: true })
    quote(world, 0)
    world.meet(world.sellers[0])
    await world.start(BUDGET)
    expect(await buyAll(world)).toBe(400n)
    expect(world.payer.getExhaustion()).toBe('spent')
    expect(await settleAndCount(world)).toEqual({ spent: 400n * ASK, earned: 400n * ASK })
    expect(world.errors).toEqual([])
  }, 30_000)

  it('by identities that deliver a block each locks no more than their share and an eighth', async () => {
    const world = await createWorld({ silent: true })
    const [honest] = world.sellers
    quote(world, BLOCK_BYTES)
    world.payer.offerSeller({ ...honestTerms(world), deliveredBytes: 4 * MIB })
    await world.start(BUDGET)
    // Each comes back with another wire, again and again.
    for (let round = 0; round < 20; round++) {
      quote(world, BLOCK_BYTES + round)
      await world.advance(6_000)
    }
    const bought = await buyAll(world)
    expect(bought).toBeGreaterThanOrEqual((400n * 85n) / 100n)
    const opened = world.chain.sent.filter((kind) => kind === 'open').length
    expect(opened).toBeLessThan(20)
    expect(await settleAndCount(world)).toEqual({ spent: bought * ASK, earned: bought * ASK })
    expect(honest.account.getTotals().earned).toBe(bought * ASK)
  }, 30_000)

  it('by the first to deliver after the start leaves the honest seller its part of the first channel', async () => {
    const world = await createWorld({ silent: true })
    await world.start(BUDGET)
    expect(world.chain.sent).toEqual(['approve', 'fund'])
    quote(world, 0)
    const [first] = strangers
    if (!first) throw new Error('no stranger')
    const askPerMiB = toAmount(ASK / 2n)
    world.payer.offerSeller({
      payee: first,
      delegate: first,
      askPerMiB,
      relayFrom: null,
      deliveredBytes: BLOCK_BYTES,
    })
    await settleTasks()
    await world.advance(500)
    world.payer.offerSeller({ ...honestTerms(world), deliveredBytes: 4 * MIB })
    await settleTasks()
    await world.advance(600)
    await settleTasks()
    expect(world.payer.getSeatRemaining(world.sellers[0].account)).toBeGreaterThan((BUDGET * 74n) / 100n)
    expect(await buyAll(world)).toBeGreaterThan(390n)
  }, 30_000)
})

describe('a start among sellers that have delivered nothing yet', () => {
  const begin = (world: World) => {
    const started = world.payer.start({
      budget: toAmount(BUDGET),
      maxAskPerMiB: toAmount(10n * ASK),
      torrents: [INFO_HASH],
      wallet: world.wallet,
    })
    return settleTasks().then(() => started)
  }

  it('waits a moment for the first delivery, and gives the seat to who delivered', async () => {
    const world = await createWorld({ silent: true })
    quote(world, 0)
    const started = begin(world)
    await settleTasks()
    expect(world.chain.sent).toEqual(['approve'])
    world.payer.offerSeller({ ...honestTerms(world), deliveredBytes: BLOCK_BYTES })
    for (let turn = 0; turn < 10; turn++) await world.advance(200)
    await started
    expect(world.chain.sent).toEqual(['approve', 'fundAndOpen'])
    expect(world.payer.getSeatRemaining(world.sellers[0].account)).toBe((BUDGET * 3n) / 4n)
  })

  it('gives a few of them a small seat when none comes in time: one may be a seller that gives nothing free', async () => {
    const world = await createWorld({ silent: true })
    quote(world, 0)
    const started = begin(world)
    for (let turn = 0; turn < 5; turn++) await world.advance(1_000)
    await started
    expect(world.chain.sent).toEqual(['approve', 'fundAndOpen'])
    expect(world.payer.getExhaustion()).toBeNull()
    const seated = strangers.filter((address) => world.payer.getSeat({ payee: address, delegate: address }))
    expect(seated).toHaveLength(4)
    expect(lockedIn(world)).toBe(BUDGET / 16n)
    // Who delivers then gets the first channel all the same.
    world.payer.offerSeller({ ...honestTerms(world), deliveredBytes: BLOCK_BYTES })
    await settleTasks()
    await world.advance(1_100)
    await settleTasks()
    expect(world.payer.getSeatRemaining(world.sellers[0].account)).toBe((BUDGET * 15n * 3n) / 64n)
    expect(await buyAll(world)).toBeGreaterThan(370n)
  }, 30_000)

  it('never locks more than an eighth of the budget in seats on trial, however long nobody delivers', async () => {
    const world = await createWorld({ silent: true })
    quote(world, 0)
    const started = begin(world)
    for (let turn = 0; turn < 5; turn++) await world.advance(1_000)
    await started
    for (let turn = 0; turn < 60; turn++) {
      await world.advance(10_000)
      await settleTasks()
    }
    expect(lockedIn(world)).toBeLessThanOrEqual(BUDGET / 8n)
    expect(world.chain.sent.length).toBeLessThan(10)
  })

  it('works with a seller that gives nothing before it is paid, and grows it as it delivers', async () => {
    const world = await createWorld({ silent: true })
    const [seller] = world.sellers
    world.payer.offerSeller(honestTerms(world))
    const started = begin(world)
    for (let turn = 0; turn < 5; turn++) await world.advance(1_000)
    await started
    let bought = 0n
    for (let piece = 0, misses = 0; misses < 3; piece++) {
      const paid = await world.buyPiece(seller, piece)
      if (paid === null) misses += 1
      else {
        bought += 1n
        misses = 0
        world.payer.offerSeller({ ...honestTerms(world), deliveredBytes: Number(bought) * MIB })
      }
      if (paid === null) for (let turn = 0; turn < 3; turn++) await world.advance(3_000)
    }
    // Crumbs of several seats do not make a piece.
    expect(bought).toBeGreaterThanOrEqual(395n)
    expect(await settleAndCount(world)).toEqual({ spent: bought * ASK, earned: bought * ASK })
  }, 30_000)
})

function lockedIn(world: World): bigint {
  return strangers
    .map((address) => world.payer.getSeatRemaining({ payee: address, delegate: address }))
    .reduce((sum, one) => sum + one, 0n)
}

function honestTerms({ sellers: [{ account }] }: World) {
  const { payee, delegate } = account
  return { payee, delegate, askPerMiB: toAmount(ASK), relayFrom: null, deliveredBytes: 0 }
}
