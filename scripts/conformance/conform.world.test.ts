import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Devnet, startDevnet } from '../../devnet/index.ts'
import { bytesToHex } from '../../lib/base/index.ts'
import { lockLedger } from '../../lib/ledger/lock.ts'
import { addressToBytes } from '../../lib/tron/index.ts'
import { conform } from './conform.ts'
import { ConformanceStop } from './exit-codes.ts'
import { readFigures, STEPS_OF } from './figures.ts'
import { createRunState, runFully } from './full-run.ts'
import { inspectNode } from './inspect-node.ts'
import type { ConformanceOptions } from './options.ts'
import type { RunState, RunStore } from './run-state.ts'
import {
  type Bend,
  ofChain,
  payingNobody,
  startForeignNode,
  withoutConstantCalls,
} from './testing/start-foreign-node.ts'

const MAINNET = 0x2b6653dc

let devnet: Devnet
let folder: string
let files = 0
beforeAll(async () => {
  devnet = await startDevnet({ chainLabel: 'conformance', controls: true })
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-conform-'))
})
afterAll(async () => {
  await devnet.stop()
  await rm(folder, { recursive: true })
})

const freshState = (): string => join(folder, `${files++}.json`)
const countSent = (address: Parameters<typeof addressToBytes>[0]): number =>
  devnet.chain.listTransactions(bytesToHex(addressToBytes(address))).length

/** Runs against the devnet, bent, as somebody who agrees to all but mainnet. */
async function run(bend: Bend, key: string, options: Partial<ConformanceOptions> = {}) {
  const proxy = await startForeignNode(devnet.url, bend)
  const lines: string[] = []
  try {
    const report = await conform(
      {
        ...{ nodeUrl: proxy.url, keyVariable: 'TEST_KEY', statePath: freshState(), solidityUrl: null },
        ...{ callsPerSec: null, isSure: true, mayUseMainnet: false, isRecording: false, ...options },
      },
      key,
      { say: (line) => lines.push(line), ask: async () => null, patienceMs: 0 },
    )
    return { report, text: lines.join('\n') }
  } finally {
    await proxy.stop()
  }
}

// A loaded machine may be slow.
describe('a node that is not what it should be', { timeout: 120_000 }, () => {
  it('refuses constant calls: the setting is named, and nothing is sent', async () => {
    const { address, privateKey } = devnet.accounts.bob
    const { report } = await run(withoutConstantCalls, privateKey)
    expect(report).toMatchObject({ ok: false, ending: 'failed' })
    expect(report.reason).toContain('vm.supportConstant = true')
    expect(countSent(address)).toBe(0)
  })

  it('is mainnet, which nobody has agreed to', async () => {
    const { address, privateKey } = devnet.accounts.bob
    const { report } = await run(ofChain(MAINNET), privateKey)
    expect(report).toMatchObject({ ending: 'bad-arguments', chainId: MAINNET })
    expect(report.reason).toContain('--mainnet')
    expect(countSent(address)).toBe(0)
  })

  it('says that it is of another chain: its contract knows better', async () => {
    const { report } = await run(ofChain(0xcd8690dc), devnet.accounts.bob.privateKey)
    expect(report).toMatchObject({ ending: 'failed', steps: { deployToken: 'done', deployChannels: 'sent' } })
    expect(report.reason).toContain('the node is of another chain than it says')
  })

  it('redeems with success and pays nobody', async () => {
    const statePath = freshState()
    const { privateKey } = devnet.accounts.carol
    const bend = payingNobody()
    const { report } = await run(bend, privateKey, { statePath })
    expect(report).toMatchObject({ ending: 'failed', steps: { redeemFirst: 'sent' } })
    expect(report.reason).toMatch(
      /redeemFirst: the receipt says success and T\w+ was paid 0, not 3000000000000000003/,
    )
    // Nor does another run take it for done.
    expect((await run(bend, privateKey, { statePath })).report.ending).toBe('failed')
  })

  it('answers a probe and charges energy otherwise: waits for the close delay, then says what differs', async () => {
    const statePath = freshState()
    const { privateKey } = devnet.accounts.seeder
    const bend: Bend = {
      tamper(path, body, reply) {
        if (path === '/wallet/triggerconstantcontract' && body.data === '5f60005260206000f3')
          return { ...reply, energy_used: 6_416 }
        const receipt = reply.receipt as Record<string, unknown> | undefined
        if (receipt?.energy_usage_total === readFigures().approve!.energy)
          return { ...reply, receipt: { ...receipt, energy_usage_total: 22_150, energy_penalty_total: 1 } }
        return reply
      },
    }
    const early = await run(bend, privateKey, { statePath })
    expect(early.report).toMatchObject({ ending: 'waiting', steps: { redeemClosing: 'done' } })
    expect(early.report.reason).toContain(`run me again after ${early.report.goesOnAt}`)
    await devnet.advance(3_600)
    const { report, text } = await run(bend, privateKey, { statePath })
    expect(report.reason).toBe('the energy of approve differs; probes differ: PUSH0')
    expect(report).toMatchObject({ ok: false, ending: 'different', cors: false })
    expect(report.energy.approve).toEqual({ node: 22_149, devnet: 22_148, penalty: 1 })
    expect(report.probes?.different).toContainEqual({
      name: 'PUSH0',
      wanted: `${'0'.repeat(64)}, 6415 energy`,
      got: `${'0'.repeat(64)}, 6416 energy`,
    })
    expect(text).toMatch(/approve +22,149 +22,148 +\+1 +1 /)
  })

  it('is of another chain, or of another account, than the run that is to go on', async () => {
    const statePath = freshState()
    await run(payingNobody(), devnet.accounts.carol.privateKey, { statePath })
    const elsewhere = await run(ofChain(7), devnet.accounts.carol.privateKey, { statePath })
    expect(elsewhere.report).toMatchObject({ ending: 'bad-arguments' })
    expect(elsewhere.report.reason).toContain(`is a run on chain ${devnet.chainId}, and this node is of 7`)
    const forgetful: Bend = {
      intercept: (path) => (path === '/wallet/gettransactioninfobyid' ? {} : null),
    }
    const elsewhen = await run(forgetful, devnet.accounts.carol.privateKey, { statePath })
    expect(elsewhen.report).toMatchObject({ ending: 'bad-arguments' })
    expect(elsewhen.report.reason).toContain('this chain has forgotten')
    const somebody = await run({}, devnet.accounts.viewer.privateKey, { statePath })
    expect(somebody.report).toMatchObject({ ending: 'bad-arguments' })
  })

  it('is in use by another run of the same state', async () => {
    const statePath = freshState()
    const unlock = await lockLedger(statePath)
    const { report } = await run({}, devnet.accounts.carol.privateKey, { statePath })
    await unlock()
    expect(report).toMatchObject({ ending: 'bad-arguments', steps: {} })
    expect(report.reason).toContain('another run uses it')
  })

  it('cannot be paid for', async () => {
    const { report } = await run({}, '11'.repeat(32))
    expect(report).toMatchObject({ ending: 'not-affordable', steps: {} })
    expect(report.reason).toMatch(/The network fee is \d/)
  })

  it('is away', async () => {
    const { report } = await run({}, '11'.repeat(32), { nodeUrl: 'http://127.0.0.1:9' })
    expect(report).toMatchObject({ ending: 'unreachable', chainId: null })
  })
})

