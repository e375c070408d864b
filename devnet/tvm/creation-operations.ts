/**
 * CREATE, CREATE2 and SUICIDE.
 * Source: java-tron, actuator/…/core/vm/program/Program.java (createContractImpl, suicide).
 */
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { bytesToHex } from '../../lib/base/index.ts'
import { type AccountId, accountIdToBytes } from '../codec/account-id.ts'
import { NEW_ACCOUNT_ENERGY } from './call-operations.ts'
import { Frame, MAX_DEPTH } from './frame.ts'
import type { Machine } from './machine.ts'
import { memoryEnd, memoryEnergy, type Operation } from './operation.ts'
import { newAccountMeta } from './state.ts'
import { NO_TOKEN } from './token-transfer.ts'
import { createAccountIfNone, moveTrx } from './transfers.ts'
import { executionFailed, invalidCode, outOfEnergy, outOfLongRange } from './tvm-error.ts'
import { MAX_LONG, prefixedAddressWord, toAccountId, toInt, wordToBytes } from './words.ts'

const CREATE_ENERGY = 32_000
const HASH_WORD_ENERGY = 6
/** For each byte of a contract's code. */
const CODE_BYTE_ENERGY = 200
/** No contract's code begins with it. */
const FORBIDDEN_FIRST_BYTE = 0xef

function creationEnergy(frame: Frame, name: string): number {
  return CREATE_ENERGY + memoryEnergy(frame, memoryEnd(frame.peek(1), frame.peek(2)), name)
}

export const creationOperations: readonly Operation[] = [
  {
    opcode: 0xf0,
    name: 'CREATE',
    takes: 3,
    leaves: 1,
    energy: (frame) => creationEnergy(frame, 'CREATE'),
    run(frame, machine) {
      frame.requireMutable()
      frame.returnData = new Uint8Array(0)
      const [valueSun, code] = popCreation(frame)
      if (frame.fields.depth === MAX_DEPTH) frame.push(0n)
      else create(frame, machine, valueSun, code, machine.internals.nextCreatedAddress())
    },
  },
  {
    opcode: 0xf5,
    name: 'CREATE2',
    takes: 4,
    leaves: 1,
    energy: (frame) =>
      creationEnergy(frame, 'CREATE2') + HASH_WORD_ENERGY * Math.ceil(toInt(frame.peek(2)) / 32),
    run(frame, machine) {
      frame.requireMutable()
      const [valueSun, code] = popCreation(frame)
      const salt = wordToBytes(frame.pop())
      const preimage = concatBytes(accountIdToBytes(frame.self), salt, keccak_256(code))
      create(frame, machine, valueSun, code, bytesToHex(keccak_256(preimage).slice(12)))
    },
  },
  {
    opcode: 0xff,
    name: 'SUICIDE',
    takes: 1,
    leaves: 0,
    energy: (frame, { state }) => (state.accountExists(toAccountId(frame.peek(0))) ? 0 : NEW_ACCOUNT_ENERGY),
    run(frame, machine) {
      frame.requireMutable()
      frame.isStopped = true
      if (canDestroy(frame, machine)) destroy(frame, machine, toAccountId(frame.pop()))
      else frame.isReverted = true
    },
  },
]

function popCreation(frame: Frame): [bigint, Uint8Array] {
  const valueSun = frame.pop()
  const offset = toInt(frame.pop())
  return [valueSun, frame.memory.read(offset, toInt(frame.pop()))]
}

function create(
  frame: Frame,
  machine: Machine,
  valueSun: bigint,
  code: Uint8Array,
  address: AccountId,
): void {
  const { state, internals } = machine
  if (valueSun > MAX_LONG) throw outOfLongRange()
  if (state.getBalance(frame.self) < valueSun) {
    frame.push(0n)
    return
  }
  const isTaken = state.isContract(address)
  const energy = frame.energyLeft
  frame.spend(energy, 'internal call')
  const firstInternal = internals.list.length
  const firstLog = machine.logs.length
  const firstDestroyed = machine.destroyed.length
  state.checkpoint()
  if (!isTaken) {
    if (!state.accountExists(address)) {
      state.setBalance(address, 0n)
      state.putMeta(address, newAccountMeta(machine.block.timestampMs))
    }
    state.setCode(address, new Uint8Array(0))
  }
  moveTrx(state, { from: frame.self, to: address }, valueSun)
  const hash = internals.add({
    caller: frame.self,
    to: address,
    valueSun,
    token: null,
    note: 'create',
    data: code,
    parentHash: frame.fields.hash,
  })
  const inner = new Frame({
    code,
    self: address,
    caller: frame.self,
    valueSun,
    token: NO_TOKEN,
    data: new Uint8Array(0),
    energyLimit: energy,
    depth: frame.fields.depth + 1,
    isStatic: false,
    hash,
  })
  if (isTaken)
    inner.failure = executionFailed(
      `Trying to create a contract with existing contract address: 0x41${address.slice(2)}`,
    )
  else if (code.length > 0) machine.run(inner)
  // Said of what a creation reverts with, too; the root's is not looked at.
  if (inner.output[0] === FORBIDDEN_FIRST_BYTE) inner.failure ??= invalidCode()
  saveCode(inner, machine, address, 'No energy to save just created contract code')
  frame.energyPenalty += inner.energyPenalty
  if (inner.failure || inner.isReverted) {
    state.revert()
    internals.reject(firstInternal)
    machine.logs.length = firstLog
    machine.destroyed.length = firstDestroyed
    frame.push(0n)
    // What a failed creation was given, all that was left, is gone.
    if (inner.failure) return
    frame.returnData = inner.output
  } else {
    state.commit()
    frame.push(prefixedAddressWord(address))
  }
  frame.energyUsed -= Math.max(0, energy - inner.energyUsed)
}

