/**
 * Endpoints that run calls or take transactions.
 * Source of codes and shapes: java-tron, framework/…/services/http/{Broadcast,TriggerSmartContract,
 * TriggerConstantContract,EstimateEnergy}Servlet.java and framework/…/core/Wallet.java.
 */
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { isContract } from '../chain/accounts.ts'
import type { Blockchain, StateOf } from '../chain/blockchain.ts'
import type { Execution } from '../chain/execution.ts'
import { formatInternalTransaction } from '../chain/internal-transaction.ts'
import { formatLog } from '../chain/transaction-info.ts'
import { type AccountId, formatAccountId } from '../codec/account-id.ts'
import { decodeSignedTransaction, type Transaction } from '../codec/transaction.ts'
import { formatTransaction, parseTransactionJson, toBareHex } from '../codec/transaction-json.ts'
import { BadRequest, DevnetRefusal, refuseContract } from '../devnet-error.ts'
import type { Json } from './chain-view.ts'
import { stringifyExactJson } from './exact-json.ts'
import { type ApiRequest, readHex, readInteger, requireAccountId } from './request.ts'
import { buildTransaction } from './wallet-builders.ts'

/** Runs on its own time: it waits for the chain's queue itself. */
type Write = (chain: Blockchain, request: ApiRequest, stateOf: StateOf) => Promise<Json>

const ZERO_ID: AccountId = `0x${'00'.repeat(20)}`

/** The calls that `/walletsolidity` has too, on the solidified state. */
export const solidityCalls: Readonly<Record<string, Write>> = {
  async triggerconstantcontract(chain, request, stateOf) {
    return refusable(request, () => callConstant(chain, request, stateOf))
  },
  async estimateenergy(chain, request, stateOf) {
    return refusable(request, async () => {
      const run = await runCall(chain, request, stateOf)
      if (run.message !== null) throw new DevnetRefusal('CONTRACT_EXE_ERROR', run.message)
      return { result: { result: true }, energy_required: run.energyUsed }
    })
  },
}

export const walletWrites: Readonly<Record<string, Write>> = {
  ...solidityCalls,
  async broadcasttransaction(chain, request) {
    return broadcast(chain, parseTransactionJson(request.params), request.visible)
  },
  async broadcasthex(chain, request) {
    const bytes = readHex(request.params, 'transaction')
    if (bytes.length === 0) throw new BadRequest('no transaction')
    const transaction = decodeSignedTransaction(bytes)
    const answer = await broadcast(chain, transaction, request.visible)
    return { ...answer, transaction: stringifyExactJson(formatTransaction(transaction, request.visible)) }
  },
  async triggersmartcontract(chain, request, stateOf) {
    return refusable(request, async () => {
      const contract = requireAccountId(request.params, 'contract_address')
      const call = readCall(request)
      if (!(await chain.read(() => isContract(chain.state, contract)))) {
        throw refuseContract('No contract or not a valid smart contract')
      }
      if (isReadOnly(chain, contract, call.data)) return callConstant(chain, request, stateOf)
      const transaction = buildCall(chain, call, contract, request)
      return { result: { result: true }, transaction: formatTransaction(transaction, request.visible) }
    })
  },
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
      ? concatBytes(keccak_256(new TextEncoder().encode(selector)).slice(0, 4), readHex(params, 'parameter'))
      : readHex(params, 'data')
  return {
    caller: params.owner_address ? requireAccountId(params, 'owner_address') : ZERO_ID,
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
    owner_address: formatAccountId(call.caller, false),
    contract_address: formatAccountId(contract, false),
    data: toBareHex(call.data),
    call_value: call.valueSun,
    token_id: call.tokenId,
    call_token_value: call.tokenAmount,
  }
  return buildTransaction(chain, 'TriggerSmartContract', value, request)
}

function readContract(request: ApiRequest): AccountId | null {
  return request.params.contract_address ? requireAccountId(request.params, 'contract_address') : null
}

function runCall(chain: Blockchain, request: ApiRequest, stateOf: StateOf): Promise<Execution> {
  return chain.call({ ...readCall(request), contract: readContract(request), stateOf })
}

async function callConstant(chain: Blockchain, request: ApiRequest, stateOf: StateOf): Promise<Json> {
  const run = await runCall(chain, request, stateOf)
  const contract = readContract(request)
  const { visible } = request
  const transaction = contract ? buildCall(chain, readCall(request), contract, request) : null
  const ret = run.message === null ? {} : { ret: 'FAILED' }
  return {
    result: {
      result: true,
      ...(run.message === null ? {} : { message: formatMessage(run.message, visible) }),
    },
    energy_used: run.energyUsed,
    constant_result: [toBareHex(run.returnData)],
    ...(run.logs.length > 0 ? { logs: run.logs.map((log) => formatLog(log, visible)) } : {}),
    ...(run.internalTransactions.length > 0
      ? {
          internal_transactions: run.internalTransactions.map((each) =>
            formatInternalTransaction(each, visible),
          ),
        }
      : {}),
    ...(transaction ? { transaction: { ret: [ret], ...formatTransaction(transaction, visible) } } : {}),
  }
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
async function refusable({ visible }: ApiRequest, task: () => Promise<Json>): Promise<Json> {
  try {
    return await task()
  } catch (error) {
    if (error instanceof DevnetRefusal) {
      // These endpoints say the reason alone; a broadcast puts the code's words before it.
      const reason = error.message.replace(/^Contract validate error : /, '')
      return { result: { code: error.code, message: formatMessage(reason, visible) } }
    }
    if (!(error instanceof BadRequest)) throw error
    const reason = `class ${error.javaClass} : ${error.message.replaceAll('"', "'")}`
    return { result: { code: 'OTHER_ERROR', message: formatMessage(reason, visible) } }
  }
}

/** Messages travel as hex unless `visible`. */
function formatMessage(message: string, visible: boolean): string {
  return visible ? message : Buffer.from(message).toString('hex')
}
