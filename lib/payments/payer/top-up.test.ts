import { describe, expect, it } from 'vitest'
import { toAmount } from '../../units/index.ts'
import { testWallet } from '../testing/accounts.ts'
import { balanceOf, type ChainFault } from '../testing/ledger-chain.ts'
import { ASK, createWorld, type World } from '../testing/world.ts'

const BUDGET = 20n * ASK
const MORE = toAmount(30n * ASK)
const RICHES = 1_000_000n
// A further channel is never worth its fee: each channel takes all that there is.
const DEAR = { bttPerTrx: 1_000_000n }

async function start(): Promise<World> {
  const world = await createWorld(DEAR)
  world.meet(world.sellers[0])
  await world.start(BUDGET)
  return world
}

const topUp = ({ payer, wallet }: World) => payer.topUp({ amount: MORE, wallet })

async function buy(world: World, pieces: number, from = 0): Promise<number> {
  let bought = 0
  for (let piece = from; piece < from + pieces; piece++)
    if ((await world.buyPiece(world.sellers[0], piece)) !== null) bought += 1
  return bought
}

async function settle(world: World, spent: bigint): Promise<void> {
  const collectReleases = world.collectFrom([...world.sellers])
  const end = await world.payer.settle({ wallet: world.wallet, collectReleases })
  expect(end).toMatchObject({ status: 'settled', summary: { paid: spent } })
  expect(balanceOf(world.chain, world.wallet.address)).toBe(RICHES - spent)
  expect(world.chain.getTotalSupply()).toBe(RICHES)
}

describe('a top-up', () => {
  it('is spent like the rest of the budget, and what is left comes back', async () => {
    const world = await start()
    expect(await buy(world, 21)).toBe(20)
    expect(world.payer.getExhaustion()).toBe('spent')
    await topUp(world)
    expect(world.chain.sent).toEqual(['approve', 'fundAndOpen', 'approve', 'fundAndOpen'])
    expect(world.payer.getExhaustion()).toBeNull()
    expect(world.payer.getFigures()).toMatchObject({ budget: BUDGET + MORE, locked: MORE, channels: 2 })
    expect(await buy(world, 25, 20)).toBe(25)
    await settle(world, 45n * ASK)
  })

  it('waits in the purse while nobody has delivered, and seats who does', async () => {
    const world = await start()
    world.payer.forgetSeller(world.sellers[0].account)
    await topUp(world)
    expect(world.chain.sent.at(-1)).toBe('fund')
    world.meet(world.sellers[1])
    await world.advance(6_000)
    await world.advance(6_000)
    expect(world.payer.needsOpen()).toBe(true)
    await world.payer.openPlanned(world.wallet)
    expect(await world.buyPiece(world.sellers[1], 0)).toBe(ASK)
    await settle(world, ASK)
  })

  it('gives the purse more time', async () => {
    const world = await start()
    const { untilSec } = world.payer.getFigures()
    await world.advance(86_400_000)
    await topUp(world)
    expect(world.payer.getFigures().untilSec).toBe(untilSec + 86_400n)
  })

  it.each<ChainFault>(['beforeBroadcast', 'outOfTimeSimulated', 'outOfTime', 'lost'])(
    'that fails (%s) leaves the budget as it was',
    async (fault) => {
      const world = await start()
      world.chain.failNext('fundAndOpen', fault)
      await expect(topUp(world)).rejects.toThrow()
      await world.advance(200_000)
      await world.payer.resolvePending()
      expect(world.payer.getFigures()).toMatchObject({ budget: BUDGET, locked: BUDGET })
      expect(await world.ledger.list('pending')).toEqual([])
      await world.payer.resume()
      expect(await buy(world, 21)).toBe(20)
      await settle(world, 20n * ASK)
    },
  )

  it('whose answer is lost counts once the chain says that it stands, after a reload too', async () => {
    for (const isReloaded of [false, true]) {
      const world = await start()
      expect(await buy(world, 1)).toBe(1)
      world.chain.failNext('fundAndOpen', 'afterEffect')
      await topUp(world)
      if (isReloaded) {
        await world.reload()
        world.meet(world.sellers[0])
        await world.payer.resume()
      }
      expect(world.payer.getFigures()).toMatchObject({ budget: BUDGET + MORE, locked: BUDGET + MORE - ASK })
      expect(await buy(world, 1, 1)).toBe(1)
      await settle(world, 2n * ASK)
    }
  })

  it('is not sent when the wallet says no, has too little, or is another account’s', async () => {
    const world = await start()
    const { payer, wallet } = world
    wallet.isRefusing = true
    await expect(topUp(world)).rejects.toMatchObject({ code: 'rejected' })
    wallet.isRefusing = false
    await expect(payer.topUp({ amount: toAmount(RICHES), wallet })).rejects.toMatchObject({
      code: 'too-little-btt',
    })
    await expect(payer.topUp({ amount: MORE, wallet: testWallet(9) })).rejects.toMatchObject({
      code: 'wrong-account',
    })
    await expect(payer.topUp({ amount: toAmount(0n), wallet })).rejects.toMatchObject({ code: 'bad-budget' })
    expect(payer.getState()?.status).toBe('paying')
    expect(payer.getFigures()).toMatchObject({ budget: BUDGET, locked: BUDGET })
    await settle(world, 0n)
    await expect(topUp(world)).rejects.toMatchObject({ code: 'no-budget' })
  })
})
