/**
 * Endpoints that build an unsigned transaction from the fields of its contract. It refers to the head and lives 60 s; what
 * the chain thinks of it is said at its broadcast.
 * Source: java-tron, framework/…/services/http/{CreateTransaction,FreezeBalanceV2,AccountPermissionUpdate,…}Servlet.java.
 */
import { hexToBytes } from '../../lib/base/index.ts'
import { refBlockOf } from '../chain/block.ts'
import type { Blockchain } from '../chain/blockchain.ts'
import { formatAccountId } from '../codec/account-id.ts'
import { decodeTransaction, type Transaction } from '../codec/transaction.ts'
import { encodeRawData, formatTransaction } from '../codec/transaction-json.ts'
import { BadRequest } from '../devnet-error.ts'
import { createdAddress } from '../tvm/tvm.ts'
import type { Json, Read } from './chain-view.ts'
import { type ApiRequest, readInteger } from './request.ts'

const LIFETIME_MS = 60_000

/** Endpoints by name, and the contract that each builds. */
const CONTRACTS: Readonly<Record<string, string>> = {
  createtransaction: 'TransferContract',
  createaccount: 'AccountCreateContract',
  transferasset: 'TransferAssetContract',
  accountpermissionupdate: 'AccountPermissionUpdateContract',
  freezebalancev2: 'FreezeBalanceV2Contract',
  unfreezebalancev2: 'UnfreezeBalanceV2Contract',
  withdrawexpireunfreeze: 'WithdrawExpireUnfreezeContract',
  cancelallunfreezev2: 'CancelAllUnfreezeV2Contract',
  delegateresource: 'DelegateResourceContract',
  undelegateresource: 'UnDelegateResourceContract',
}

const simpleBuilders = Object.fromEntries(
  Object.entries(CONTRACTS).map(([name, type]): [string, Read] => [
    name,
    async ({ chain }, request) =>
      formatTransaction(buildTransaction(chain, type, request.params, request), request.visible),
  ]),
)

export const walletBuilders: Readonly<Record<string, Read>> = {
  ...simpleBuilders,
  async deploycontract({ chain }, request) {
    const transaction = buildTransaction(chain, 'CreateSmartContract', readDeployment(request), request)
    const address = createdAddress(hexToBytes(`0x${transaction.txId}`), transaction.body.owner)
    return {
      ...formatTransaction(transaction, request.visible),
      contract_address: formatAccountId(address, false),
    }
  },
}

function readDeployment({ params }: ApiRequest): Json {
  const { abi, bytecode, parameter, owner_address } = params
  return {
    owner_address,
    call_token_value: params.call_token_value,
    token_id: params.token_id,
    new_contract: {
      origin_address: owner_address,
      abi: readAbi(abi),
      bytecode: `${bytecode ?? ''}${parameter ?? ''}`,
      name: params.name,
      call_value: params.call_value,
      consume_user_resource_percent: params.consume_user_resource_percent,
      origin_energy_limit: params.origin_energy_limit,
    },
  }
}

/** The compiler's ABI, as JSON or as text, in TRON's form. Throws BadRequest. */
function readAbi(abi: unknown): Json {
  const entries = typeof abi === 'string' && abi !== '' ? parseJson(abi) : (abi ?? [])
  if (!Array.isArray(entries)) throw new BadRequest('abi is not a list')
  return {
    entrys: entries.map((entry: Json) => ({
      ...entry,
      type: capitalise(entry.type),
      ...(entry.stateMutability ? { stateMutability: capitalise(entry.stateMutability) } : {}),
    })),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new BadRequest('abi is not JSON', 200, { cause })
  }
}

function capitalise(value: unknown): string {
  const text = String(value ?? '')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** An unsigned transaction that refers to the head and lives 60 s. Throws BadRequest. */
export function buildTransaction(
  chain: Blockchain,
  type: string,
  value: Readonly<Json>,
  request: ApiRequest,
): Transaction {
  const { head } = chain
  const { refBlockBytes, refBlockHash } = refBlockOf(head)
  const permissionId = readInteger(request.params, 'Permission_id')
  const feeLimit = readInteger(request.params, 'fee_limit')
  const rawBytes = encodeRawData(
    {
      contract: [
        { parameter: { value }, type, ...(permissionId > 0 ? { Permission_id: permissionId } : {}) },
      ],
      ref_block_bytes: refBlockBytes,
      ref_block_hash: refBlockHash,
      expiration: head.timestampMs + LIFETIME_MS,
      timestamp: chain.nowMs(),
      ...(feeLimit > 0 ? { fee_limit: feeLimit } : {}),
      ...readMemo(request),
    },
    request.visible,
  )
  return decodeTransaction(rawBytes, [])
}

/** `extra_data`: text when `visible`, else hex. */
function readMemo({ params, visible }: ApiRequest): { data?: string } {
  const memo = params.extra_data
  if (typeof memo !== 'string' || memo === '') return {}
  return { data: visible ? Buffer.from(memo).toString('hex') : memo }
}
