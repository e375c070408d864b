import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toAmount, toFeeSun } from '../../lib/units/index.ts'
import { type Devnet, deployContracts, startDevnet } from '../index.ts'
import { connectTronWeb } from '../testing/connect-tronweb.ts'

let stateDir: string
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'piecemeal-snapshot-'))
})
afterEach(() => rm(stateDir, { recursive: true }))

const give = (devnet: Devnet, trxSun: bigint) =>
  devnet.fundAccount(devnet.accounts.bob.address, { trxSun: toFeeSun(trxSun), bttAmount: toAmount(0n) })
const bobHas = (devnet: Devnet) =>
  connectTronWeb(devnet, devnet.accounts.bob).trx.getUnconfirmedBalance(devnet.accounts.bob.address)

describe('snapshots', () => {
  it('bring the chain back and forth between branches, as often as asked', async () => {
    const devnet = await startDevnet({ stateDir, solidLagBlocks: 19 })
    const deployment = await deployContracts(devnet)
    const early = await devnet.takeSnapshot()
    const earlyHead = devnet.chain.head
    await give(devnet, 5n)
    await devnet.advance(86_400)
    const left = await devnet.takeSnapshot()
    const leftHead = devnet.chain.head
    await devnet.restoreSnapshot(early)
    expect(devnet.chain.head).toEqual(earlyHead)
    expect(devnet.chain.nowMs()).toBeLessThan(leftHead.timestampMs)
    expect(await bobHas(devnet)).toBe(10_000_000_000)
    await give(devnet, 11n)
    const right = await devnet.takeSnapshot()
    const rightHead = devnet.chain.head
    for (let round = 0; round < 2; round++) {
      await devnet.restoreSnapshot(left)
      expect(devnet.chain.head).toEqual(leftHead)
      expect(devnet.chain.nowMs()).toBeGreaterThanOrEqual(leftHead.timestampMs)
      expect(await bobHas(devnet)).toBe(10_000_000_005)
      await devnet.restoreSnapshot(right)
      expect(devnet.chain.head).toEqual(rightHead)
      expect(await bobHas(devnet)).toBe(10_000_000_011)
      expect(devnet.getDeployment()).toEqual(deployment)
    }
    await devnet.stop()
    const again = await startDevnet({ stateDir, solidLagBlocks: 19 })
    expect(again.chain.getBlock(rightHead.number)).toEqual(rightHead)
    expect(await bobHas(again)).toBe(10_000_000_011)
    await again.stop()
  })

  it('hold transactions that wait for their block', async () => {
    const devnet = await startDevnet({ blockTime: 60_000 })
    const [sent] = await give(devnet, 5n)
    const waiting = await devnet.takeSnapshot()
    await devnet.mine()
    await give(devnet, 6n)
    await devnet.restoreSnapshot(waiting)
    expect(await bobHas(devnet)).toBe(10_000_000_005)
    expect(devnet.chain.head.txIds).toEqual([])
    await devnet.mine()
    expect(devnet.chain.head.txIds).toEqual([sent])
    await devnet.stop()
  })

  it('are not made up: an unknown id is refused and nothing changes', async () => {
    const devnet = await startDevnet()
    const { head } = devnet.chain
    await expect(devnet.restoreSnapshot('snapshot-1')).rejects.toMatchObject({ code: 'bad-request' })
    expect(devnet.chain.head).toEqual(head)
    await devnet.stop()
  })
})

const step = fc.oneof(
  fc.record({ do: fc.constant('give' as const), trxSun: fc.bigInt(1n, 1_000_000n) }),
  fc.record({ do: fc.constant('mine' as const) }),
  fc.record({
    do: fc.constant('drop' as const),
    blocks: fc.integer({ min: 1, max: 6 }),
    transactions: fc.constantFrom('forget' as const, 'requeue' as const),
  }),
  fc.record({ do: fc.constant('snapshot' as const) }),
  fc.record({ do: fc.constant('restore' as const), which: fc.nat({ max: 3 }) }),
  fc.record({ do: fc.constant('restart' as const) }),
)

describe('the disk', () => {
  it('replays to what memory holds, after any mix of gifts, blocks, drops, snapshots and restarts', async () => {
    let round = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        round += 1
        const options = { stateDir: join(stateDir, `${round}`), solidLagBlocks: 5 }
        let devnet = await startDevnet(options)
        let snapshots: string[] = []
        const restart = async () => {
          const { head, solidNumber } = devnet.chain
          // What only waits for a block is not on the disk.
          await devnet.mine()
          const sun = await bobHas(devnet)
          await devnet.stop()
          devnet = await startDevnet(options)
          snapshots = []
          expect(devnet.chain.getBlock(head.number)).toEqual(head)
          expect(devnet.chain.solidNumber).toBeGreaterThanOrEqual(solidNumber)
          expect(await bobHas(devnet)).toBe(sun)
        }
        for (const entry of steps) {
          if (entry.do === 'give') await give(devnet, entry.trxSun)
          else if (entry.do === 'mine') await devnet.mine()
          else if (entry.do === 'snapshot') snapshots.push(await devnet.takeSnapshot())
          else if (entry.do === 'restart') await restart()
          else if (entry.do === 'drop') {
            const dropBlocks = Math.min(entry.blocks, devnet.chain.head.number - devnet.chain.solidNumber)
            if (dropBlocks > 0) await devnet.reorganise({ dropBlocks, transactions: entry.transactions })
          } else if (snapshots.length > 0)
            await devnet.restoreSnapshot(snapshots[entry.which % snapshots.length]!)
        }
        await restart()
        await devnet.stop()
      }),
      { numRuns: 25 },
    )
  }, 60_000)
})
