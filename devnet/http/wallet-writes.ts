/**
 * Endpoints that run calls or take transactions.
 * Source of codes and shapes: java-tron, framework/…/services/http/{Broadcast,TriggerSmartContract,
 * TriggerConstantContract,EstimateEnergy}Servlet.java and framework/…/core/Wallet.java.
 */
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { hexToBytes } from '../../lib/base/index.ts'
import { isContract } from '../chain/accounts.ts'
import type { Blockchain, StateOf } from '../chain/blockchain.ts'
import { ENERGY_PRICE_SUN, MAX_FEE_LIMIT_SUN } from '../chain/fees.ts'
import { formatInternalTransaction } from '../chain/internal-transaction.ts'
import { formatLog } from '../chain/transaction-info.ts'
import { type AccountId, formatAccountId } from '../codec/account-id.ts'
import { decodeSignedTransaction, type Transaction } from '../codec/transaction.ts'
import { formatTransaction, parseTransactionJson, toBareHex } from '../codec/transaction-json.ts'
import { BadRequest, DevnetRefusal, refuseContract } from '../devnet-error.ts'
import { createdAddress } from '../tvm/tvm.ts'
import { TvmError } from '../tvm/tvm-error.ts'
import type { Json } from './chain-view.ts'
import { stringifyExactJson } from './exact-json.ts'
import { type ApiRequest, readAccountId, readHex, readInteger } from './request.ts'
import { buildTransaction } from './wallet-builders.ts'

/** Runs on its own time: it waits for the chain's queue itself. */
type Write = (chain: Blockchain, request: ApiRequest, stateOf: StateOf) => Promise<Json>

/** An address that is none runs as this one. */
const NOBODY: AccountId = `0x${'00'.repeat(20)}`
const SUN_PER_TRX = 1_000_000n

/** The calls that `/walletsolidity` has too, on the solidified state. */
export const solidityCalls: Readonly<Record<string, Write>> = {
  async triggerconstantcontract(chain, request, stateOf) {
    return refusable(request, () => {
      checkParameters(request)
      return callConstant(chain, request, stateOf)
    })
  },
  async estimateenergy(chain, request, stateOf) {
    return refusable(request, async () => {
      checkParameters(request)
      if (!chain.supportsConstant)
        throw refuseContract('this node does not support constant, so estimate energy cannot work')
      return { result: { result: true }, energy_required: await estimate(chain, request, stateOf) }
    })
  },
}

export const walletWrites: Readonly<Record<string, Write>> = {
  ...solidityCalls,
  async broadcasttransaction(chain, request) {
    if (request.unreadable) throw request.unreadable
    return broadcast(chain, parseTransactionJson(request.params), request.visible)
  },
  async broadcasthex(chain, request) {
    if (request.unreadable) throw request.unreadable
    const bytes = readHex(request, 'transaction')
    if (bytes.length === 0) throw new BadRequest('no transaction')
    const transaction = decodeSignedTransaction(bytes)
    const answer = await broadcast(chain, transaction, request.visible)
    return { ...answer, transaction: stringifyExactJson(formatTransaction(transaction, request.visible)) }
  },
  async triggersmartcontract(chain, request, stateOf) {
    return refusable(request, async () => {
      requireSet(request, 'owner_address')
      requireSet(request, 'contract_address')
      const contract = readAccountId(request, 'contract_address')
      const call = readCall(request)
      if (!contract || !(await chain.read(() => isContract(chain.state, contract)))) {
        throw refuseContract('No contract or not a valid smart contract')
      }
      if (isReadOnly(chain, contract, call.data)) return callConstant(chain, request, stateOf)
      const transaction = buildCall(chain, call, contract, request)
      return { result: { result: true }, transaction: formatTransaction(transaction, request.visible) }
    })
  },
}

function isSet({ params }: ApiRequest, name: string): boolean {
  return params[name] !== undefined && params[name] !== null && params[name] !== ''
}

function requireSet(request: ApiRequest, name: string): void {
  if (!isSet(request, name)) throw invalidParameter(`${name} isn't set.`)
}

/** What a call without a transaction must say. Throws BadRequest in java-tron's words. */
function checkParameters(request: ApiRequest): void {
  requireSet(request, 'owner_address')
  if (isSet(request, 'contract_address')) return
  if (!isSet(request, 'data'))
    throw invalidParameter('At least one of contract_address and data must be set.')
  if (isSet(request, 'function_selector'))
    throw invalidParameter('While trying to deploy, function_selector and data can not be both set.')
}

function invalidParameter(message: string): BadRequest {
  return new BadRequest(message, 200, { javaClass: 'java.security.InvalidParameterException' })
}

interface Call {
  readonly caller: AccountId
  readonly data: Uint8Array
  readonly valueSun: bigint
  readonly tokenId: bigint
  readonly tokenAmount: bigint
}

/** `function_selector` and `parameter`, or `data`. */
function readCall(request: ApiRequest): Call {
  const { params } = request
  const selector = params.function_selector
  const data =
    typeof selector === 'string' && selector !== ''
      ? concatBytes(keccak_256(new TextEncoder().encode(selector)).slice(0, 4), readHex(request, 'parameter'))
      : readHex(request, 'data')
  return {
    caller: readAccountId(request, 'owner_address') ?? NOBODY,
    data,
    valueSun: BigInt(readInteger(params, 'call_value')),
    tokenId: BigInt(readInteger(params, 'token_id')),
    tokenAmount: BigInt(readInteger(params, 'call_token_value')),
  }
}

