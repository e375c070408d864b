/** Whatever happens to a budget, in whatever order: what the screen says is what the ledger's receipts and the chain say, to the unit. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { findLocked } from '../../channels/index.ts'
import { totalOf } from '../../ledger/index.ts'
import { toAmount, ZERO_AMOUNT } from '../../units/index.ts'
import { createMemoryLedger } from '../ledger.ts'
import { pieceReason, settleTasks, testKey } from '../testing/accounts.ts'
import { balanceOf } from '../testing/ledger-chain.ts'
import { ASK, createWorld, type World } from '../testing/world.ts'
import { createPayer } from './payer.ts'

const RICHES = 1_000_000n
const BUDGET = 40n * ASK
const STEPS = ['pay0', 'pay1', 'tip', 'topUp', 'redeem', 'crash', 'settle', 'late'] as const

async function run(world: World, step: (typeof STEPS)[number], serial: number): Promise<void> {
  const { wallet } = world
  const [first, second] = world.sellers
  const isOpen = world.payer.getState()?.status === 'paying'
  switch (step) {
    case 'pay0':
      await world.buyPiece(first, serial)
      break
    case 'pay1':
      await world.buyPiece(second, serial)
      break
    case 'tip':
      await world.payer.pay(first.account, toAmount(17n), {
        ...pieceReason(serial, 0),
        pieceIndex: null,
        memo: 'thanks',
      })
      break
    case 'topUp':
      if (isOpen) await world.payer.topUp({ amount: toAmount(10n * ASK), wallet })
      break
    case 'redeem':
      await first.account
        .redeem(first.wallet)
        .catch((error: unknown) => expect(error).toMatchObject({ code: 'nothing-to-redeem' }))
      break
    case 'crash':
      await world.reload()
      for (const seller of world.sellers) world.meet(seller)
      if (world.payer.getState()?.status === 'stopped') await world.payer.resume()
      break
    case 'settle':
      if (!isOpen) break
      // The second seller does not answer.
      await world.payer.settle({ wallet, collectReleases: world.collectFrom([first]) })
      break
    case 'late':
      world.payer.forgetSeller(second.account)
      await world.advance(6_000)
      world.meet(second)
      await world.advance(6_000)
      break
  }
  await settleTasks()
}

async function check(world: World): Promise<void> {
  const { chain, payer, ledger, wallet } = world
  expect(chain.getTotalSupply()).toBe(RICHES)
  const totals = await ledger.getTotals()
  const spent = totalOf(totals, 'piece').amount + totalOf(totals, 'tip').amount
  const figures = payer.getFigures()
  const status = payer.getState()?.status
  expect(figures.spent).toBe(spent)
  expect(figures.tipped).toBe(totalOf(totals, 'tip').amount)
  if (status === 'paying' || status === 'stopped' || status === 'closing') {
    // What left the wallet is locked, promised, or back again.
    const out = totalOf(totals, 'fund').amount - totalOf(totals, 'refund').amount
    expect(balanceOf(chain, wallet.address)).toBe(RICHES - out)
    expect(figures.locked).toBe(out - spent)
    expect(figures.budget).toBe(totalOf(totals, 'fund').amount)
  }
  const seats = await ledger.list('payerSeats')
  const promised = seats.map(({ state }) =>
    'voucher' in state && state.voucher ? state.voucher.cumulative : 0n,
  )
  expect(promised.reduce<bigint>((sum, one) => sum + one, 0n)).toBe(spent)
}

/** Another browser of the same wallet takes back whatever is left. */
async function takeAllBack({ chain, clock, wallet }: World): Promise<void> {
  let salt = 150
  const payer = createPayer({
    chain,
    clock,
    bttPerTrx: ZERO_AMOUNT,
    ledger: createMemoryLedger(),
    sessionKey: testKey(77),
    random: (lengthBytes) => new Uint8Array(lengthBytes).fill(++salt),
  })
  await payer.restore()
  for (let round = 0; round < 3; round++) {
    const [group] = (await findLocked(chain, wallet.address)) ?? []
    if (!group) return
    await payer.adopt(wallet.address, group)
    const end = await payer.settle({ wallet, collectReleases: async () => undefined })
    if (end.status !== 'closing') continue
    chain.nowSec += 4_000n
    await clock.advance(4_000_000)
    expect((await payer.finish({ wallet })).status).toBe('settled')
  }
}

it('equals the receipts’ sums and the chain’s, and every coin comes back but what sellers redeemed', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...STEPS), { maxLength: 24 }), async (steps) => {
      const world = await createWorld({ silent: true })
      for (const seller of world.sellers) world.meet(seller)
      await world.start(BUDGET)
      for (const [serial, step] of steps.entries()) {
        await run(world, step, serial)
        await check(world)
      }
      await takeAllBack(world)
      const earned = world.sellers.reduce(
        (sum, { wallet }) => sum + balanceOf(world.chain, wallet.address),
        0n,
      )
      expect(balanceOf(world.chain, world.wallet.address)).toBe(RICHES - earned)
      expect(await findLocked(world.chain, world.wallet.address)).toEqual([])
      expect(world.errors).toEqual([])
    }),
    { numRuns: 40 },
  ))
