/** Runs contract calls and deployments and turns the machine's outcome into TRON's words. */
import { Address } from '@ethereumjs/util'
import { bytesToHex, hexToBytes } from '../../lib/units/bytes.ts'
import { MAX_ENERGY_PER_TRANSACTION } from '../tvm/energy-table.ts'
import type { InternalTransaction } from '../tvm/internal-transactions.ts'
import type { ExecutionRequest, Tvm, TvmResult } from '../tvm/tvm.ts'
import type { ContractResult, EventLog } from './transaction-info.ts'

export interface Execution {
  readonly result: ContractResult
  readonly message: string | null
  readonly energyUsed: bigint
  readonly returnData: Uint8Array
  readonly logs: readonly EventLog[]
  readonly internalTransactions: readonly InternalTransaction[]
}

/**
 * The machine's words, which may go on with a place, and what TRON's protocol calls them. A write in a static call has no
 * name of its own there. Source: java-tron, framework/…/common/runtime/RuntimeImpl.java.
 */
const RESULTS: Readonly<Record<string, ContractResult>> = {
  revert: 'REVERT',
  'out of gas': 'OUT_OF_ENERGY',
  'code store out of gas': 'OUT_OF_ENERGY',
  'stack underflow': 'STACK_TOO_SMALL',
  'stack overflow': 'STACK_TOO_LARGE',
  'invalid JUMP': 'BAD_JUMP_DESTINATION',
  'invalid opcode': 'ILLEGAL_OPERATION',
  'invalid bytecode deployed': 'INVALID_CODE',
  'insufficient balance': 'TRANSFER_FAILED',
}

/** Runs the request; its effects stay only when it succeeds, else state is as before. */
export async function execute(tvm: Tvm, request: ExecutionRequest): Promise<Execution> {
  const isCapped = request.energyLimit > MAX_ENERGY_PER_TRANSACTION
  const energyLimit = isCapped ? MAX_ENERGY_PER_TRANSACTION : request.energyLimit
  await tvm.state.checkpoint()
  let outcome: TvmResult
  try {
    outcome = await tvm.execute({ ...request, energyLimit })
  } catch (cause) {
    await tvm.state.revert()
    const message = cause instanceof Error ? cause.message : String(cause)
    return {
      result: nameResult(message),
      message,
      // Any failure but a REVERT and a transfer that fails spends all of it.
      energyUsed: nameResult(message) === 'TRANSFER_FAILED' ? 0n : energyLimit,
      returnData: new Uint8Array(0),
      logs: [],
      internalTransactions: [],
    }
  }
  const { execResult } = outcome
  const error = execResult.exceptionError?.error
  if (error === undefined) {
    for (const [destroyed] of execResult.selfdestruct ?? new Map()) {
      await tvm.state.deleteAccount(new Address(hexToBytes(destroyed)))
    }
    await tvm.state.commit()
  } else {
    await tvm.state.revert()
  }
  const result = error === undefined ? 'SUCCESS' : nameResult(error)
  const isOutOfTime = result === 'OUT_OF_ENERGY' && isCapped
  return {
    result: isOutOfTime ? 'OUT_OF_TIME' : result,
    message: error === undefined ? null : describeFailure(isOutOfTime ? 'OUT_OF_TIME' : result, error),
    energyUsed: execResult.executionGasUsed,
    returnData: execResult.returnValue,
    logs: (execResult.logs ?? []).map(([address, topics, data]) => ({
      address: bytesToHex(address),
      topics: topics.map(bytesToHex),
      data,
    })),
    internalTransactions: outcome.internalTransactions,
  }
}

function nameResult(error: string): ContractResult {
  const known = Object.keys(RESULTS).find((words) => error.startsWith(words))
  return known ? RESULTS[known]! : 'UNKNOWN'
}

/** The words of java-tron's exceptions, without the figures that they end with. */
function describeFailure(result: ContractResult, error: string): string {
  if (result === 'REVERT') return 'REVERT opcode executed'
  if (result === 'OUT_OF_ENERGY') return 'Not enough energy for the operation executing'
  if (result === 'OUT_OF_TIME') return 'CPU timeout'
  if (result === 'ILLEGAL_OPERATION') return 'Invalid operation code'
  if (result === 'BAD_JUMP_DESTINATION') return "Operation with pc isn't 'JUMPDEST'"
  return error
}
