/** 0x1000005–0x1000015: votes (there are none here), stakes, and what they give. Data of another length is answered with zeros. */
import type { AccountId } from '../codec/account-id.ts'
import type { Machine } from './machine.ts'
import type { Precompile } from './precompile.ts'
import type { AccountMeta, StakedSun } from './state.ts'
import { bytesToWord, MAX_LONG, smaller, toAccountId, WORD_BYTES, wordToBytes } from './words.ts'

const SUN_PER_TRX = 1_000_000n
const MAX_UNSTAKINGS = 32
const FIRST = 0x1000005n

interface Query {
  readonly meta: AccountMeta
  readonly id: AccountId
  /** The words after the account's. */
  readonly rest: readonly bigint[]
  readonly machine: Machine
}

/** A price, how many words of data, and what is answered of an account that exists. */
interface Question {
  readonly energy: bigint
  readonly words: number
  readonly answers?: number
  /** Asked for nobody too, or of no account at all. */
  readonly answer: (query: Query) => bigint | readonly bigint[]
}

const zero = () => 0n
const RESOURCES = ['BANDWIDTH', 'ENERGY'] as const

const QUESTIONS: readonly Question[] = [
  { energy: 500n, words: 0, answer: zero }, // 05 reward
  { energy: 20n, words: 1, answer: zero }, // 06 is a candidate
  { energy: 500n, words: 2, answer: zero }, // 07 votes for one
  { energy: 20n, words: 1, answer: zero }, // 08 votes used
  { energy: 20n, words: 1, answer: zero }, // 09 votes received
  { energy: 20n, words: 1, answer: ({ meta }) => totalStaked(meta) / SUN_PER_TRX }, // 0a votes in all
  { energy: 50n, words: 1, answer: zero }, // 0b chain parameter, see below
  { energy: 50n, words: 1, answer: countUnstakings }, // 0c
  { energy: 50n, words: 2, answer: ({ meta, rest }) => ofResource(meta.staked, rest[0]!) }, // 0d can be unstaked
  { energy: 50n, words: 2, answer: sumExpired }, // 0e
  { energy: 50n, words: 2, answer: sumDelegatable }, // 0f
  { energy: 50n, words: 3, answer: sumLentTo }, // 10
  { energy: 50n, words: 3, answers: 3, answer: splitUndelegation }, // 11
  { energy: 50n, words: 2, answers: 2, answer: readUse }, // 12
  { energy: 50n, words: 2, answer: ({ meta, rest }) => ofResource(sumResources(meta), rest[0]!) }, // 13
  { energy: 50n, words: 2, answer: ({ meta, rest }) => sumLent(meta, rest[0]!) }, // 14
  { energy: 50n, words: 2, answer: ({ meta, rest }) => ofResource(meta.acquired, rest[0]!) }, // 15
]

export const accountPrecompiles: readonly [bigint, Precompile][] = QUESTIONS.map((question, index) => [
  FIRST + BigInt(index),
  index === 6 ? chainParameter(question.energy) : answerer(question),
])

function answerer({ energy, words, answers = 1, answer }: Question): Precompile {
  return {
    energyOf: () => energy,
    run(data, { machine }) {
      const nothing = new Uint8Array(WORD_BYTES * answers)
      if (words > 0 && data.length !== words * WORD_BYTES) return nothing
      const [first = 0n, ...rest] = Array.from({ length: words }, (_, index) =>
        bytesToWord(data.subarray(index * WORD_BYTES, (index + 1) * WORD_BYTES)),
      )
      const id = toAccountId(first)
      const meta = machine.state.getMeta(id)
      if (!meta) return nothing
      const answered = answer({ meta, id, rest, machine })
      const list = typeof answered === 'bigint' ? [answered] : answered
      list.forEach((word, index) => {
        nothing.set(wordToBytes(word), index * WORD_BYTES)
      })
      return nothing
    },
  }
}

