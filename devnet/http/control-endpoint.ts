/** `/devnet/…`: what only a test may do to a chain. Served when the devnet was started with `controls`. */
import type { Blockchain } from '../chain/blockchain.ts'
import type { DroppedTransactions } from '../chain/reorganisation.ts'
import { BadRequest } from '../devnet-error.ts'
import { completeRules, type DynamicEnergyRules } from '../tvm/dynamic-energy.ts'
import type { Fault, FaultEffect, FaultPlan } from './fault-plan.ts'
import { type ApiRequest, readInteger } from './request.ts'
import type { Endpoint } from './router.ts'

type Params = ApiRequest['params']
type Control = (chain: Blockchain, faults: FaultPlan, params: Params) => Promise<Record<string, unknown>>

/** Ten years: time never goes back. */
const MAX_ADVANCE_SEC = 315_360_000

const READS: Readonly<Record<string, Control>> = {
  status: async () => ({}),
  faults: async (_chain, faults) => ({ faults: faults.list() }),
}

const WRITES: Readonly<Record<string, Control>> = {
  async mine(chain) {
    await chain.mine()
    return {}
  },
  async advance(chain, _faults, params) {
    const seconds = readInteger(params, 'seconds')
    if (seconds > MAX_ADVANCE_SEC) throw new BadRequest(`seconds is at most ${MAX_ADVANCE_SEC}`, 400)
    await chain.advance(seconds)
    return {}
  },
  async time(chain, _faults, params) {
    const timestampMs = readInteger(params, 'timestampMs')
    if (timestampMs > chain.nowMs() + MAX_ADVANCE_SEC * 1000)
      throw new BadRequest('timestampMs is at most ten years ahead', 400)
    await chain.setTime(timestampMs)
    return {}
  },
  async reorganise(chain, _faults, params) {
    const { dropped, requeued, forgotten } = await chain.reorganise({
      dropBlocks: readInteger(params, 'dropBlocks', 1),
      transactions: readChoice<DroppedTransactions>(params, 'transactions', ['forget', 'requeue']),
    })
    return { dropped: dropped.map(({ id }) => id), requeued, forgotten }
  },
  async snapshot(chain) {
    return { snapshotId: await chain.takeSnapshot() }
  },
  async restore(chain, _faults, params) {
    await chain.restoreSnapshot(readText(params, 'snapshotId'))
    return {}
  },
  async 'dynamic-energy'(chain, _faults, params) {
    await chain.setDynamicEnergy(params.off === true ? null : completeRules(readRules(params)))
    return {}
  },
  async fault(_chain, faults, params) {
    return { faultId: faults.add(readFault(params)) }
  },
  async down(_chain, faults) {
    return { faultId: faults.add({ effect: { kind: 'reset' } }) }
  },
  async clear(_chain, faults, params) {
    faults.clear(params.faultId === undefined ? undefined : readText(params, 'faultId'))
    return {}
  },
}

/** The controls; docs/DEVNET.md lists them. Each answers with the chain's status beside its own fields. */
export function createControlEndpoint(chain: Blockchain, faults: FaultPlan): Endpoint {
  return async (request) => {
    const [room, name = '', ...rest] = request.path.split('/')
    if (room !== 'devnet' || rest.length > 0) return null
    const controls = request.method === 'GET' ? READS : WRITES
    if (!Object.hasOwn(controls, name)) return null
    const answer = await controls[name]!(chain, faults, request.params)
    return { kind: 'json', body: { ...describeChain(chain), ...answer } }
  }
}

function describeChain(chain: Blockchain): Record<string, unknown> {
  return {
    chainId: chain.chainId,
    blockNumber: chain.head.number,
    blockId: chain.head.id,
    blockTimestampMs: chain.head.timestampMs,
    solidNumber: chain.solidNumber,
    nowMs: chain.nowMs(),
    dynamicEnergy: chain.dynamicEnergy,
  }
}

function readRules(params: Params): Partial<DynamicEnergyRules> {
  const names = ['thresholdEnergy', 'increaseFactor', 'maxFactor', 'maintenanceMs'] as const
  return Object.fromEntries(
    names.filter((name) => params[name] !== undefined).map((name) => [name, readInteger(params, name)]),
  )
}

function readFault(params: Params): Fault {
  return {
    effect: readEffect(params),
    moment: readChoice<'before' | 'after'>(params, 'moment', ['before', 'after']),
    ...(params.path === undefined ? {} : { path: readText(params, 'path') }),
    ...(params.times === undefined ? {} : { times: readInteger(params, 'times') }),
  }
}

function readEffect(params: Params): FaultEffect {
  const kind = readChoice<FaultEffect['kind']>(params, 'kind', ['delay', 'status', 'refusal', 'reset'])
  switch (kind) {
    case 'delay':
      return { kind, delayMs: readInteger(params, 'delayMs') }
    case 'status': {
      const httpStatus = readInteger(params, 'httpStatus', 503)
      return { kind, httpStatus, ...(params.body === undefined ? {} : { body: params.body }) }
    }
    case 'refusal':
      return { kind, code: readText(params, 'code'), message: readText(params, 'message') }
    case 'reset':
      return { kind }
  }
}

/** One of some words; the first when absent. Throws BadRequest. */
function readChoice<T extends string>(params: Params, name: string, choices: readonly [T, ...T[]]): T {
  const value = params[name] ?? choices[0]
  const choice = choices.find((word) => word === value)
  if (choice === undefined) throw new BadRequest(`${name} is one of ${choices.join(', ')}`, 400)
  return choice
}

function readText(params: Params, name: string): string {
  const value = params[name]
  if (typeof value !== 'string' || value.length > 1_000) throw new BadRequest(`${name} is to be text`, 400)
  return value
}
