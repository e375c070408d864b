/** What the chain remembers of an applied transaction, and its JSON (`gettransactioninfobyid`). */
import type { Hex } from '../../lib/units/bytes.ts'
import { hexToBytes } from '../../lib/units/bytes.ts'
import { type AccountId, formatAccountId } from '../codec/account-id.ts'
import { toBareHex } from '../codec/transaction-json.ts'

/** `contractResult` names of TRON's protocol. */
export type ContractResult =
  | 'SUCCESS'
  | 'REVERT'
  | 'BAD_JUMP_DESTINATION'
  | 'STACK_TOO_SMALL'
  | 'STACK_TOO_LARGE'
  | 'ILLEGAL_OPERATION'
  | 'OUT_OF_ENERGY'
  | 'OUT_OF_TIME'
  | 'TRANSFER_FAILED'
  | 'INVALID_CODE'
  | 'UNKNOWN'

export interface EventLog {
  readonly address: AccountId
  readonly topics: readonly Hex[]
  readonly data: Uint8Array
}

export interface TransactionInfo {
  readonly txId: string
  readonly blockNumber: number
  readonly timestampMs: number
  readonly feeSun: bigint
  readonly result: ContractResult
  /** True for calls and deployments: only those have a result in their receipt. */
  readonly isExecution: boolean
  /** The machine's words when it failed. */
  readonly message: string | null
  readonly returnData: Uint8Array
  readonly contract: AccountId | null
  readonly energyUsed: bigint
  readonly energyFeeSun: bigint
  readonly netUsed: number
  readonly netFeeSun: bigint
  readonly logs: readonly EventLog[]
}

/** Zero and empty fields are left out, as protobuf's JSON does. */
export function formatTransactionInfo(info: TransactionInfo, visible: boolean): Record<string, unknown> {
  const positive = (name: string, value: bigint | number) => (value > 0 ? { [name]: Number(value) } : {})
  return {
    ...(info.message === null
      ? {}
      : { result: 'FAILED', resMessage: Buffer.from(info.message).toString('hex') }),
    id: info.txId,
    ...positive('fee', info.feeSun),
    blockNumber: info.blockNumber,
    blockTimeStamp: info.timestampMs,
    contractResult: [toBareHex(info.returnData)],
    ...(info.contract ? { contract_address: formatAccountId(info.contract, visible) } : {}),
    receipt: {
      ...positive('energy_fee', info.energyFeeSun),
      ...positive('energy_usage_total', info.energyUsed),
      ...positive('net_usage', info.netUsed),
      ...positive('net_fee', info.netFeeSun),
      ...(info.isExecution ? { result: info.result } : {}),
    },
    ...(info.logs.length > 0 ? { log: info.logs.map(formatLog) } : {}),
  }
}

/** A log's JSON: the address is 20 bytes, without 0x41. */
export function formatLog(log: EventLog): Record<string, unknown> {
  return {
    address: toBareHex(hexToBytes(log.address)),
    topics: log.topics.map((topic) => topic.slice(2)),
    ...(log.data.length > 0 ? { data: toBareHex(log.data) } : {}),
  }
}