/** The code that a creation returned becomes the contract's, at a price; `words` begin the failure when it cannot be paid. */
export function saveCode(frame: Frame, { state }: Machine, address: AccountId, words: string): void {
  const code = frame.output
  if (frame.isReverted) return
  if (code[0] === FORBIDDEN_FIRST_BYTE) frame.failure ??= invalidCode()
  const energy = code.length * CODE_BYTE_ENERGY
  if (energy > frame.energyLeft) {
    frame.failure ??= outOfEnergy(
      `Not enough energy for '${words}' executing: needEnergy[${energy}], leftEnergy[${frame.energyLeft}];`,
    )
    return
  }
  frame.energyUsed += energy
  if (!frame.failure) state.setCode(address, code)
}

/** A contract that lends stakes or waits for unstaked TRX cannot go. */
function canDestroy(frame: Frame, { state, block }: Machine): boolean {
  const meta = state.getMeta(frame.self)
  if (!meta) return true
  const isWaiting = meta.unstaking.some(({ expiresAtMs }) => expiresAtMs > block.timestampMs)
  return meta.delegations.length === 0 && !isWaiting
}

/** The contract leaves what it has to its heir, or to nobody when it names itself, and goes at the transaction's end. */
function destroy(frame: Frame, machine: Machine, heir: AccountId): void {
  const { state, internals, block } = machine
  const owner = frame.self
  const balance = state.getBalance(owner)
  internals.add({
    caller: owner,
    to: heir,
    valueSun: balance,
    token: null,
    note: 'suicide',
    data: new Uint8Array(0),
    parentHash: frame.fields.hash,
  })
  if (heir === owner) {
    state.setBalance(owner, 0n)
    for (const [tokenId] of state.listTokenBalances(owner)) state.setTokenBalance(owner, tokenId, 0n)
  } else {
    createAccountIfNone(state, heir, block.timestampMs)
    moveTrx(state, { from: owner, to: heir }, balance)
    for (const [tokenId, amount] of state.listTokenBalances(owner))
      state.moveToken(owner, heir, tokenId, amount)
    leaveStake(frame, machine, heir)
  }
  machine.destroyed.push(owner)
}

/** What a contract staked goes on in its heir's name; what was unstaked long enough ago is paid to it. */
function leaveStake(frame: Frame, { state, internals }: Machine, heir: AccountId): void {
  const owner = frame.self
  const meta = state.getMeta(owner)
  if (!meta) return
  const theirs = state.getMeta(heir) ?? newAccountMeta(0)
  const { BANDWIDTH, ENERGY } = meta.staked
  if (BANDWIDTH + ENERGY > 0n)
    state.putMeta(heir, {
      ...theirs,
      staked: { BANDWIDTH: theirs.staked.BANDWIDTH + BANDWIDTH, ENERGY: theirs.staked.ENERGY + ENERGY },
    })
  const unstakedSun = meta.unstaking.reduce((sum, { amountSun }) => sum + amountSun, 0n)
  if (unstakedSun > 0n) {
    state.setBalance(heir, state.getBalance(heir) + unstakedSun)
    internals.add({
      caller: owner,
      to: heir,
      valueSun: unstakedSun,
      token: null,
      note: 'withdrawExpireUnfreezeWhileSuiciding',
      data: new Uint8Array(0),
      parentHash: frame.fields.hash,
    })
  }
  state.putMeta(owner, { ...meta, staked: { BANDWIDTH: 0n, ENERGY: 0n }, unstaking: [] })
}
