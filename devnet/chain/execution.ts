/** Runs contract calls and deployments and turns the machine's outcome into TRON's words. */
import type { InternalTransaction } from '../tvm/internal-transactions.ts'
import type { EventLog } from '../tvm/machine.ts'
import type { ExecutionRequest, Tvm } from '../tvm/tvm.ts'
import type { ContractResult, TvmError } from '../tvm/tvm-error.ts'

export interface Execution {
  readonly result: ContractResult
  /** The machine's words when it failed or reverted. */
  readonly message: string | null
  /** null for a REVERT too. */
  readonly failure: TvmError | null
  readonly energyUsed: bigint
  /** The part of it that dynamic energy added. */
  readonly energyPenalty: bigint
  readonly returnData: Uint8Array
  readonly logs: readonly EventLog[]
  readonly internalTransactions: readonly InternalTransaction[]
}

/** Runs the request; its effects stay only when it succeeds, else state is as before. */
export function execute(tvm: Tvm, request: ExecutionRequest): Execution {
  const { isReverted, ...outcome } = tvm.execute(request)
  const { failure } = outcome
  return {
    ...outcome,
    result: failure ? failure.result : isReverted ? 'REVERT' : 'SUCCESS',
    message: failure ? failure.message : isReverted ? 'REVERT opcode executed' : null,
  }
}