/** As java-tron does: a function that the ABI calls view or pure is run at once. */
function isReadOnly(chain: Blockchain, contract: AccountId, data: Uint8Array): boolean {
  const selector = toBareHex(data.slice(0, 4))
  return (
    selector.length === 8 &&
    (chain.contracts.get(contract)?.abi.getFunction(`0x${selector}`)?.constant ?? false)
  )
}

function buildCall(chain: Blockchain, call: Call, contract: AccountId, request: ApiRequest): Transaction {
  const value = {
    owner_address: formatAccountId(call.caller, request.visible),
    contract_address: formatAccountId(contract, request.visible),
    data: toBareHex(call.data),
    call_value: call.valueSun,
    token_id: call.tokenId,
    call_token_value: call.tokenAmount,
  }
  return buildTransaction(chain, 'TriggerSmartContract', value, request)
}

/** The transaction that a call without a contract would be: one that deploys its data. */
function buildCreation(chain: Blockchain, call: Call, request: ApiRequest): Transaction {
  const owner_address = formatAccountId(call.caller, request.visible)
  const value = {
    owner_address,
    new_contract: {
      origin_address: owner_address,
      bytecode: toBareHex(call.data),
      call_value: call.valueSun,
      consume_user_resource_percent: 100,
      origin_energy_limit: 1,
    },
    call_token_value: call.tokenAmount,
    token_id: call.tokenId,
  }
  return buildTransaction(chain, 'CreateSmartContract', value, request)
}

/** What to run, and the transaction that it would be. */
function readConstantCall(chain: Blockchain, request: ApiRequest) {
  const call = readCall(request)
  const isCreation = !isSet(request, 'contract_address')
  const contract = isCreation ? null : readAccountId(request, 'contract_address')
  if (!isCreation && !contract) throw refuseContract('Smart contract is not exist.')
  const transaction = contract
    ? buildCall(chain, call, contract, request)
    : buildCreation(chain, call, request)
  return { run: { ...call, contract, txId: hexToBytes(transaction.txId) }, transaction }
}

async function callConstant(chain: Blockchain, request: ApiRequest, stateOf: StateOf): Promise<Json> {
  const { run: call, transaction } = readConstantCall(chain, request)
  const run = await chain.call({ ...call, stateOf })
  if (run.failure) throw run.failure
  const { visible } = request
  const created = call.contract ? null : createdAddress(call.txId, call.caller)
  return {
    result: {
      result: true,
      ...(run.message === null ? {} : { message: formatMessage(run.message, visible) }),
    },
    energy_used: run.energyUsed,
    ...(run.energyPenalty > 0n ? { energy_penalty: run.energyPenalty } : {}),
    constant_result: [toBareHex(run.returnData)],
    ...(run.logs.length > 0 ? { logs: run.logs.map((log) => formatLog(log, visible)) } : {}),
    ...(run.internalTransactions.length > 0
      ? {
          internal_transactions: run.internalTransactions.map((each) =>
            formatInternalTransaction(each, visible),
          ),
        }
      : {}),
    transaction: {
      ret: [run.message === null ? {} : { ret: 'FAILED' }],
      ...formatTransaction(transaction, visible),
      ...(created ? { contract_address: formatAccountId(created, false) } : {}),
    },
  }
}

/**
 * The least fee limit that a call succeeds with, to one TRX, as energy: it is searched for, so it is above what the call uses.
 * Source: java-tron, framework/…/core/Wallet.java (estimateEnergy).
 */
async function estimate(chain: Blockchain, request: ApiRequest, stateOf: StateOf): Promise<bigint> {
  const { run: call } = readConstantCall(chain, request)
  const runWith = (feeLimitSun: bigint) =>
    chain.call({ ...call, stateOf, energyLimit: feeLimitSun / ENERGY_PRICE_SUN })
  let high = MAX_FEE_LIMIT_SUN
  const first = await runWith(high)
  if (first.failure?.result === 'OUT_OF_TIME') throw first.failure
  if (first.message !== null) throw new DevnetRefusal('CONTRACT_EXE_ERROR', first.message)
  let low = first.energyUsed * ENERGY_PRICE_SUN
  const narrow = async (middle: bigint) => {
    if ((await runWith(middle)).message === null) high = middle
    else low = middle
  }
  if (low * 2n < high) await narrow(low * 2n)
  while (low + SUN_PER_TRX < high) await narrow((low + high) / 2n)
  return (high + ENERGY_PRICE_SUN - 1n) / ENERGY_PRICE_SUN
}

async function broadcast(chain: Blockchain, transaction: Transaction, visible: boolean): Promise<Json> {
  try {
    await chain.broadcast(transaction)
    return { result: true, txid: transaction.txId }
  } catch (error) {
    if (!(error instanceof DevnetRefusal)) throw error
    return { code: error.code, txid: transaction.txId, message: formatMessage(error.message, visible) }
  }
}

/** Runs a call endpoint: a refusal or an unreadable parameter becomes `{result: {code, message}}`. */
async function refusable({ visible, unreadable }: ApiRequest, task: () => Promise<Json>): Promise<Json> {
  try {
    if (unreadable) throw unreadable
    return await task()
  } catch (error) {
    if (error instanceof DevnetRefusal) {
      // These endpoints say the reason alone; a broadcast puts the code's words before it.
      const reason = error.message.replace(/^Contract validate error : /, '')
      return { result: { code: error.code, message: formatMessage(reason, visible) } }
    }
    if (!(error instanceof BadRequest || error instanceof TvmError)) throw error
    const reason = `class ${error.javaClass} : ${error.message.replaceAll('"', "'")}`
    return { result: { code: 'OTHER_ERROR', message: formatMessage(reason, visible) } }
  }
}

/** Messages travel as hex unless `visible`. */
function formatMessage(message: string, visible: boolean): string {
  return visible ? message : Buffer.from(message).toString('hex')
}
