/**
 * The messages of TRON's protocol that the devnet takes. Field numbers and names are those of java-tron's
 * protocol/src/main/protos/core/{Tron.proto,contract/*.proto}.
 */
import type { FieldSchema, MessageSchema } from './message.ts'

const ACCOUNT_TYPES = ['Normal', 'AssetIssue', 'Contract'] as const
const PERMISSION_TYPES = ['Owner', 'Witness', 'Active'] as const
export const RESOURCES = ['BANDWIDTH', 'ENERGY', 'TRON_POWER'] as const

type FieldRow = readonly [number, string, FieldSchema['kind'], 'repeated'?]

function message(name: string, ...rows: readonly FieldRow[]): MessageSchema {
  const fields = rows.map(([number, field, kind, repeated]): FieldSchema => {
    const schema = { number, name: field, kind }
    return repeated ? { ...schema, repeated: true } : schema
  })
  return { name, fields }
}

const OWNER: FieldRow = [1, 'owner_address', 'address']

const ABI_PARAM = message(
  'ABI.Entry.Param',
  [1, 'indexed', 'bool'],
  [2, 'name', 'string'],
  [3, 'type', 'string'],
)
const ABI_ENTRY = message(
  'ABI.Entry',
  [1, 'anonymous', 'bool'],
  [2, 'constant', 'bool'],
  [3, 'name', 'string'],
  [4, 'inputs', ABI_PARAM, 'repeated'],
  [5, 'outputs', ABI_PARAM, 'repeated'],
  [6, 'type', ['UnknownEntryType', 'Constructor', 'Function', 'Event', 'Fallback', 'Receive', 'Error']],
  [7, 'payable', 'bool'],
  [8, 'stateMutability', ['UnknownMutabilityType', 'Pure', 'View', 'Nonpayable', 'Payable']],
)
const ABI = message('ABI', [1, 'entrys', ABI_ENTRY, 'repeated'])
export const SMART_CONTRACT = message(
  'SmartContract',
  [1, 'origin_address', 'address'],
  [2, 'contract_address', 'address'],
  [3, 'abi', ABI],
  [4, 'bytecode', 'bytes'],
  [5, 'call_value', 'int64'],
  [6, 'consume_user_resource_percent', 'int64'],
  [7, 'name', 'string'],
  [8, 'origin_energy_limit', 'int64'],
  [9, 'code_hash', 'bytes'],
  [10, 'trx_hash', 'bytes'],
  [11, 'version', 'int32'],
)
const KEY = message('Key', [1, 'address', 'address'], [2, 'weight', 'int64'])
export const PERMISSION = message(
  'Permission',
  [1, 'type', PERMISSION_TYPES],
  [2, 'id', 'int32'],
  [3, 'permission_name', 'string'],
  [4, 'threshold', 'int64'],
  [5, 'parent_id', 'int32'],
  [6, 'operations', 'bytes'],
  [7, 'keys', KEY, 'repeated'],
)

/** Contract messages by their ContractType; the message's name is the type's. */
const CONTRACTS_BY_NUMBER = {
  0: message('AccountCreateContract', OWNER, [2, 'account_address', 'address'], [3, 'type', ACCOUNT_TYPES]),
  1: message('TransferContract', OWNER, [2, 'to_address', 'address'], [3, 'amount', 'int64']),
  2: message(
    'TransferAssetContract',
    [1, 'asset_name', 'text'],
    [2, 'owner_address', 'address'],
    [3, 'to_address', 'address'],
    [4, 'amount', 'int64'],
  ),
  30: message(
    'CreateSmartContract',
    OWNER,
    [2, 'new_contract', SMART_CONTRACT],
    [3, 'call_token_value', 'int64'],
    [4, 'token_id', 'int64'],
  ),
  31: message(
    'TriggerSmartContract',
    OWNER,
    [2, 'contract_address', 'address'],
    [3, 'call_value', 'int64'],
    [4, 'data', 'bytes'],
    [5, 'call_token_value', 'int64'],
    [6, 'token_id', 'int64'],
  ),
  46: message(
    'AccountPermissionUpdateContract',
    OWNER,
    [2, 'owner', PERMISSION],
    [3, 'witness', PERMISSION],
    [4, 'actives', PERMISSION, 'repeated'],
  ),
  54: message('FreezeBalanceV2Contract', OWNER, [2, 'frozen_balance', 'int64'], [3, 'resource', RESOURCES]),
  55: message(
    'UnfreezeBalanceV2Contract',
    OWNER,
    [2, 'unfreeze_balance', 'int64'],
    [3, 'resource', RESOURCES],
  ),
  56: message('WithdrawExpireUnfreezeContract', OWNER),
  57: message(
    'DelegateResourceContract',
    OWNER,
    [2, 'resource', RESOURCES],
    [3, 'balance', 'int64'],
    [4, 'receiver_address', 'address'],
    [5, 'lock', 'bool'],
    [6, 'lock_period', 'int64'],
  ),
  58: message(
    'UnDelegateResourceContract',
    OWNER,
    [2, 'resource', RESOURCES],
    [3, 'balance', 'int64'],
    [4, 'receiver_address', 'address'],
  ),
  59: message('CancelAllUnfreezeV2Contract', OWNER),
} as const satisfies Record<number, MessageSchema>

export interface ContractType {
  readonly number: number
  readonly schema: MessageSchema
}

const CONTRACT_TYPES = Object.entries(CONTRACTS_BY_NUMBER).map(
  ([number, schema]): ContractType => ({ number: Number(number), schema }),
)

export function findContractType(wanted: number | string): ContractType | undefined {
  return CONTRACT_TYPES.find(({ number, schema }) => number === wanted || schema.name === wanted)
}
