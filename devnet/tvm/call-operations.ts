/**
 * Calls of contracts and precompiles. All that is left may be given on: TRON keeps no sixty-fourth back.
 * Source: java-tron, actuator/…/core/vm/program/Program.java (callToAddress, callToPrecompiledAddress).
 */
import type { AccountId } from '../codec/account-id.ts'
import { INVALID_TOKEN_ID, MIN_TOKEN_ID } from './environment-operations.ts'
import { Frame, MAX_DEPTH } from './frame.ts'
import type { Machine } from './machine.ts'
import { memoryEnd, memoryEnergy, type Operation } from './operation.ts'
import { findPrecompile, type Precompile } from './precompiles.ts'
import { NO_TOKEN, type TokenTransfer } from './token-transfer.ts'
import { createAccountIfNone, findTokenTransferProblem, findTransferProblem, moveTrx } from './transfers.ts'
import { executionFailed, outOfEnergy, outOfLongRange, transferFailed } from './tvm-error.ts'
import { larger, MAX_LONG, toAccountId, toInt, toSigned } from './words.ts'

const CALL_ENERGY = 40
const VALUE_ENERGY = 9_000
export const NEW_ACCOUNT_ENERGY = 25_000
const STIPEND = 2_300

interface CallKind {
  readonly opcode: number
  readonly name: string
  /** Words before those of memory: energy, address, and what else. */
  readonly lead: 2 | 3 | 4
  /** The code works on the caller's own storage. */
  readonly isDelegated: boolean
  readonly isStatic?: boolean
  /** The token of CALLTOKEN. */
  readonly hasToken?: boolean
}

const KINDS: readonly CallKind[] = [
  { opcode: 0xf1, name: 'CALL', lead: 3, isDelegated: false },
  { opcode: 0xf2, name: 'CALLCODE', lead: 3, isDelegated: true },
  { opcode: 0xf4, name: 'DELEGATECALL', lead: 2, isDelegated: true },
  { opcode: 0xfa, name: 'STATICCALL', lead: 2, isDelegated: false, isStatic: true },
  { opcode: 0xd0, name: 'CALLTOKEN', lead: 4, isDelegated: false, hasToken: true },
]

export const CALL_OPCODES: ReadonlySet<number> = new Set(KINDS.map(({ opcode }) => opcode))

export const callOperations: readonly Operation[] = KINDS.map((kind) => ({
  opcode: kind.opcode,
  name: kind.name,
  takes: kind.lead + 4,
  leaves: 1,
  energy: (frame, machine) => callEnergy(frame, machine, kind),
  run: (frame, machine) => call(frame, machine, kind),
}))

/** The price, and what of the rest is given on: at most what is left. */
function callEnergy(frame: Frame, machine: Machine, { name, lead, isDelegated }: CallKind): number {
  let energy = CALL_ENERGY
  if (lead > 2 && frame.peek(2) !== 0n) {
    energy += VALUE_ENERGY
    if (!isDelegated && !machine.state.accountExists(toAccountId(frame.peek(1)))) energy += NEW_ACCOUNT_ENERGY
  }
  const inputEnd = memoryEnd(frame.peek(lead), frame.peek(lead + 1))
  const outputEnd = memoryEnd(frame.peek(lead + 2), frame.peek(lead + 3))
  energy += memoryEnergy(frame, larger(inputEnd, outputEnd), name)
  energy = machine.addCallPenalty(frame, energy)
  const left = frame.energyLeft - energy
  if (left < 0)
    throw outOfEnergy(
      `Not enough energy for '${name}' operation executing: opEnergy[${energy}], programEnergy[${frame.energyLeft}]`,
    )
  const wanted = frame.peek(0)
  frame.callEnergy = wanted > BigInt(left) ? left : Number(wanted)
  return energy + frame.callEnergy
}

/** A call as its words say it. */
interface CallMessage {
  readonly kind: CallKind
  readonly codeAddress: AccountId
  /** Not checked yet: up to 256 bits. */
  readonly value: bigint
  readonly tokenId: bigint
  readonly energy: number
  readonly input: Uint8Array
  readonly outputOffset: number
  readonly outputLengthBytes: number
}

function call(frame: Frame, machine: Machine, kind: CallKind): void {
  frame.pop()
  const codeWord = frame.pop()
  const value = kind.lead > 2 ? frame.pop() : 0n
  if (value !== 0n && !kind.isDelegated) frame.requireMutable()
  const tokenId = kind.hasToken ? frame.pop() : 0n
  const energy = frame.callEnergy + (value === 0n ? 0 : STIPEND)
  const [inputOffset, inputLengthBytes] = [toInt(frame.pop()), toInt(frame.pop())]
  const [outputOffset, outputLengthBytes] = [toInt(frame.pop()), toInt(frame.pop())]
  frame.memory.extend(outputOffset, outputLengthBytes)
  frame.returnData = new Uint8Array(0)
  if (frame.fields.depth === MAX_DEPTH) {
    refuse(frame, energy)
    return
  }
  const message: CallMessage = {
    kind,
    codeAddress: toAccountId(codeWord),
    value,
    tokenId,
    energy,
    input: frame.memory.read(inputOffset, inputLengthBytes),
    outputOffset,
    outputLengthBytes,
  }
  const precompile = findPrecompile(codeWord)
  if (precompile) callPrecompile(frame, machine, message, precompile)
  else callContract(frame, machine, message)
}

/** The call is not made: 0, and its energy comes back. */
function refuse(frame: Frame, energy: number): void {
  frame.push(0n)
  frame.energyUsed -= energy
}

