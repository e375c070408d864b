/** What a transaction asks for, by contract type: the fields of its message, checked and typed. */
import { type AbiEntry, readAbi } from './abi-entry.ts'
import { type AccountId, accountIdFromBytes } from './account-id.ts'
import { RESOURCES } from './contract-schemas.ts'
import type { Message } from './message.ts'

export interface ContractCreation {
  readonly originAddress: AccountId
  /** The SmartContract message as it came, for `getcontract`. */
  readonly message: Message
  readonly abi: readonly AbiEntry[]
  readonly bytecode: Uint8Array
  readonly callValueSun: bigint
  readonly userPercent: bigint
  readonly name: string
  readonly originEnergyLimit: bigint
}

export type Resource = (typeof RESOURCES)[number]

/** One owner's or one active group's keys: an action passes when the weights of its signers reach the threshold. */
export interface Permission {
  readonly type: 'Owner' | 'Witness' | 'Active'
  readonly id: number
  readonly name: string
  readonly threshold: bigint
  readonly parentId: number
  /** 32 bytes, a bit a contract type; empty for an owner. */
  readonly operations: Uint8Array
  readonly keys: readonly { readonly address: AccountId; readonly weight: bigint }[]
}

interface Owned {
  readonly owner: AccountId
}

interface TokenCall {
  readonly callTokenAmount: bigint
  readonly tokenId: bigint
}

export type ContractBody = Owned &
  (
    | { readonly type: 'AccountCreateContract'; readonly account: AccountId }
    | { readonly type: 'TransferContract'; readonly to: AccountId; readonly amountSun: bigint }
    | {
        readonly type: 'TransferAssetContract'
        readonly to: AccountId
        /** The numeric id as text, "1002000". */
        readonly tokenId: string
        readonly amount: bigint
      }
    | ({ readonly type: 'CreateSmartContract'; readonly creation: ContractCreation } & TokenCall)
    | ({
        readonly type: 'TriggerSmartContract'
        readonly contract: AccountId
        readonly callValueSun: bigint
        readonly data: Uint8Array
      } & TokenCall)
    | {
        readonly type: 'AccountPermissionUpdateContract'
        readonly ownerPermission: Permission | null
        readonly witnessPermission: Permission | null
        readonly actives: readonly Permission[]
      }
    | {
        readonly type: 'FreezeBalanceV2Contract' | 'UnfreezeBalanceV2Contract'
        readonly amountSun: bigint
        /** null for a number that names no resource. */
        readonly resource: Resource | null
      }
    | { readonly type: 'WithdrawExpireUnfreezeContract' | 'CancelAllUnfreezeV2Contract' }
    | {
        readonly type: 'DelegateResourceContract' | 'UnDelegateResourceContract'
        readonly amountSun: bigint
        readonly resource: Resource | null
        readonly receiver: AccountId
        readonly lock: boolean
        /** In blocks; 0 for the default of three days. */
        readonly lockPeriod: bigint
      }
  )

/** Types a decoded contract message. Throws RangeError on a malformed address. */
export function readContractBody(type: ContractBody['type'], value: Message): ContractBody {
  const owner = readId(value, 'owner_address')
  switch (type) {
    case 'AccountCreateContract':
      return { type, owner, account: readId(value, 'account_address') }
    case 'TransferContract':
      return { type, owner, to: readId(value, 'to_address'), amountSun: readInt64(value, 'amount') }
    case 'TransferAssetContract': {
      const tokenId = new TextDecoder().decode(readBytes(value, 'asset_name'))
      return { type, owner, tokenId, to: readId(value, 'to_address'), amount: readInt64(value, 'amount') }
    }
    case 'TriggerSmartContract':
      return {
        type,
        owner,
        contract: readId(value, 'contract_address'),
        callValueSun: readInt64(value, 'call_value'),
        data: readBytes(value, 'data'),
        ...readToken(value),
      }
    case 'CreateSmartContract':
      return {
        type,
        owner,
        creation: readCreation((value.new_contract ?? {}) as Message),
        ...readToken(value),
      }
    case 'AccountPermissionUpdateContract':
      return {
        type,
        owner,
        ownerPermission: value.owner ? readPermission(value.owner as Message) : null,
        witnessPermission: value.witness ? readPermission(value.witness as Message) : null,
        actives: ((value.actives ?? []) as readonly Message[]).map(readPermission),
      }
    case 'FreezeBalanceV2Contract':
      return { type, owner, amountSun: readInt64(value, 'frozen_balance'), resource: readResource(value) }
    case 'UnfreezeBalanceV2Contract':
      return { type, owner, amountSun: readInt64(value, 'unfreeze_balance'), resource: readResource(value) }
    case 'WithdrawExpireUnfreezeContract':
    case 'CancelAllUnfreezeV2Contract':
      return { type, owner }
    case 'DelegateResourceContract':
    case 'UnDelegateResourceContract':
      return {
        type,
        owner,
        amountSun: readInt64(value, 'balance'),
        resource: readResource(value),
        receiver: readId(value, 'receiver_address'),
        lock: value.lock === true,
        lockPeriod: readInt64(value, 'lock_period'),
      }
  }
}

function readCreation(message: Message): ContractCreation {
  return {
    message,
    originAddress: readId(message, 'origin_address'),
    abi: readAbi((message.abi ?? {}) as Message),
    bytecode: readBytes(message, 'bytecode'),
    callValueSun: readInt64(message, 'call_value'),
    userPercent: readInt64(message, 'consume_user_resource_percent'),
    name: String(message.name ?? ''),
    originEnergyLimit: readInt64(message, 'origin_energy_limit'),
  }
}

const PERMISSION_TYPES = ['Owner', 'Witness', 'Active'] as const

function readPermission(message: Message): Permission {
  const keys = (message.keys ?? []) as readonly Message[]
  return {
    type: PERMISSION_TYPES[Number(message.type ?? 0)] ?? 'Owner',
    id: Number(message.id ?? 0),
    name: String(message.permission_name ?? ''),
    threshold: readInt64(message, 'threshold'),
    parentId: Number(message.parent_id ?? 0),
    operations: readBytes(message, 'operations'),
    keys: keys.map((key) => ({ address: readId(key, 'address'), weight: readInt64(key, 'weight') })),
  }
}

function readToken(value: Message): TokenCall {
  return { callTokenAmount: readInt64(value, 'call_token_value'), tokenId: readInt64(value, 'token_id') }
}

function readResource(value: Message): Resource | null {
  return RESOURCES[Number(value.resource ?? 0)] ?? null
}

function readInt64(value: Message, name: string): bigint {
  return (value[name] ?? 0n) as bigint
}

function readBytes(value: Message, name: string): Uint8Array {
  return (value[name] ?? new Uint8Array(0)) as Uint8Array
}

function readId(value: Message, name: string): AccountId {
  const id = accountIdFromBytes(readBytes(value, name))
  if (!id) throw new RangeError(`Invalid ${name}`)
  return id
}
