/** Commands in any order over both sides; the invariants are `ModelWorld.check`, after every one of them. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toAmount } from '../../../units/index.ts'
import type { Death } from './host.ts'
import { ASK, MAX_ASK, ModelWorld } from './model-world.ts'

/** `MODEL_RUNS=5000 npx vitest run lib/exchange/testing/model` for a deep search. */
const RUNS = Number(process.env.MODEL_RUNS ?? 25)
const MS_PER_RUN = 2_000

type Step = fc.AsyncCommand<object, ModelWorld>

function step(words: string, run: (world: ModelWorld) => Promise<void> | void): Step {
  return {
    check: () => true,
    async run(_model, world) {
      await run(world)
      await world.check()
      await world.reviveDead()
      await world.check()
    },
    toString: () => words,
  }
}

const wireAt = fc.nat({ max: 5 })
const sellerAt = fc.nat({ max: 1 })
const party = fc.constantFrom<'buyer' | number>('buyer', 0, 1)
const death: fc.Arbitrary<Death> = fc.record({
  commits: fc.integer({ min: 1, max: 6 }),
  when: fc.constantFrom<'before' | 'after'>('before', 'after'),
})
const direction = fc.constantFrom<'toSeller' | 'toBuyer'>('toSeller', 'toBuyer')

const deliver = fc
  .tuple(wireAt, direction, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 9 }))
  .map(([at, way, count, luck]) =>
    step(`deliver(${at}, ${way}, ${count}, ${luck === 0})`, (world) =>
      world.deliver(at, way, count, luck === 0),
    ),
  )
const request = fc.tuple(wireAt, fc.integer({ min: 0, max: 19 })).map(([at, luck]) =>
  step(`request(${at}, ${luck === 0})`, async (world) => {
    world.request(at, luck === 0)
    await world.deliver(at, 'toSeller', 4, false)
  }),
)
/** Asks, and lets the wire's own traffic flow until nothing waits, but nobody else's. */
const buy = fc.tuple(wireAt, fc.integer({ min: 1, max: 4 })).map(([at, count]) =>
  step(`buy(${at}, ${count})`, async (world) => {
    for (let piece = 0; piece < count; piece++) {
      world.request(at, false)
      for (let turn = 0; turn < 6; turn++) {
        await world.deliver(at, 'toSeller', 20, false)
        await world.deliver(at, 'toBuyer', 20, false)
      }
    }
  }),
)

const commands = [
  buy,
  buy,
  buy,
  deliver,
  deliver,
  deliver,
  request,
  request,
  request,
  fc.constant(step('drain()', (world) => world.drain())),
  fc.constant(step('drain()', (world) => world.drain())),
  sellerAt.map((at) => step(`connect(${at})`, (world) => world.connect(at))),
  sellerAt.map((at) => step(`connect(${at})`, (world) => world.connect(at))),
  wireAt.map((at) => step(`cut(${at})`, (world) => world.wireAt(at)?.cut())),
  fc
    .tuple(party, fc.option(death))
    .map(([who, when]) => step(`kill(${who}, ${JSON.stringify(when)})`, (world) => world.kill(who, when))),
  fc
    .tuple(wireAt, fc.bigInt({ min: 1n, max: 50_000n }))
    .map(([at, amount]) => step(`tip(${at}, ${amount})`, (world) => world.tip(at, toAmount(amount)))),
  fc
    .tuple(sellerAt, fc.bigInt({ min: ASK, max: MAX_ASK + ASK }))
    .map(([at, ask]) => step(`setAsk(${at}, ${ask})`, (world) => world.setAsk(at, toAmount(ask)))),
  fc
    .constantFrom(100, 2_500, 15_000, 61_000)
    .map((ms) => step(`advance(${ms})`, (world) => world.advance(ms))),
  fc.constant(
    step('stop(), resume()', async ({ buyer }) => {
      if (buyer.account.getState()?.status !== 'paying') return
      await Promise.race([
        buyer.account.stop().then(() => buyer.account.resume()),
        new Promise((resolve) => setImmediate(resolve)),
      ])
    }),
  ),
  sellerAt.map((at) =>
    step(`redeem(${at})`, async ({ sellers }) => {
      const seller = sellers[at]
      if (seller)
        await Promise.race([
          seller.account.redeem(seller.wallet),
          new Promise((resolve) => setTimeout(resolve, 20)),
        ])
    }),
  ),
]

test(
  'whatever is lost, doubled, or dies: nobody owes or loses more than was agreed, and all coins add up',
  async () => {
    let paidPieces = 0
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { maxCommands: 80, size: 'max' }), async (steps) => {
        const world = await ModelWorld.create()
        await fc.asyncModelRun(() => ({ model: {}, real: world }), steps)
        await world.checkAgreement()
        await world.finish()
        expect(world.drops.filter((code) => code !== 'bad-piece')).toEqual([])
        const pieces = { limit: Number.POSITIVE_INFINITY, kinds: ['piece'] } as const
        paidPieces += (await world.buyer.disk.listReceipts(pieces)).length
      }),
      { numRuns: RUNS, endOnFailure: true },
    )
    // A model that never pays proves nothing.
    expect(paidPieces).toBeGreaterThan(RUNS)
  },
  RUNS * MS_PER_RUN + 30_000,
)