describe('a run that is cut off', { timeout: 120_000 }, () => {
  /** Kept as on a disk: what the process had in mind is gone. */
  function createDisk(initial: RunState) {
    let text = JSON.stringify(initial)
    return {
      read: () => JSON.parse(text) as RunState,
      write: (state: RunState) => {
        text = JSON.stringify(state)
      },
    }
  }

  it('goes on from everywhere: after a step is signed and not sent, and before it is noted as done', async () => {
    const { address, privateKey } = devnet.accounts.viewer
    const about = await inspectNode(devnet.url)
    const disk = createDisk(createRunState(about, privateKey))
    const crashed = new Set<string>()
    const crashOnce = (where: string): void => {
      if (crashed.has(where)) return
      crashed.add(where)
      throw new Error('crash')
    }
    const store: RunStore = {
      path: null,
      async save(state) {
        const names = Object.keys(state.steps)
        const before = disk.read().steps
        for (const name of names)
          if (state.steps[name]!.status === 'done' && before[name]?.status !== 'done')
            crashOnce(`${name} unnoted`)
        disk.write(state)
        for (const name of names)
          if (state.steps[name]!.status === 'sent' && before[name] === undefined) crashOnce(`${name} signed`)
      },
    }
    let isOver = false
    for (let i = 0; i < 200 && !isOver; i++) {
      try {
        await runFully({
          ...{ about, accountKey: privateKey, state: disk.read(), store, figures: readFigures() },
          io: { say: () => undefined, patienceMs: 0 },
          async waitUntil(chainTimeSec) {
            if (devnet.chain.head.timestampMs < chainTimeSec * 1000) await devnet.advance(3_600)
          },
        })
        isOver = true
      } catch (error) {
        if (error instanceof ConformanceStop || (error as Error).message !== 'crash') throw error
      }
    }
    expect(isOver).toBe(true)
    const figures = readFigures()
    const names = Object.keys(figures)
    expect([...crashed]).toEqual(
      expect.arrayContaining(names.flatMap((name) => [`${name} signed`, `${name} unnoted`])),
    )
    const byHelpers = STEPS_OF.relay.length + STEPS_OF.session.length
    expect(countSent(address)).toBe(names.length - byHelpers)
  })
})
