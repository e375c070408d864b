/** `npm run conformance`, without the process around it: looks, prices, asks, runs, compares. */

import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../lib/base/index.ts'
import { lockLedger } from '../../lib/ledger/lock.ts'
import {
  checkAffordable,
  createNodeClient,
  isMined,
  KNOWN_NETWORKS,
  readHead,
  toAccountHex,
} from '../../lib/tron/index.ts'
import { toFeeSun } from '../../lib/units/index.ts'
import { formatFee } from '../deploy/deployment-plan.ts'
import { contractAddressOf } from '../deploy/deployment-transaction.ts'
import { createCast } from './cast.ts'
import { ConformanceStop, type Ending, fail } from './exit-codes.ts'
import { costOf, type Figures, readFigures, toFigures } from './figures.ts'
import { createRunState, type FullRunReport, runFully } from './full-run.ts'
import { expectConstantCalls, inspectNode, type NodeAbout } from './inspect-node.ts'
import type { ConformanceOptions } from './options.ts'
import { createPacedClient } from './paced-client.ts'
import { type ProbeReport, runProbes } from './probes.ts'
import { runReference } from './reference-run.ts'
import {
  type ConformanceReport,
  compareEnergy,
  describeReport,
  NEEDED_SIGNATURES,
  sumFees,
} from './report.ts'
import { toStop } from './run.ts'
import { createRunStore, type RunState, readRunState } from './run-state.ts'

export interface ConformIo {
  say(line: string): void
  /** What a person types; null when nobody is there. */
  ask(question: string): Promise<string | null>
  /** How long a foreign chain may take to show what a receipt has told. */
  readonly patienceMs: number
}

const MAINNET = KNOWN_NETWORKS.mainnet.chainId
/** A wait that is shorter than this is not worth another run. */
const SHORT_WAIT_SEC = 15
/** Two thirds of TRON's block makers have built on a block after 19 of 3 s. */
const SOLID_WITHIN_MS = 90_000

/** Collected on the way, so that a run that stops still tells what it knows. */
interface Findings {
  about: NodeAbout | null
  state: RunState | null
  probes: ProbeReport | null
  full: FullRunReport | null
  reference: Figures
  solid: boolean | null
  goesOnAtSec: number | null
}

/** Runs, and reports however it ends. Rejects only with a programming error. */
export async function conform(
  options: ConformanceOptions,
  key: string,
  io: ConformIo,
): Promise<ConformanceReport> {
  const findings: Findings = {
    ...{ about: null, state: null, probes: null, full: null, reference: {}, solid: null, goesOnAtSec: null },
  }
  try {
    await find(options, key, io, findings)
    const words = listDifferences(findings)
    const report = toReport(
      options,
      findings,
      words.length > 0 ? 'different' : 'ok',
      words.join('; ') || null,
    )
    const name = findings.about!.isOurDevnet ? 'recorded' : 'our devnet'
    for (const line of describeReport(findings.state!, report, name)) io.say(line)
    return report
  } catch (error) {
    const stop = toStop(null, error)
    if (!(stop instanceof ConformanceStop)) throw error
    return toReport(options, findings, stop.ending, stop.message)
  }
}

async function find(
  options: ConformanceOptions,
  key: string,
  io: ConformIo,
  findings: Findings,
): Promise<void> {
  const inspected = await inspectNode(
    options.nodeUrl,
    createPacedClient(options.nodeUrl, options.callsPerSec),
  )
  const callsPerSec = inspected.isOurDevnet ? null : options.callsPerSec
  const about = {
    ...inspected,
    node: createPacedClient(options.nodeUrl, callsPerSec),
    distanceMs: callsPerSec === null ? 0 : 1_000 / callsPerSec,
  }
  findings.about = about
  if (about.chainId === MAINNET && !options.mayUseMainnet)
    throw new ConformanceStop(
      'bad-arguments',
      'this node is mainnet’s: a run there burns real TRX. --mainnet agrees to that',
    )
  const path =
    options.statePath ?? (about.hasControls ? null : `.conformance/${about.chainId.toString(16)}.json`)
  const unlock = await lockState(path)
  try {
    await runLocked(options, key, io, findings, about, path)
  } finally {
    await unlock()
  }
}

