/** One run on one node: deploys, hands out TRX, leads the life. */
import { randomBytes } from 'node:crypto'
import { bytesToHex, ChainError, hexToBytes } from '../../lib/base/index.ts'
import { connectChain, swarmChannelsAbi } from '../../lib/channels/index.ts'
import type { Network } from '../../lib/tron/index.ts'
import {
  callConstant,
  compactSignature,
  createNodeClient,
  loadTronCodec,
  toAbiAddress,
} from '../../lib/tron/index.ts'
import { creationCode, expectedCode, readArtifact } from '../deploy/contract-code.ts'
import type { Totals } from './books.ts'
import { type Cast, createCast } from './cast.ts'
import { btt, planChannel, voucherRow } from './channels.ts'
import { type Figures, giftOf } from './figures.ts'
import { type Headroom, measureHeadroom } from './headroom.ts'
import type { NodeAbout } from './inspect-node.ts'
import { leadLife } from './life.ts'
import { deployOnce, giftOnce } from './raw-steps.ts'
import { Run, type RunIo } from './run.ts'
import type { RunState, RunStore } from './run-state.ts'

export interface FullRun {
  readonly about: NodeAbout
  readonly accountKey: string
  readonly state: RunState
  readonly store: RunStore
  readonly figures: Figures
  readonly io: RunIo
  /** Resolves when the chain's time is there, or throws ConformanceStop 'waiting'. */
  waitUntil(chainTimeSec: number): Promise<void>
}

export interface FullRunReport {
  readonly network: Network
  readonly totals: Totals
  readonly headroom: Headroom
}

/** A run that has done nothing yet. */
export function createRunState(about: NodeAbout, accountKey: string): RunState {
  const runId = bytesToHex(randomBytes(16))
  return {
    version: 1,
    chainId: about.chainId,
    account: createCast(accountKey, runId).payer.address,
    runId,
    startedAtSec: about.headTimeSec,
    steps: {},
    checks: {},
  }
}

/** Begins, or goes on where an earlier run stopped. Throws ConformanceStop. */
export async function runFully(full: FullRun): Promise<FullRunReport> {
  const { about, accountKey, state, store, figures, io } = full
  const cast = createCast(accountKey, state.runId)
  const run = new Run(about.node, await loadTronCodec(), state, store, io)
  const { payer } = cast
  const tokenArtifact = readArtifact('BttToken')
  const token = await deployOnce(run, payer, {
    ...{ step: 'deployToken', contractName: 'BttToken', artifact: tokenArtifact },
    code: bytesToHex(hexToBytes(tokenArtifact.bytecode)),
    expected: () => hexToBytes(tokenArtifact.deployedBytecode),
  })
  const artifact = readArtifact('SwarmChannels')
  const contract = await deployOnce(run, payer, {
    ...{ step: 'deployChannels', contractName: 'SwarmChannels', artifact },
    code: creationCode(artifact, token),
    expected: (at) => expectedCode(artifact, { chainId: about.chainId, contract: at, token }),
  })
  const network: Network = {
    ...{ name: 'devnet', label: about.url, fullHost: about.url, chainId: about.chainId, contract, token },
    ...{ explorerUrl: null, isTestnet: true, faucetUrl: null },
  }
  const chain = await connectChain(network, about.node)
  await giftOnce(run, 'giftRelay', payer, cast.relay, giftOf('relay', figures, about.prices))
  await giftOnce(run, 'giftSession', payer, cast.session, giftOf('session', figures, about.prices))
  const totals = await leadLife({ run, chain, cast, waitUntil: full.waitUntil })
  return { network, totals, headroom: await readHeadroom(run, about, cast, network) }
}

/** Checks of signatures in a simulated `redeem` of one seat's vouchers, which a transaction of ours would do as well. */
function readHeadroom(run: Run, about: NodeAbout, cast: Cast, network: Network): Promise<Headroom> {
  const abi = run.codec.createInterface(swarmChannelsAbi)
  const room = { cast, domain: network, runId: run.state.runId }
  const plan = planChannel(room, 'headroom', [[0, 1]])
  const { payee, channelId, cumulative, signature } = voucherRow(
    ...([network, plan, cast.payees[0]!.address, btt(1), cast.session] as const),
  )
  const { r, vs } = compactSignature(signature)
  // Not the client that keeps its distance: that would be timed as well.
  const node = createNodeClient(about.url)
  const row = [channelId, toAbiAddress(payee), cumulative, r, vs]
  return measureHeadroom(async (signatures) => {
    const args = [Array.from({ length: signatures }, () => row), []]
    const call = { target: network.contract, functionName: 'redeem', args, from: cast.relay.address }
    try {
      await callConstant(node, call, abi)
      return 'enough'
    } catch (error) {
      const words = error instanceof ChainError ? `${error.code} ${error.message}` : ''
      if (/out.?of.?time|cpu timeout/i.test(words)) return 'out-of-time'
      throw error
    }
  }, about.distanceMs)
}