function chainParameter(energy: bigint): Precompile {
  return {
    energyOf: () => energy,
    run(data, { machine }) {
      if (data.length !== WORD_BYTES) return new Uint8Array(WORD_BYTES)
      const number = bytesToWord(data)
      return wordToBytes((number <= 100n ? machine.fields.chain.parameters[Number(number) - 1] : 0n) ?? 0n)
    },
  }
}

function resourceOf(word: bigint): 0 | 1 | null {
  return word === 0n ? 0 : word === 1n ? 1 : null
}

function ofResource(sun: StakedSun, word: bigint): bigint {
  const resource = resourceOf(word)
  return resource === null ? 0n : sun[RESOURCES[resource]]
}

function sumLent(meta: AccountMeta, word: bigint, receiver?: AccountId): bigint {
  const resource = resourceOf(word)
  if (resource === null) return 0n
  return meta.delegations
    .filter((each) => each.resource === RESOURCES[resource] && (!receiver || each.receiver === receiver))
    .reduce((sum, { amountSun }) => sum + amountSun, 0n)
}

function totalStaked(meta: AccountMeta): bigint {
  const { BANDWIDTH, ENERGY } = meta.staked
  return BANDWIDTH + ENERGY + sumLent(meta, 0n) + sumLent(meta, 1n)
}

/** What an account's resources rest on: its own stake and what is lent to it. */
function sumResources({ staked, acquired }: AccountMeta): StakedSun {
  return {
    BANDWIDTH: staked.BANDWIDTH + acquired.BANDWIDTH,
    ENERGY: staked.ENERGY + acquired.ENERGY,
  }
}

function countUnstakings({ meta, machine }: Query): bigint {
  const pending = meta.unstaking.filter(({ expiresAtMs }) => expiresAtMs > machine.block.timestampMs)
  return BigInt(Math.max(0, MAX_UNSTAKINGS - pending.length))
}

function sumExpired({ meta, rest }: Query): bigint {
  const untilMs = rest[0]! >= MAX_LONG / 1_000n ? MAX_LONG : rest[0]! * 1_000n
  return meta.unstaking
    .filter(({ expiresAtMs }) => BigInt(expiresAtMs) <= untilMs)
    .reduce((sum, { amountSun }) => sum + amountSun, 0n)
}

function usageOf({ id, machine }: Query, resource: 0 | 1) {
  return machine.fields.chain.getResourceUse(machine.state, id, resource, machine.block.timestampMs)
}

function sumDelegatable(query: Query): bigint {
  const resource = resourceOf(query.rest[0]!)
  if (resource === null) return 0n
  const { staked, acquired } = query.meta
  const used = usageOf(query, resource).usedSun - acquired[RESOURCES[resource]]
  const free = staked[RESOURCES[resource]] - (used > 0n ? used : 0n)
  return free > 0n ? free : 0n
}

/** Target, from, resource: what `from` lends to the target, or its own stake when they are one. */
function sumLentTo({ id, rest, machine }: Query): bigint {
  const from = toAccountId(rest[0]!)
  const meta = machine.state.getMeta(from)
  if (!meta) return 0n
  return from === id ? ofResource(meta.staked, rest[1]!) : sumLent(meta, rest[1]!, id)
}

/** Target, amount, resource: how much of it would be unused and how much in use, and when that is restored. Rounds down. */
function splitUndelegation(query: Query): readonly bigint[] {
  const resource = resourceOf(query.rest[1]!)
  const wanted = query.rest[0]!
  if (resource === null || wanted <= 0n) return [0n, 0n, 0n]
  const limit = sumResources(query.meta)[RESOURCES[resource]]
  const amount = smaller(wanted, limit)
  const { usedSun, restoredInSec } = usageOf(query, resource)
  if (limit <= usedSun) return [0n, amount, restoredInSec]
  const clean = BigInt(Math.trunc(Number(amount) * (Number(limit - usedSun) / Number(limit))))
  return [clean, amount - clean, restoredInSec]
}

function readUse(query: Query): readonly bigint[] {
  const resource = resourceOf(query.rest[0]!)
  if (resource === null) return [0n, 0n]
  const { usedSun, restoredInSec } = usageOf(query, resource)
  return [usedSun, restoredInSec]
}