async function runLocked(
  options: ConformanceOptions,
  key: string,
  io: ConformIo,
  findings: Findings,
  about: NodeAbout,
  path: string | null,
): Promise<void> {
  const store = createRunStore(path)
  const earlier = await readRunState(path)
  const state = earlier ?? createRunState(about, key)
  await expectSameRun(state, about, key, path)
  findings.state = state
  const figures = readFigures()
  findings.reference = figures
  for (const line of describeRun(about, state, path)) io.say(line)
  const cost = costOf(state, figures, about.prices)
  io.say(
    `  cost       ${formatFee(cost)} at most are left to burn or hand out; the BTT are the run’s own, worth nothing`,
  )
  await expectAffordable(about, state, cost)
  await expectConstantCalls(about.node, state.account)
  if (!options.isSure && cost > 0n) await expectAgreement(io)
  await store.save(state)

  io.say('Probes')
  findings.probes = await runProbes(about.node, state.account, about.prices.energySun)
  io.say(`  ${findings.probes.equal} as on java-tron, ${findings.probes.different.length} not`)
  io.say('Steps')
  findings.full = await runFully({
    ...{ about, accountKey: key, state, store, figures },
    io: { say: io.say, patienceMs: about.isOurDevnet ? 0 : io.patienceMs },
    waitUntil: (chainTimeSec) => waitUntil(about, chainTimeSec, findings),
  })
  findings.solid = await compareSolid(options, about, state, io.patienceMs)
  if (about.isOurDevnet) return
  io.say('The same on a devnet in this process')
  findings.reference = toFigures((await runReference(figures, () => undefined)).state)
}

async function expectSameRun(
  state: RunState,
  about: NodeAbout,
  key: string,
  path: string | null,
): Promise<void> {
  const account = createCast(key, state.runId).payer.address
  if (state.chainId !== about.chainId)
    throw new ConformanceStop(
      'bad-arguments',
      `${path} is a run on chain ${state.chainId}, and this node is of ${about.chainId}: name another file with --state`,
    )
  if (state.account !== account)
    throw new ConformanceStop(
      'bad-arguments',
      `${path} is a run of ${state.account}, and the key is of ${account}: name another file with --state`,
    )
  const first = state.steps.deployToken
  if (first?.status !== 'done') return
  const value = first.txId.slice(2)
  if (!isMined(await about.node.post('/wallet/gettransactioninfobyid', { value })))
    throw new ConformanceStop(
      'bad-arguments',
      `${path} is a run that this chain has forgotten: delete it, or name another with --state`,
    )
}

function describeRun(about: NodeAbout, state: RunState, path: string | null): readonly string[] {
  const done = Object.values(state.steps).filter(({ status }) => status === 'done').length
  return [
    `Conformance of ${about.url}${about.chainId === MAINNET ? ', MAINNET' : ''}`,
    `  chain id   ${about.chainId} (0x${about.chainId.toString(16)}), by the node’s block 0`,
    `  version    ${about.version || 'the node does not say'}`,
    `  CORS       ${about.hasCors ? 'a page may speak to it' : 'none: a page needs a proxy before it (docs/DEPLOY.md)'}`,
    `  account    ${state.account}`,
    `  state      ${path ?? 'in memory only'}${done > 0 ? `, ${done} steps are done` : ''}`,
    `  prices     ${about.prices.energySun} sun an energy, ${about.prices.bandwidthSun} a byte`,
  ]
}

async function expectAffordable(about: NodeAbout, state: RunState, costSun: bigint): Promise<void> {
  const energy = Number((costSun + about.prices.energySun - 1n) / about.prices.energySun)
  const quote = { energy, bandwidthBytes: 0, feeSun: toFeeSun(costSun) }
  try {
    await checkAffordable(about.node, state.account, quote, about.prices)
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'too-little-trx') throw cause
    throw new ConformanceStop('not-affordable', `${cause.message} Nothing was sent.`, { cause })
  }
}

async function expectAgreement(io: ConformIo): Promise<void> {
  const answer = await io.ask('Run it? (yes/no) ')
  if (answer === null)
    throw new ConformanceStop('declined', 'nobody is there to ask: --yes agrees beforehand')
  if (!/^y(es)?$/i.test(answer.trim()))
    throw new ConformanceStop('declined', 'not agreed to: nothing was sent')
}

async function waitUntil(about: NodeAbout, chainTimeSec: number, findings: Findings): Promise<void> {
  for (;;) {
    const leftSec = chainTimeSec - Math.floor((await readHead(about.node)).timestampMs / 1000)
    if (leftSec <= 0) return
    if (about.hasControls) {
      await fetch(`${about.url}/devnet/advance`, {
        method: 'POST',
        body: JSON.stringify({ seconds: leftSec + 1 }),
      })
    } else if (leftSec > SHORT_WAIT_SEC) {
      findings.goesOnAtSec = chainTimeSec
      const at = new Date(chainTimeSec * 1000).toISOString()
      throw new ConformanceStop(
        'waiting',
        `the close delay runs: run me again after ${at}, with the same --state`,
      )
    } else await sleep(1_000)
  }
}

