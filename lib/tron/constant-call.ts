/** Runs a contract's function on the node without a transaction: for reads, and to price what is to be sent. */
import { ChainError, type Hex } from '../base/index.ts'
import type { Address } from './address.ts'
import { decodeRefusal, decodeRevert } from './chain-errors.ts'
import { badReply, type NodeClient, readCount, readHex, readObject, readWords } from './node-client.ts'
import { toAccountHex } from './transaction.ts'
import type { AbiInterface } from './tronweb-codec.ts'

export interface ConstantCall {
  readonly target: Address
  readonly functionName: string
  readonly args: readonly unknown[]
  /** As whom to run it. */
  readonly from: Address
}

export interface ConstantResult {
  readonly output: ArrayLike<unknown>
  readonly energy: number
  /** Selector and arguments. */
  readonly data: Hex
}

/** Selector and arguments of a call. Throws ChainError 'malformed' when a value does not fit its type. */
function encodeCallData(call: Omit<ConstantCall, 'from' | 'target'>, target: AbiInterface): Hex {
  try {
    return target.encodeFunctionData(call.functionName, call.args) as Hex
  } catch (cause) {
    throw new ChainError('malformed', `The call of ${call.functionName} holds a value that does not fit.`, {
      cause,
    })
  }
}

/**
 * Runs a call; `target` is the ABI of the contract called.
 * Throws ChainError with the decoded revert, or 'unreachable', 'refused', 'bad-reply'.
 */
export async function callConstant(
  node: NodeClient,
  call: ConstantCall,
  target: AbiInterface,
): Promise<ConstantResult> {
  const data = encodeCallData(call, target)
  const reply = await node.post('/wallet/triggerconstantcontract', {
    owner_address: toAccountHex(call.from),
    contract_address: toAccountHex(call.target),
    function_selector: target.getFunction(call.functionName)?.format() ?? '',
    parameter: data.slice(10),
    visible: false,
  })
  const result = readObject(reply.result ?? {}, 'result')
  const words = readWords(result.message)
  if (result.result !== true) throw decodeRefusal(String(result.code ?? ''), words)
  const results = Array.isArray(reply.constant_result) ? reply.constant_result : []
  const output = readHex(results[0] ?? '', null, 'constant_result')
  if (words !== '' || hasFailed(reply.transaction)) throw decodeRevert(output, target, words)
  return {
    output: decodeOutput(call.functionName, output, target),
    energy: readCount(reply.energy_used, 'energy_used'),
    data,
  }
}

function hasFailed(transaction: unknown): boolean {
  if (transaction === undefined) return false
  const { ret } = readObject(transaction, 'transaction')
  return Array.isArray(ret) && ret.some((entry) => readObject(entry, 'ret').ret === 'FAILED')
}

function decodeOutput(functionName: string, output: Hex, target: AbiInterface): ArrayLike<unknown> {
  try {
    return target.decodeFunctionResult(functionName, output)
  } catch (cause) {
    throw badReply(`the result of ${functionName} does not fit the contract`, cause)
  }
}
