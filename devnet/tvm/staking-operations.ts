/**
 * 0xd5–0xdf: staking by contracts. Stake 1.0 and votes are over or have nobody to name here; they cost what they cost and
 * answer 0. Source: java-tron, actuator/…/core/vm/OperationActions.java and program/Program.java.
 */

import { NEW_ACCOUNT_ENERGY } from './call-operations.ts'
import type { StakingOrder } from './chain-port.ts'
import type { Frame } from './frame.ts'
import type { Machine } from './machine.ts'
import { memoryEnd, memoryEnergy, type Operation } from './operation.ts'
import { executionFailed } from './tvm-error.ts'
import { larger, MAX_LONG, toAccountId, toInt, toSigned, toUnsigned } from './words.ts'

const STAKE_V1_ENERGY = 20_000
const EXPIRE_TIME_ENERGY = 50
const STAKE_V2_ENERGY = 10_000
const VOTE_ENERGY = 30_000
const REWARD_ENERGY = 20_000
const WORD = 32n
const RESOURCE_NAMES = ['Bandwidth', 'Energy', 'TronPower']

/** Notes an internal transaction; returns its place. */
function note(
  frame: Frame,
  { internals }: Machine,
  words: string,
  to: StakingOrder['owner'] | null = frame.self,
  value = 0n,
): number {
  internals.add({
    caller: frame.self,
    to,
    valueSun: BigInt.asIntN(64, value),
    token: null,
    note: words,
    data: new Uint8Array(0),
    parentHash: frame.fields.hash,
  })
  return internals.list.length - 1
}

/** The resource's word by its last 32 bits, as java-tron names it. */
function resourceName(word: bigint): string {
  return RESOURCE_NAMES[Number(BigInt.asIntN(32, word))] ?? 'UnknownType'
}

function readResource(word: bigint): StakingOrder['resource'] {
  return word === 0n ? 0 : word === 1n ? 1 : -1
}

function applyOrder({ fields, state, block }: Machine, order: StakingOrder): bigint | null {
  return fields.chain.applyStaking(state, order, block.timestampMs)
}

interface StakeWords {
  readonly name: string
  readonly opcode: number
  readonly kind: 'stake' | 'unstake' | 'delegate' | 'undelegate'
  /** What java-tron calls it, before the resource's name. */
  readonly note: string
}

/** Resource, amount and, for lending, receiver; answers whether it was done. */
const stakeOperation = ({ name, opcode, kind, note: words }: StakeWords): Operation => {
  const isLending = kind === 'delegate' || kind === 'undelegate'
  return {
    opcode,
    name,
    takes: isLending ? 3 : 2,
    leaves: 1,
    energy: STAKE_V2_ENERGY,
    run(frame, machine) {
      frame.requireMutable()
      const resource = frame.pop()
      const amount = frame.pop()
      const receiver = isLending ? toAccountId(frame.pop()) : frame.self
      const place = note(frame, machine, `${words}${resourceName(resource)}`, receiver, amount)
      const base = { owner: frame.self, resource: readResource(resource), amountSun: toSigned(amount) }
      const order: StakingOrder = isLending ? { ...base, kind, receiver } : { ...base, kind }
      const isLong = base.amountSun <= MAX_LONG && base.amountSun >= -MAX_LONG - 1n
      const paidSun = isLong ? applyOrder(machine, order) : null
      if (paidSun === null) machine.internals.reject(place)
      else if (paidSun > 0n)
        note(frame, machine, 'withdrawExpireUnfreezeWhileUnfreezing', frame.self, paidSun)
      frame.push(paidSun === null ? 0n : 1n)
    },
  }
}

const apply = (frame: Frame, machine: Machine, kind: 'withdraw' | 'cancel'): bigint =>
  applyOrder(machine, { owner: frame.self, kind, resource: 0, amountSun: 0n }) ?? 0n

