import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findLocked, makeRecoveryFile, parseRecoveryFile, sumLocked } from '../../channels/index.ts'
import { createMemoryLedger } from '../ledger.ts'
import { settleTasks, testKey } from '../testing/accounts.ts'
import { balanceOf, testNetwork } from '../testing/ledger-chain.ts'
import { ASK, createWorld, type World } from '../testing/world.ts'
import { createPayer, type PayerAccount } from './payer.ts'

const BUDGET = 80_000n
const RICHES = 1_000_000n

/** Another device, or a browser whose data were cleared: same wallet, another key, an empty ledger. */
async function elsewhere({ chain, clock }: World): Promise<PayerAccount> {
  let salt = 100
  const payer = createPayer({
    chain,
    clock,
    ledger: createMemoryLedger(),
    sessionKey: testKey(77),
    random: (lengthBytes) => new Uint8Array(lengthBytes).fill(++salt),
  })
  await payer.restore()
  return payer
}

async function lock(): Promise<World> {
  const world = await createWorld({ silent: true })
  for (const seller of world.sellers) world.meet(seller)
  await world.start(BUDGET)
  await world.buyPiece(world.sellers[0], 0)
  await world.buyPiece(world.sellers[1], 1)
  await settleTasks()
  return world
}

/** Takes everything back and returns what came. */
async function takeBack(world: World, payer: PayerAccount): Promise<bigint> {
  const { wallet, chain, clock } = world
  const before = balanceOf(chain, wallet.address)
  for (let round = 0; round < 4; round++) {
    const [group] = (await findLocked(chain, wallet.address)) ?? []
    if (!group) break
    await payer.adopt(wallet.address, group)
    expect(payer.getFigures().locked).toBe(
      group.purse + group.channels.reduce((sum, { channel }) => sum + channel.total, 0n),
    )
    const end = await payer.settle({ wallet, collectReleases: async () => undefined })
    if (end.status === 'closing') {
      chain.nowSec += 4_000n
      await clock.advance(4_000_000)
      expect((await payer.finish({ wallet })).status).toBe('settled')
    }
  }
  expect(chain.getTotalSupply()).toBe(RICHES)
  return balanceOf(chain, wallet.address) - before
}

describe('a budget that another browser locked', () => {
  it('comes back from the wallet alone: the purse at once, channels after the delay', async () => {
    const world = await lock()
    const { chain, wallet } = world
    const payer = await elsewhere(world)
    const [group] = (await findLocked(chain, wallet.address)) ?? []
    expect(group && sumLocked(group)).toBe(BUDGET)
    if (!group) return
    await payer.adopt(wallet.address, group)
    expect(payer.getState()).toEqual({ status: 'stopped' })
    const end = await payer.settle({ wallet, collectReleases: async () => undefined })
    expect(end.status).toBe('closing')
    expect(balanceOf(chain, wallet.address)).toBe(RICHES - BUDGET + group.purse)
    chain.nowSec += 4_000n
    expect(await payer.finish({ wallet })).toMatchObject({
      status: 'settled',
      summary: { paid: 0n, refunded: BUDGET },
    })
    expect(await findLocked(chain, wallet.address)).toEqual([])
  })

  it('leaves sellers what they redeem before the delay is over', async () => {
    const world = await lock()
    const payer = await elsewhere(world)
    const [{ account, wallet: sellerWallet }] = world.sellers
    await account.redeem(sellerWallet)
    expect(balanceOf(world.chain, sellerWallet.address)).toBe(ASK)
    expect(await takeBack(world, payer)).toBe(BUDGET - ASK)
  })

  it('cannot be paid from, nor topped up, and is not taken while one of this browser’s own is open', async () => {
    const world = await lock()
    const { chain, wallet } = world
    const payer = await elsewhere(world)
    const [group] = (await findLocked(chain, wallet.address)) ?? []
    if (!group) throw new Error('nothing found')
    await payer.adopt(wallet.address, group)
    await expect(payer.resume()).rejects.toMatchObject({ code: 'session-key-lost' })
    await expect(payer.topUp({ amount: 1n as never, wallet })).rejects.toMatchObject({
      code: 'session-key-lost',
    })
    expect(payer.isPaying()).toBe(false)
    await expect(payer.adopt(wallet.address, group)).rejects.toMatchObject({ code: 'session-active' })
    await expect(world.payer.adopt(wallet.address, group)).rejects.toMatchObject({ code: 'session-active' })
  })

  it('is found by reading blocks, or from the recovery file, where the node has no event server', async () => {
    const world = await lock()
    const { chain, wallet } = world
    const { address } = wallet
    chain.hasEvents = false
    expect(await findLocked(chain, address)).toBeNull()
    const scanned = await findLocked(chain, address, { scan: { from: { block: 1 } } })
    const openings = (await world.ledger.list('channels')).map(({ fields, note }) => ({
      channel: fields,
      note,
    }))
    const file = parseRecoveryFile(makeRecoveryFile(testNetwork, openings), testNetwork)
    expect(await findLocked(chain, address, { openings: file })).toEqual(scanned)
    expect(scanned?.[0]?.channels).toHaveLength(1)
  })

  it('is neither lost nor doubled by any order of paying, redeeming, clearing and taking back', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('pay0', 'pay1', 'redeem', 'clear'), { maxLength: 12 }),
        async (steps) => {
          const world = await lock()
          let earned = 0n
          for (const step of steps) {
            if (step === 'pay0') await world.buyPiece(world.sellers[0], 2)
            if (step === 'pay1') await world.buyPiece(world.sellers[1], 3)
            if (step === 'redeem') {
              const [{ account, wallet }] = world.sellers
              await account
                .redeem(wallet)
                .catch((error: unknown) => expect(error).toMatchObject({ code: 'nothing-to-redeem' }))
            }
            if (step === 'clear') break
          }
          for (const { wallet } of world.sellers) earned += balanceOf(world.chain, wallet.address)
          expect(await takeBack(world, await elsewhere(world))).toBe(BUDGET - earned)
          expect(await findLocked(world.chain, world.wallet.address)).toEqual([])
        },
      ),
      { numRuns: 20 },
    ))
})

describe('a recovery file', () => {
  const other = { ...testNetwork, chainId: 1 }
  it('that is broken, foreign or newer is refused in words', async () => {
    const world = await lock()
    const [channel] = await world.ledger.list('channels')
    if (!channel) throw new Error('no channel')
    const good = makeRecoveryFile(testNetwork, [{ channel: channel.fields, note: channel.note }])
    expect(parseRecoveryFile(good, testNetwork)).toHaveLength(1)
    for (const [text, words] of [
      ['{', 'not JSON'],
      ['[]', 'another kind'],
      [good.replace('"version": 1', '"version": 2'), 'newer'],
      [good.replace(/"total": "\d+"/, '"total": "-1"'), 'channel 1 in it is broken'],
      [good.replace(/"total": "\d+"/, '"total": "5"'), 'channel 1 in it is broken'],
      [good.replace(/"note": "0x../, '"note": "0x'), 'channel 1 in it is broken'],
    ] as const)
      expect(() => parseRecoveryFile(text, testNetwork), words).toThrow(words)
    expect(() => parseRecoveryFile(good, other)).toThrow('another network')
  })
})