/** Whether the solidified state tells of the first approval as the node does; null where nothing serves it. */
async function compareSolid(
  options: ConformanceOptions,
  about: NodeAbout,
  state: RunState,
  patienceMs: number,
): Promise<boolean | null> {
  const value = state.steps.approve!.txId.slice(2)
  const solid = options.solidityUrl === null ? about.node : createNodeClient(options.solidityUrl)
  const wanted = JSON.stringify(await about.node.post('/wallet/gettransactioninfobyid', { value }))
  const giveUpAtMs = performance.now() + Math.min(SOLID_WITHIN_MS, patienceMs * 8)
  for (;;) {
    try {
      const info = await solid.post('/walletsolidity/gettransactioninfobyid', { value })
      if (isMined(info)) {
        if (JSON.stringify(info) !== wanted)
          throw fail('the solidified state tells otherwise of the first approval')
        return true
      }
    } catch (error) {
      if (error instanceof ConformanceStop || !(error instanceof AppError)) throw error
      if (options.solidityUrl === null) return null
      throw error
    }
    if (performance.now() > giveUpAtMs) throw fail('the first approval has not become final in time')
    await sleep(3_000)
  }
}

/** What differs from what our devnet knows, a sentence each. */
function listDifferences({ state, reference, probes, full }: Findings): readonly string[] {
  const energy = Object.entries(compareEnergy(state!, reference)).filter(([, row]) => row.node !== row.devnet)
  const words: string[] = []
  if (energy.length > 0) words.push(`the energy of ${energy.map(([name]) => name).join(', ')} differs`)
  const { different } = probes!
  if (different.length > 0) words.push(`probes differ: ${different.map(({ name }) => name).join(', ')}`)
  const { signatures } = full!.headroom
  if (signatures < NEEDED_SIGNATURES)
    words.push(
      `the node has time for ${signatures} signatures, and our largest call needs ${NEEDED_SIGNATURES}`,
    )
  return words
}

function toReport(
  options: ConformanceOptions,
  findings: Findings,
  ending: Ending,
  reason: string | null,
): ConformanceReport {
  const { about, state, probes, full, reference, solid, goesOnAtSec } = findings
  const totals = full?.totals
  return {
    ok: ending === 'ok',
    ...{ ending, reason, node: options.nodeUrl },
    chainId: about?.chainId ?? null,
    version: about?.version ?? '',
    account: state?.account ?? null,
    contract: addressOfDeployed(state, 'deployChannels'),
    token: addressOfDeployed(state, 'deployToken'),
    cors: about?.hasCors ?? null,
    solid,
    steps: Object.fromEntries(Object.entries(state?.steps ?? {}).map(([name, { status }]) => [name, status])),
    checks: state?.checks ?? {},
    probes,
    energy: state ? compareEnergy(state, reference) : {},
    headroom: full?.headroom ?? null,
    money: totals
      ? {
          funded: totals.funded.toString(),
          purses: totals.purses.toString(),
          reserved: totals.reserved.toString(),
          paid: totals.paid.toString(),
          refunded: totals.refunded.toString(),
        }
      : null,
    feeSun: state ? sumFees(state).toString() : '0',
    goesOnAt: goesOnAtSec === null ? null : new Date(goesOnAtSec * 1000).toISOString(),
  }
}

function addressOfDeployed(state: RunState | null, step: string): string | null {
  const record = state?.steps[step]
  return state && record?.status === 'done'
    ? contractAddressOf(record.txId, toAccountHex(state.account))
    : null
}

/** Two runs of one state would each send what the other has not noted yet. Throws ConformanceStop. */
async function lockState(path: string | null): Promise<() => Promise<void>> {
  if (path === null) return async () => undefined
  try {
    await mkdir(dirname(path), { recursive: true })
    return await lockLedger(path)
  } catch (cause) {
    const isHeld = cause instanceof AppError && cause.code === 'ledger-in-use'
    const words = isHeld ? 'another run uses it' : 'it cannot be written'
    throw new ConformanceStop('bad-arguments', `${path}: ${words}`, { cause })
  }
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs))
}
