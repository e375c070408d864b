import { describe, expect, it } from 'vitest'
import type { Hex } from '../../base/index.ts'
import { releaseDigest } from '../../channels/index.ts'
import { toAmount, ZERO_AMOUNT } from '../../units/index.ts'
import { MIB, pieceReason, settleTasks, type TestWallet, testKey } from '../testing/accounts.ts'
import { BURNED_SUN, balanceOf, type ChainFault, testNetwork } from '../testing/ledger-chain.ts'
import { ASK, createWorld, type World } from '../testing/world.ts'

const BUDGET = 400_000n
const RICHES = 1_000_000n
const FEE_SUN = 1_000n
const PRICE = 100n
const PIECE_BYTES = MIB / 8

const keys = Array.from({ length: 40 }, (_, i) => testKey(100 + i))
const idOf = ({ address }: { readonly address: (typeof keys)[number]['address'] }) => ({
  payee: address,
  delegate: address,
})

/** A budget over `count` sellers, each paid one piece. */
async function payMany(count: number): Promise<World> {
  const world = await createWorld({ silent: true })
  const sellers = keys.slice(0, count)
  for (const key of sellers)
    world.payer.offerSeller({
      ...idOf(key),
      askPerMiB: toAmount(ASK),
      relayFrom: null,
      deliveredBytes: 1,
    })
  await world.start(BUDGET)
  for (let turn = 0; turn < 8; turn++) {
    await settleTasks()
    await world.advance(6_000)
    for (const key of sellers) {
      const isPaid = world.payer.getFigures().paidPieces >= count
      if (!isPaid && paidTo(world, key) === 0n)
        await world.payer.pay(idOf(key), toAmount(PRICE), pieceReason(sellers.indexOf(key), PIECE_BYTES))
    }
  }
  expect(world.payer.getFigures()).toMatchObject({ paidPieces: count, spent: BigInt(count) * PRICE })
  return world
}

function paidTo(world: World, { address }: (typeof keys)[number]): bigint {
  return world.payer
    .getOpenChannelIds()
    .reduce((sum, id) => sum + (world.payer.getLatestVoucher(id, address)?.cumulative ?? 0n), 0n)
}

/** Every seller answers. */
const releaseAll =
  (world: World) =>
  async (channelIds: readonly Hex[]): Promise<void> => {
    for (const channelId of channelIds)
      for (const key of keys) {
        const payee = key.address
        const cumulative = world.payer.getLatestVoucher(channelId, payee)?.cumulative ?? ZERO_AMOUNT
        const release = { channelId, payee, cumulative }
        const signature = await key.sign(releaseDigest(release, testNetwork))
        await world.payer.acceptRelease({ ...release, signature })
      }
  }

const settle = (world: World, wallet: TestWallet = world.wallet) =>
  world.payer.settle({ wallet, collectReleases: releaseAll(world) })

function expectWhole(world: World, count: number): void {
  for (const { address } of keys.slice(0, count)) expect(balanceOf(world.chain, address)).toBe(PRICE)
  expect(balanceOf(world.chain, world.wallet.address)).toBe(RICHES - BigInt(count) * PRICE)
  expect(world.chain.getTotalSupply()).toBe(RICHES)
  expect(world.errors).toEqual([])
}

const countCloseOuts = (world: World): number => world.chain.sent.filter((kind) => kind === 'closeOut').length
const failNext = (world: World, faults: readonly ChainFault[]): void => {
  for (const fault of faults) world.chain.failNext('closeOut', fault)
}

describe('a settlement', () => {
  it('of forty sellers takes as many transactions as sixteen releases each allow, and pays all of them', async () => {
    const world = await payMany(40)
    expect(world.payer.getOpenChannelIds().length).toBeLessThanOrEqual(5)
    expect(await settle(world)).toMatchObject({
      status: 'settled',
      summary: { funded: BUDGET, paid: 40n * PRICE, refunded: BUDGET - 40n * PRICE },
    })
    expect(countCloseOuts(world)).toBe(3)
    expectWhole(world, 40)
  })

  it.each<[string, readonly ChainFault[], number]>([
    ['in a block', ['outOfTime'], 1],
    ['in the simulation', ['outOfTimeSimulated'], 0],
    ['again in its half', ['outOfTime', 'outOfTime'], 2],
  ])(
    'that runs out of time %s goes on in halves, and counts what was burned',
    async (_where, faults, burned) => {
      const world = await payMany(40)
      failNext(world, faults)
      const end = await settle(world)
      expect(end).toMatchObject({ status: 'settled', summary: { paid: 40n * PRICE } })
      const { txIds, feeSun } = end.status === 'settled' ? end.summary : { txIds: [], feeSun: 0n }
      expect(feeSun).toBe(BigInt(burned) * BURNED_SUN + BigInt(txIds.length - burned) * FEE_SUN)
      expectWhole(world, 40)
    },
  )

  it('of one channel is tried once more as it is', async () => {
    const world = await payMany(3)
    failNext(world, ['outOfTime'])
    expect(await settle(world)).toMatchObject({ status: 'settled' })
    expect(countCloseOuts(world)).toBe(2)
    expectWhole(world, 3)
  })

  it('of one channel that runs out of time twice frees the purse at once and the rest after the close delay', async () => {
    const world = await payMany(3)
    failNext(world, ['outOfTime', 'outOfTime'])
    expect((await settle(world)).status).toBe('closing')
    expect(balanceOf(world.chain, world.wallet.address)).toBe(RICHES - (BUDGET * 3n) / 4n)
    await world.reload()
    await world.advance(3_700_000)
    const end = await world.payer.finish({ wallet: world.wallet })
    expect(end).toMatchObject({
      status: 'settled',
      summary: { funded: BUDGET, paid: 3n * PRICE, refunded: BUDGET - 3n * PRICE },
    })
    expect(end.status === 'settled' && end.summary.feeSun).toBeGreaterThan(2n * BURNED_SUN)
    expectWhole(world, 3)
  })

  it('on a network that is too slow for anything stops after a few fees, and goes on where it stopped', async () => {
    const world = await payMany(40)
    failNext(world, ['outOfTime', 'outOfTime', 'outOfTime', 'outOfTime', 'outOfTime'])
    await expect(settle(world)).rejects.toMatchObject({ code: 'out-of-time' })
    expect(countCloseOuts(world)).toBe(4)
    expect(world.payer.getState()).toEqual({ status: 'stopped' })
    // One more is in store.
    const end = await settle(world)
    expect(end).toMatchObject({ status: 'settled', summary: { paid: 40n * PRICE } })
    expect(end.status === 'settled' && end.summary.feeSun).toBeGreaterThan(5n * BURNED_SUN)
    expectWhole(world, 40)
  })

  it('that the user declines after the first of its transactions keeps what was settled', async () => {
    const world = await payMany(40)
    let asked = 0
    const wallet: TestWallet = {
      ...world.wallet,
      async signTransaction(transaction) {
        asked += 1
        if (asked === 2) this.isRefusing = true
        return world.wallet.signTransaction.call(this, transaction)
      },
    }
    await expect(settle(world, wallet)).rejects.toMatchObject({ code: 'rejected' })
    expect(countCloseOuts(world)).toBe(1)
    expect(await settle(world)).toMatchObject({ status: 'settled', summary: { paid: 40n * PRICE } })
    expectWhole(world, 40)
  })
})
