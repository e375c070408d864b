/** Runs transactions' messages on a state. One instance a state; a run ends before it returns, so none overlap. */
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { bytesToHex } from '../../lib/base/index.ts'
import { type AccountId, accountIdToBytes } from '../codec/account-id.ts'
import { type ChainPort, NO_CHAIN } from './chain-port.ts'
import { saveCode } from './creation-operations.ts'
import type { DynamicEnergyRules } from './dynamic-energy.ts'
import { Frame } from './frame.ts'
import { type InternalTransaction, InternalTransactions } from './internal-transactions.ts'
import { type BlockEnvironment, type EventLog, Machine } from './machine.ts'
import { newAccountMeta, type TvmState } from './state.ts'
import { NO_TOKEN, type TokenTransfer } from './token-transfer.ts'
import { findTokenTransferProblem, findTransferProblem, moveTrx } from './transfers.ts'
import { TvmError } from './tvm-error.ts'

export interface ExecutionRequest {
  readonly caller: AccountId
  /** null deploys `data`. */
  readonly to: AccountId | null
  readonly valueSun: bigint
  readonly token: TokenTransfer | null
  readonly data: Uint8Array
  readonly energyLimit: bigint
  /** The transaction's id, 32 bytes: contract addresses derive from it. */
  readonly txId: Uint8Array
  readonly block: BlockEnvironment
  /** null where dynamic energy is off. */
  readonly dynamicEnergy?: DynamicEnergyRules | null
}

export interface TvmResult {
  /** null for a REVERT too: that is no failure of the machine. */
  readonly failure: TvmError | null
  readonly isReverted: boolean
  /** What was returned or reverted with: of a deployment, the contract's code. */
  readonly returnData: Uint8Array
  readonly energyUsed: bigint
  /** The part of it that dynamic energy added. */
  readonly energyPenalty: bigint
  readonly logs: readonly EventLog[]
  readonly internalTransactions: readonly InternalTransaction[]
}

export class Tvm {
  readonly state: TvmState
  readonly #chainId: number
  readonly #chain: ChainPort

  constructor(state: TvmState, chainId: number, chain: ChainPort = NO_CHAIN) {
    this.state = state
    this.#chainId = chainId
    this.#chain = chain
  }

  /** Why the value of a request cannot be sent, in java-tron's words; null when it can. */
  findTransferProblem({ caller, to, valueSun, token }: ExecutionRequest): string | null {
    const transfer = { from: caller, to }
    const problem = valueSun > 0n ? findTransferProblem(this.state, transfer, valueSun) : null
    if (problem || !token || token.amount === 0n) return problem
    return findTokenTransferProblem(this.state, transfer, token)
  }

  /** Runs one transaction's message, whose value can be sent. Its effects stay only when it succeeds. */
  execute(request: ExecutionRequest): TvmResult {
    const { state } = this
    const self = request.to ?? createdAddress(request.txId, request.caller)
    const machine = new Machine({
      state,
      chainId: this.#chainId,
      block: request.block,
      origin: request.caller,
      internals: new InternalTransactions(request.txId),
      chain: this.#chain,
      dynamicEnergy: request.dynamicEnergy ?? null,
    })
    state.checkpoint()
    if (request.to === null) {
      if (!state.accountExists(self)) state.setBalance(self, 0n)
      state.putMeta(self, state.getMeta(self) ?? newAccountMeta(request.block.timestampMs))
      state.setCode(self, new Uint8Array(0))
    }
    moveTrx(state, { from: request.caller, to: self }, request.valueSun)
    const token = request.token ?? NO_TOKEN
    if (token.amount > 0n) state.moveToken(request.caller, self, token.tokenId.toString(), token.amount)
    const frame = new Frame({
      code: request.to === null ? request.data : state.getCode(self),
      self,
      caller: request.caller,
      valueSun: request.valueSun,
      token,
      data: request.to === null ? new Uint8Array(0) : request.data,
      energyLimit: Number(request.energyLimit),
      depth: 0,
      isStatic: false,
      hash: request.txId,
    })
    runRoot(machine, frame, request.to === null ? self : null)
    const isDone = !frame.failure && !frame.isReverted
    if (isDone) for (const id of machine.destroyed) state.deleteAccount(id)
    else machine.internals.reject(0)
    state.clearTransient()
    if (isDone) state.commit()
    else state.revert()
    return {
      failure: frame.failure,
      isReverted: frame.isReverted,
      returnData: frame.output,
      energyUsed: BigInt(frame.energyUsed),
      energyPenalty: BigInt(frame.energyPenalty),
      logs: isDone ? machine.logs : [],
      internalTransactions: machine.internals.list,
    }
  }
}

/** Runs the outermost call; any failure is in the frame. `created` is the contract that it makes. */
function runRoot(machine: Machine, frame: Frame, created: AccountId | null): void {
  const depth = machine.state.depth
  try {
    machine.run(frame)
    machine.checkTimeAtEnd(frame)
    if (created) saveCode(frame, machine, created, 'save just created contract code')
  } catch (error) {
    // What ends a transaction leaves the layers of the calls within it open.
    const kept = error instanceof TvmError ? depth : depth - 1
    while (machine.state.depth > kept) machine.state.revert()
    if (!(error instanceof TvmError)) throw error
    frame.failure = error
  }
  if (frame.failure?.spendsAllEnergy) frame.spendAll()
}

/** The address that a CreateSmartContract transaction gives its contract. */
export function createdAddress(txId: Uint8Array, owner: AccountId): AccountId {
  return bytesToHex(keccak_256(concatBytes(txId, accountIdToBytes(owner))).slice(12))
}