export const stakingOperations: readonly Operation[] = [
  {
    opcode: 0xd5,
    name: 'FREEZE',
    takes: 3,
    leaves: 1,
    energy: (frame, { state }) =>
      STAKE_V1_ENERGY + (state.accountExists(toAccountId(frame.peek(2))) ? 0 : NEW_ACCOUNT_ENERGY),
    run(frame) {
      frame.requireMutable()
      frame.stack.length -= 3
      frame.push(0n)
    },
  },
  {
    opcode: 0xd6,
    name: 'UNFREEZE',
    takes: 2,
    leaves: 1,
    energy: STAKE_V1_ENERGY,
    run(frame, machine) {
      frame.requireMutable()
      const words = `unfreezeFor${resourceName(frame.pop())}`
      machine.internals.reject(note(frame, machine, words, toAccountId(frame.pop())))
      frame.push(0n)
    },
  },
  {
    opcode: 0xd7,
    name: 'FREEZEEXPIRETIME',
    takes: 2,
    leaves: 1,
    energy: EXPIRE_TIME_ENERGY,
    run(frame) {
      frame.stack.length -= 2
      frame.push(0n)
    },
  },
  {
    opcode: 0xd8,
    name: 'VOTEWITNESS',
    takes: 4,
    leaves: 1,
    energy(frame) {
      // An array is its length and its words; lengths wrap as words do.
      const ends = [0, 2].map((depth) => {
        const lengthBytes = toUnsigned(frame.peek(depth) * WORD + WORD)
        return memoryEnd(frame.peek(depth + 1), lengthBytes)
      })
      return VOTE_ENERGY + memoryEnergy(frame, larger(ends[0]!, ends[1]!), 'VOTEWITNESS')
    },
    run(frame, machine) {
      frame.requireMutable()
      const arrays = [0, 1].map(() => ({ length: toInt(frame.pop()), offset: toInt(frame.pop()) }))
      const place = note(frame, machine, 'voteWitness', null)
      for (const { length, offset } of arrays)
        if (toInt(frame.memory.readWord(offset)) !== length)
          throw executionFailed('TVM VoteWitness: memory array length do not match length parameter!')
      machine.internals.reject(place)
      frame.push(0n)
    },
  },
  {
    opcode: 0xd9,
    name: 'WITHDRAWREWARD',
    takes: 0,
    leaves: 1,
    energy: REWARD_ENERGY,
    run(frame, machine) {
      frame.requireMutable()
      note(frame, machine, 'withdrawReward')
      frame.push(0n)
    },
  },
  stakeOperation({ opcode: 0xda, name: 'FREEZEBALANCEV2', kind: 'stake', note: 'freezeBalanceV2For' }),
  stakeOperation({ opcode: 0xdb, name: 'UNFREEZEBALANCEV2', kind: 'unstake', note: 'unfreezeBalanceV2For' }),
  {
    opcode: 0xdc,
    name: 'CANCELALLUNFREEZEV2',
    takes: 0,
    leaves: 1,
    energy: STAKE_V2_ENERGY,
    run(frame, machine) {
      frame.requireMutable()
      note(frame, machine, 'cancelAllUnfreezeV2')
      const paidSun = apply(frame, machine, 'cancel')
      if (paidSun > 0n) note(frame, machine, 'withdrawExpireUnfreezeWhileCanceling', frame.self, paidSun)
      frame.push(1n)
    },
  },
  {
    opcode: 0xdd,
    name: 'WITHDRAWEXPIREUNFREEZE',
    takes: 0,
    leaves: 1,
    energy: STAKE_V2_ENERGY,
    run(frame, machine) {
      frame.requireMutable()
      note(frame, machine, 'withdrawExpireUnfreeze')
      const paidSun = apply(frame, machine, 'withdraw')
      machine.internals.setLastValue(paidSun)
      frame.push(paidSun)
    },
  },
  stakeOperation({ opcode: 0xde, name: 'DELEGATERESOURCE', kind: 'delegate', note: 'delegateResourceOf' }),
  stakeOperation({
    opcode: 0xdf,
    name: 'UNDELEGATERESOURCE',
    kind: 'undelegate',
    note: 'unDelegateResourceOf',
  }),
]
