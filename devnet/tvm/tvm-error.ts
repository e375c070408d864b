/**
 * How code fails: java-tron's exceptions, their words, and the result that a receipt names.
 * Source: java-tron, actuator/…/core/vm/program/Program.java and framework/…/common/runtime/RuntimeImpl.java.
 */
import { AppError } from '../../lib/base/index.ts'

/** `contractResult` names of TRON's protocol. */
export type ContractResult =
  | 'SUCCESS'
  | 'REVERT'
  | 'BAD_JUMP_DESTINATION'
  | 'OUT_OF_MEMORY'
  | 'STACK_TOO_SMALL'
  | 'STACK_TOO_LARGE'
  | 'ILLEGAL_OPERATION'
  | 'OUT_OF_ENERGY'
  | 'OUT_OF_TIME'
  | 'JVM_STACK_OVER_FLOW'
  | 'TRANSFER_FAILED'
  | 'INVALID_CODE'
  | 'UNKNOWN'

const PROGRAM = 'org.tron.core.vm.program.Program$'

export class TvmError extends AppError {
  override readonly name = 'TvmError'
  readonly result: ContractResult
  /** The exception that java-tron names in its answers. */
  readonly javaClass: string
  constructor(result: ContractResult, javaClass: string, message: string) {
    super('tvm', message)
    this.result = result
    this.javaClass = javaClass
  }

  /** Any failure but a transfer's spends all energy. */
  get spendsAllEnergy(): boolean {
    return this.result !== 'TRANSFER_FAILED'
  }

  /** These end the whole transaction, not the running call alone. */
  get endsTransaction(): boolean {
    return this.result === 'OUT_OF_TIME' || this.result === 'JVM_STACK_OVER_FLOW'
  }
}

export function invalidOpcode(opcode: number): TvmError {
  const hex = opcode.toString(16).padStart(2, '0')
  return new TvmError(
    'ILLEGAL_OPERATION',
    `${PROGRAM}IllegalOperationException`,
    `Invalid operation code: opCode[${hex}];`,
  )
}

export function outOfEnergy(message: string): TvmError {
  return new TvmError('OUT_OF_ENERGY', `${PROGRAM}OutOfEnergyException`, message)
}

export function outOfTime(operation: string): TvmError {
  return new TvmError(
    'OUT_OF_TIME',
    `${PROGRAM}OutOfTimeException`,
    `CPU timeout for '${operation}' operation executing`,
  )
}

/** A precompile that ran out of time on its own account. */
export function outOfTimeWith(message: string): TvmError {
  return new TvmError('OUT_OF_TIME', `${PROGRAM}OutOfTimeException`, message)
}

export function outOfMemory(operation: string): TvmError {
  return new TvmError(
    'OUT_OF_MEMORY',
    `${PROGRAM}OutOfMemoryException`,
    `Out of Memory when '${operation}' operation executing`,
  )
}

/** −1 for a target beyond 32 bits. */
export function badJump(target: number): TvmError {
  return new TvmError(
    'BAD_JUMP_DESTINATION',
    `${PROGRAM}BadJumpDestinationException`,
    `Operation with pc isn't 'JUMPDEST': PC[${target}];`,
  )
}

export function stackTooSmall(expected: number, actual: number): TvmError {
  return new TvmError(
    'STACK_TOO_SMALL',
    `${PROGRAM}StackTooSmallException`,
    `Expected stack size ${expected} but actual ${actual};`,
  )
}

export function stackTooLarge(): TvmError {
  return new TvmError(
    'STACK_TOO_LARGE',
    `${PROGRAM}StackTooLargeException`,
    'Expected: overflow 1024 elements stack limit',
  )
}

export function staticChange(): TvmError {
  return new TvmError(
    'UNKNOWN',
    `${PROGRAM}StaticCallModificationException`,
    'Attempt to call a state modifying opcode inside STATICCALL',
  )
}

export function transferFailed(message: string): TvmError {
  return new TvmError('TRANSFER_FAILED', `${PROGRAM}TransferException`, message)
}

export function invalidCode(): TvmError {
  return new TvmError(
    'INVALID_CODE',
    `${PROGRAM}InvalidCodeException`,
    'invalid code: must not begin with 0xef',
  )
}

export function executionFailed(message: string, kind = 'BytecodeExecutionException'): TvmError {
  return new TvmError('UNKNOWN', `${PROGRAM}${kind}`, message)
}

/** An amount beyond 63 bits where java-tron has not foreseen it. */
export function outOfLongRange(): TvmError {
  return new TvmError('UNKNOWN', 'java.lang.ArithmeticException', 'BigInteger out of long range')
}

export function stackOverflow(): TvmError {
  return new TvmError(
    'JVM_STACK_OVER_FLOW',
    `${PROGRAM}JVMStackOverFlowException`,
    'StackOverflowError:  exceed default JVM stack size!',
  )
}
