/** Endpoints that build, run or take transactions. */

import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { refBlockOf } from '../chain/block.ts'
import type { Blockchain } from '../chain/blockchain.ts'
import { formatLog } from '../chain/transaction-info.ts'
import { type AccountId, formatAccountId } from '../codec/account-id.ts'
import { decodeSignedTransaction, decodeTransaction, type Transaction } from '../codec/transaction.ts'
import {
  encodeRawData,
  formatTransaction,
  parseTransactionJson,
  toBareHex,
} from '../codec/transaction-json.ts'
import { BadRequest, DevnetRefusal, refuseContract } from '../devnet-error.ts'
import { stringifyExactJson } from './exact-json.ts'
import { type ApiRequest, readHex, readInteger, requireAccountId } from './request.ts'

type Json = Record<string, unknown>
export type Write = (chain: Blockchain, request: ApiRequest) => Promise<Json>

const LIFETIME_MS = 60_000
const ZERO_ID: AccountId = `0x${'00'.repeat(20)}`

export const walletWrites: Readonly<Record<string, Write>> = {
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
  async createtransaction(chain, request) {
    const amount = readInteger(request.params, 'amount')
    const value = {
      owner_address: hexParam(request, 'owner_address'),
      to_address: hexParam(request, 'to_address'),
      amount,
    }
    return formatTransaction(build(chain, 'TransferContract', value, request), request.visible)
  },
  async triggersmartcontract(chain, request) {
    return refusable(async () => {
      const call = readCall(request)
      const contract = requireAccountId(request.params, 'contract_address')
      if ((await chain.read(() => chain.getCode(contract))).length === 0) {
        throw refuseContract('No contract or not a valid smart contract')
      }
      if (isReadOnly(chain, contract, call.data)) return callConstant(chain, request)
      const transaction = build(chain, 'TriggerSmartContract', triggerValue(call, contract), request)
      return { result: { result: true }, transaction: formatTransaction(transaction, request.visible) }
    })
  },
  async triggerconstantcontract(chain, request) {
    return refusable(() => callConstant(chain, request))
  },
  async estimateenergy(chain, request) {
    return refusable(async () => {
      const call = readCall(request)
      const contract = request.params.contract_address
        ? requireAccountId(request.params, 'contract_address')
        : null
      const run = await chain.call({ ...call, contract })
      if (run.message !== null) throw new DevnetRefusal('CONTRACT_EXE_ERROR', run.message)
      return { result: { result: true }, energy_required: Number(run.energyUsed) }
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

function triggerValue(call: Call, contract: AccountId): Json {
  return {
    owner_address: formatAccountId(call.caller, false),
    contract_address: formatAccountId(contract, false),
    ...(call.data.length > 0 ? { data: toBareHex(call.data) } : {}),
    ...(call.valueSun > 0n ? { call_value: Number(call.valueSun) } : {}),
    ...(call.tokenId > 0n ? { token_id: Number(call.tokenId) } : {}),
    ...(call.tokenAmount > 0n ? { call_token_value: Number(call.tokenAmount) } : {}),
  }
}

async function callConstant(chain: Blockchain, request: ApiRequest): Promise<Json> {
  const call = readCall(request)
  const contract = request.params.contract_address
    ? requireAccountId(request.params, 'contract_address')
    : null
  const run = await chain.call({ ...call, contract })
  const transaction = contract
    ? build(chain, 'TriggerSmartContract', triggerValue(call, contract), request)
    : null
  const ret = run.message === null ? {} : { ret: 'FAILED' }
  return {
    result: {
      result: true,
      ...(run.message === null ? {} : { message: Buffer.from(run.message).toString('hex') }),
    },
    energy_used: Number(run.energyUsed),
    constant_result: [toBareHex(run.returnData)],
    ...(run.logs.length > 0 ? { logs: run.logs.map(formatLog) } : {}),
    ...(transaction
      ? { transaction: { ret: [ret], ...formatTransaction(transaction, request.visible) } }
      : {}),
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

/** Runs a call endpoint; a refusal becomes `{result: {code, message}}`. */
async function refusable(task: () => Promise<Json>): Promise<Json> {
  try {
    return await task()
  } catch (error) {
    if (!(error instanceof DevnetRefusal)) throw error
    return { result: { code: error.code, message: formatMessage(error.message, false) } }
  }
}

/** Messages travel as hex unless `visible`. */
function formatMessage(message: string, visible: boolean): string {
  return visible ? message : Buffer.from(message).toString('hex')
}

function hexParam(request: ApiRequest, name: string): string {
  return formatAccountId(requireAccountId(request.params, name), false)
}

/** An unsigned transaction that refers to the head and lives 60 s. */
function build(chain: Blockchain, type: string, value: Json, request: ApiRequest): Transaction {
  const { head } = chain
  const { refBlockBytes, refBlockHash } = refBlockOf(head)
  const permissionId = readInteger(request.params, 'Permission_id')
  const feeLimit = readInteger(request.params, 'fee_limit')
  const memo = request.params.extra_data
  const rawBytes = encodeRawData({
    contract: [
      {
        parameter: { value, type_url: `type.googleapis.com/protocol.${type}` },
        type,
        ...(permissionId > 0 ? { Permission_id: permissionId } : {}),
      },
    ],
    ref_block_bytes: refBlockBytes,
    ref_block_hash: refBlockHash,
    expiration: head.timestampMs + LIFETIME_MS,
    timestamp: chain.nowMs(),
    ...(feeLimit > 0 ? { fee_limit: feeLimit } : {}),
    ...(typeof memo === 'string' && memo !== '' ? { data: Buffer.from(memo).toString('hex') } : {}),
  })
  return decodeTransaction(rawBytes, [])
}