/** The failure of a transfer: what was given on comes back first. */
function failTransfer(frame: Frame, { energy }: CallMessage, words: string): never {
  frame.energyUsed -= energy
  throw transferFailed(words)
}

function checkToken(frame: Frame, message: CallMessage): void {
  const tokenId = toSigned(message.tokenId)
  const isLong = tokenId <= MAX_LONG && tokenId >= -MAX_LONG - 1n
  const isToken = tokenId > MIN_TOKEN_ID
  const isNone = tokenId === 0n && !message.kind.hasToken
  if (!isLong || (!isToken && !isNone)) failTransfer(frame, message, INVALID_TOKEN_ID)
}

function canAfford(frame: Frame, { state }: Machine, { kind, tokenId, value }: CallMessage): boolean {
  const balance = kind.hasToken
    ? state.getTokenBalance(frame.self, tokenId.toString())
    : state.getBalance(frame.self)
  return balance >= value
}

function callContract(frame: Frame, machine: Machine, message: CallMessage): void {
  const { state, internals } = machine
  const { kind, codeAddress, value, energy } = message
  if (value > MAX_LONG) failTransfer(frame, message, 'endowment out of long range')
  checkToken(frame, message)
  if (!canAfford(frame, machine, message)) {
    refuse(frame, energy)
    return
  }
  const self = kind.isDelegated ? frame.self : codeAddress
  const transfer = { from: frame.self, to: self }
  const token: TokenTransfer = kind.hasToken ? { tokenId: message.tokenId, amount: value } : NO_TOKEN
  const trx = kind.hasToken ? 0n : value
  const code = state.getCode(codeAddress)
  state.checkpoint()
  try {
    if (!kind.isDelegated && value > 0n) {
      createAccountIfNone(state, self, machine.block.timestampMs)
      if (kind.hasToken) {
        const problem = findTokenTransferProblem(state, transfer, token)
        if (problem) failTransfer(frame, message, `transfer trc10 failed: ${problem}`)
        state.moveToken(transfer.from, transfer.to, token.tokenId.toString(), token.amount)
      } else {
        const problem = findTransferProblem(state, transfer, value)
        if (problem) failTransfer(frame, message, `transfer trx failed: ${problem}`)
        moveTrx(state, transfer, value)
      }
    }
  } catch (error) {
    state.revert()
    throw error
  }
  const firstInternal = internals.list.length
  const firstLog = machine.logs.length
  const firstDestroyed = machine.destroyed.length
  const hash = internals.add({
    caller: frame.self,
    to: self,
    valueSun: trx,
    token: kind.hasToken ? token : null,
    note: 'call',
    data: message.input,
    parentHash: frame.fields.hash,
  })
  if (code.length === 0) {
    state.commit()
    frame.push(1n)
    frame.energyUsed -= energy
    return
  }
  const isDelegateCall = kind.name === 'DELEGATECALL'
  const inner = new Frame({
    code,
    self,
    caller: isDelegateCall ? frame.fields.caller : frame.self,
    valueSun: isDelegateCall ? frame.fields.valueSun : trx,
    token,
    data: message.input,
    energyLimit: energy,
    depth: frame.fields.depth + 1,
    isStatic: kind.isStatic === true || frame.fields.isStatic,
    hash,
  })
  machine.run(inner)
  frame.energyPenalty += inner.energyPenalty
  if (inner.failure || inner.isReverted) {
    state.revert()
    internals.reject(firstInternal)
    machine.logs.length = firstLog
    machine.destroyed.length = firstDestroyed
    frame.push(0n)
    // What a failed call was given is gone.
    if (inner.failure) return
  } else {
    state.commit()
    frame.push(1n)
  }
  frame.memory.write(message.outputOffset, inner.output.subarray(0, message.outputLengthBytes))
  frame.returnData = inner.output
  frame.energyUsed -= Math.max(0, energy - inner.energyUsed)
}

function callPrecompile(frame: Frame, machine: Machine, message: CallMessage, precompile: Precompile): void {
  const { state } = machine
  const { kind, value, energy, input } = message
  if (value > MAX_LONG) throw outOfLongRange()
  checkToken(frame, message)
  if (!canAfford(frame, machine, message)) {
    refuse(frame, energy)
    return
  }
  state.checkpoint()
  try {
    if (!kind.isDelegated && value > 0n) payPrecompile(frame, machine, message)
    const cost = precompile.energyOf(input)
    const isPaid = cost <= BigInt(energy)
    const output = isPaid ? precompile.run(input, { frame, machine }) : null
    frame.push(output ? 1n : 0n)
    if (!isPaid || !output) {
      // What it was given is gone.
      state.revert()
      return
    }
    state.commit()
    frame.energyUsed -= energy - Number(cost)
    frame.returnData = output
    // All of it, whatever room the caller meant it to have; what this adds to memory costs nothing.
    frame.memory.write(message.outputOffset, output)
  } catch (error) {
    state.revert()
    throw error
  }
}

function payPrecompile(frame: Frame, { state }: Machine, message: CallMessage): void {
  const { kind, codeAddress, value } = message
  const transfer = { from: frame.self, to: codeAddress }
  if (kind.hasToken) {
    const token = { tokenId: message.tokenId, amount: value }
    const problem = findTokenTransferProblem(state, transfer, token)
    if (problem) throw executionFailed(`validateForSmartContract failure:${problem}`)
    state.moveToken(transfer.from, transfer.to, token.tokenId.toString(), token.amount)
    return
  }
  if (findTransferProblem(state, transfer, value)) throw executionFailed('transfer failure')
  moveTrx(state, transfer, value)
}
