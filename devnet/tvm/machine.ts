/**
 * The machine within one transaction: it runs calls, and holds what they share. Energy is paid before an operation acts; a
 * failure spends what is left, but for a failed transfer. Nothing here waits: a transaction runs in one go.
 * Source: java-tron, actuator/…/core/vm/VM.java.
 */
import type { Hex } from '../../lib/base/index.ts'
import type { AccountId } from '../codec/account-id.ts'
import type { ChainPort } from './chain-port.ts'
import { catchUp, cycleAt, type DynamicEnergyRules, penaltyOf } from './dynamic-energy.ts'
import type { Frame } from './frame.ts'
import type { InternalTransactions } from './internal-transactions.ts'
import { CALL_OPCODES, OPERATIONS } from './operations.ts'
import type { TvmState } from './state.ts'
import {
  invalidOpcode,
  outOfTime,
  stackOverflow,
  stackTooLarge,
  stackTooSmall,
  TvmError,
} from './tvm-error.ts'

const MAX_STACK = 1_024
/**
 * Stand for the 80 ms of CPU that a real node gives a transaction, so that it is the same on every machine: about 80 ns for an
 * operation, and 1.3 ms for a recovered signature, of which a busy node manages 60.
 */
const MAX_STEPS = 1_000_000
const MAX_SIGNATURES = 60

export interface EventLog {
  readonly address: AccountId
  readonly topics: readonly Hex[]
  readonly data: Uint8Array
}

/** What code can learn of the block that it runs in, and of those before. */
export interface BlockEnvironment {
  readonly number: number
  readonly timestampMs: number
  readonly witness: AccountId
  /** The id of an earlier block, 32 bytes; null where there is none. */
  getBlockId(number: number): Uint8Array | null
}

export interface MachineFields {
  readonly state: TvmState
  readonly chainId: number
  readonly block: BlockEnvironment
  readonly origin: AccountId
  readonly internals: InternalTransactions
  readonly chain: ChainPort
  /** null where dynamic energy is off. */
  readonly dynamicEnergy: DynamicEnergyRules | null
}

export class Machine {
  readonly fields: MachineFields
  readonly state: TvmState
  readonly block: BlockEnvironment
  readonly internals: InternalTransactions
  readonly logs: EventLog[] = []
  /** Contracts that destroyed themselves: they go at the end of the transaction. */
  readonly destroyed: AccountId[] = []
  #steps = 0
  #signatures = 0

  constructor(fields: MachineFields) {
    this.fields = fields
    this.state = fields.state
    this.block = fields.block
    this.internals = fields.internals
  }

  /** Runs a call to its end; how it ended is in the frame. Throws what ends the whole transaction. */
  run(frame: Frame): void {
    const { dynamicEnergy: rules } = this.fields
    let plainEnergy = 0
    if (rules) frame.load = this.#renewLoad(frame.self, rules)
    const energyFactor = frame.load?.energyFactor ?? 0
    try {
      const { code, stack } = frame
      while (!frame.isStopped) {
        const opcode = code.length === 0 ? 0 : code[frame.pc]!
        const operation = OPERATIONS[opcode]
        if (!operation) throw invalidOpcode(opcode)
        frame.opcode = opcode
        if (stack.length < operation.takes) throw stackTooSmall(operation.takes, stack.length)
        if (stack.length - operation.takes + operation.leaves > MAX_STACK) throw stackTooLarge()
        const { energy } = operation
        const cost = typeof energy === 'number' ? energy : energy(frame, this)
        if (!rules) frame.spend(cost, operation.name)
        else plainEnergy += spendDynamically(frame, cost, operation.name, energyFactor)
        this.#steps += 1
        if (this.#steps > MAX_STEPS) throw outOfTime(operation.name)
        frame.pc += 1
        operation.run(frame, this)
        if (frame.pc >= code.length) frame.isStopped = true
      }
    } catch (cause) {
      const failure = toTvmError(cause)
      if (failure.spendsAllEnergy) frame.spendAll()
      frame.isStopped = true
      frame.failure = failure
      if (failure.endsTransaction) throw failure
      return
    }
    if (rules && plainEnergy > 0) {
      const load = catchUp(this.state.getLoad(frame.self), this.#cycle(rules), rules)
      this.state.putLoad(frame.self, { ...load, energyUsage: load.energyUsage + plainEnergy })
    }
  }

  /** The price of CALL and the like is what dynamic energy makes dearer, not what they give on. */
  addCallPenalty(frame: Frame, energy: number): number {
    const penalty = frame.load ? penaltyOf(energy, frame.load.energyFactor) : 0
    frame.callPenalty = penalty
    return energy + penalty
  }

  /** A signature was recovered; with too many of them the next operation comes too late. */
  noteSignature(): void {
    this.#signatures += 1
    if (this.#signatures > MAX_SIGNATURES) this.spendTime(Number.POSITIVE_INFINITY)
  }

  /** Something took as long as so many operations; past the limit the next one comes too late. */
  spendTime(steps: number): void {
    this.#steps += steps
  }

  /** False once the time is over: what would take long need not be done then. */
  get hasTime(): boolean {
    return this.#steps <= MAX_STEPS
  }

  /** Throws when the last operation took the time that was left. */
  checkTimeAtEnd(frame: Frame): void {
    if (!this.hasTime) throw outOfTime(`${OPERATIONS[frame.opcode]?.name}(TX_LAST_OP)`)
  }

  #cycle(rules: DynamicEnergyRules): number {
    return cycleAt(rules, this.block.timestampMs)
  }

  #renewLoad(contract: AccountId, rules: DynamicEnergyRules) {
    const kept = this.state.getLoad(contract)
    const load = catchUp(kept, this.#cycle(rules), rules)
    if (load !== kept) this.state.putLoad(contract, load)
    return load
  }
}

/** Returns the plain price that counts as the contract's use. */
function spendDynamically(frame: Frame, cost: number, operation: string, energyFactor: number): number {
  const isCall = CALL_OPCODES.has(frame.opcode)
  const penalty = isCall ? frame.callPenalty : penaltyOf(cost, energyFactor)
  frame.spend(isCall ? cost : cost + penalty, operation, penalty)
  return isCall ? cost - frame.callEnergy - penalty : cost
}

function toTvmError(cause: unknown): TvmError {
  if (cause instanceof TvmError) return cause
  // The stack of this process, where a chain of creations nests without end.
  if (cause instanceof RangeError && /call stack/i.test(cause.message)) return stackOverflow()
  throw cause
}
