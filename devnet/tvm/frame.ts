/** One running call: its code, stack, memory and energy. Energy is a number: no limit comes near 2^53. */
import type { AccountId } from '../codec/account-id.ts'
import { analyseCode, type CodeAnalysis } from './code.ts'
import type { ContractLoad } from './dynamic-energy.ts'
import { Memory } from './memory.ts'
import type { TokenTransfer } from './token-transfer.ts'
import { outOfEnergy, staticChange, type TvmError } from './tvm-error.ts'

const NOTHING = new Uint8Array(0)
/** Calls and creations within each other. */
export const MAX_DEPTH = 64

export interface FrameFields {
  readonly code: Uint8Array
  /** Whose storage and balance the code works on: ADDRESS. */
  readonly self: AccountId
  readonly caller: AccountId
  readonly valueSun: bigint
  readonly token: TokenTransfer
  readonly data: Uint8Array
  readonly energyLimit: number
  readonly depth: number
  readonly isStatic: boolean
  /** The hash of the internal transaction that it is: the transaction's id at the root. */
  readonly hash: Uint8Array
}

export class Frame {
  readonly fields: FrameFields
  readonly code: Uint8Array
  readonly analysis: CodeAnalysis
  readonly stack: bigint[] = []
  readonly memory = new Memory()
  pc = 0
  opcode = 0
  isStopped = false
  isReverted = false
  failure: TvmError | null = null
  /** What RETURN or REVERT gave. */
  output: Uint8Array = NOTHING
  /** What the last call within gave: RETURNDATACOPY's source. */
  returnData: Uint8Array = NOTHING
  energyUsed = 0
  /** The part of `energyUsed` that dynamic energy added. */
  energyPenalty = 0
  /** What CALL gives on, reckoned with its price. */
  callEnergy = 0
  /** The part of the price of CALL that dynamic energy added. */
  callPenalty = 0
  /** The contract's load when the call began, where dynamic energy is on. */
  load: ContractLoad | null = null

  constructor(fields: FrameFields) {
    this.fields = fields
    this.code = fields.code
    this.analysis = analyseCode(fields.code)
  }

  get self(): AccountId {
    return this.fields.self
  }

  get energyLeft(): number {
    return this.fields.energyLimit - this.energyUsed
  }

  /** The word at a depth of the stack: 0 is the top. The stack's size was checked before. */
  peek(depth: number): bigint {
    return this.stack[this.stack.length - 1 - depth]!
  }

  pop(): bigint {
    return this.stack.pop()!
  }

  push(word: bigint): void {
    this.stack.push(word)
  }

  /** Throws what java-tron throws for want of energy. */
  spend(energy: number, operation: string, penalty = 0): void {
    if (this.energyLeft < energy) {
      const isDearer = this.load !== null && this.load.energyFactor > 0
      const added = isDearer ? ` penaltyEnergy[${penalty}],` : ''
      throw outOfEnergy(
        `Not enough energy for '${operation}' operation executing: curInvokeEnergyLimit[${this.fields.energyLimit}], curOpEnergy[${energy - penalty}],${added} usedEnergy[${this.energyUsed}]`,
      )
    }
    this.energyUsed += energy
    this.energyPenalty += penalty
  }

  spendAll(): void {
    this.energyUsed = this.fields.energyLimit
  }

  requireMutable(): void {
    if (this.fields.isStatic) throw staticChange()
  }
}
