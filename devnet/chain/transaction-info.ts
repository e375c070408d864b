/** What the chain remembers of an applied transaction, and its JSON (`gettransactioninfobyid`). */
import { hexToBytes } from '../../lib/base/index.ts'
import { type AccountId, formatAccountId } from '../codec/account-id.ts'
import { toBareHex } from '../codec/transaction-json.ts'
import type { InternalTransaction } from '../tvm/internal-transactions.ts'
import type { EventLog } from '../tvm/machine.ts'
import type { StakedSun } from '../tvm/state.ts'
import type { ContractResult } from '../tvm/tvm-error.ts'
import { formatInternalTransaction } from './internal-transaction.ts'

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
  /** The part of it that dynamic energy added. */
  readonly energyPenalty: bigint
  /** Paid by the caller's stake, by the deployer's, and by burned TRX. */
  readonly energyFromStake: bigint
  readonly originEnergyUsed: bigint
  readonly energyFeeSun: bigint
  readonly netUsed: number
  readonly netFeeSun: bigint
  readonly logs: readonly EventLog[]
  readonly internalTransactions: readonly InternalTransaction[]
  readonly withdrawnSun: bigint
  readonly cancelledSun: StakedSun | null
}

/** The execution part of a transaction that runs no code. */
export const NO_EXECUTION = {
  result: 'SUCCESS',
  isExecution: false,
  message: null,
  returnData: new Uint8Array(0),
  contract: null,
  energyUsed: 0n,
  energyPenalty: 0n,
  energyFromStake: 0n,
  originEnergyUsed: 0n,
  energyFeeSun: 0n,
  logs: [],
  internalTransactions: [],
  withdrawnSun: 0n,
  cancelledSun: null,
} as const satisfies Partial<TransactionInfo>

/** Zero and empty fields are left out, as protobuf's JSON does. */
export function formatTransactionInfo(info: TransactionInfo, visible: boolean): Record<string, unknown> {
  const positive = (name: string, value: bigint | number) => (value > 0 ? { [name]: BigInt(value) } : {})
  return {
    ...(info.message === null
      ? {}
      : { result: 'FAILED', resMessage: visible ? info.message : Buffer.from(info.message).toString('hex') }),
    id: info.txId,
    ...positive('fee', info.feeSun),
    blockNumber: info.blockNumber,
    blockTimeStamp: info.timestampMs,
    contractResult: [toBareHex(info.returnData)],
    ...(info.contract ? { contract_address: formatAccountId(info.contract, visible) } : {}),
    receipt: {
      ...positive('energy_usage', info.energyFromStake),
      ...positive('energy_fee', info.energyFeeSun),
      ...positive('origin_energy_usage', info.originEnergyUsed),
      ...positive('energy_usage_total', info.energyUsed),
      ...positive('net_usage', info.netUsed),
      ...positive('net_fee', info.netFeeSun),
      ...(info.isExecution ? { result: info.result } : {}),
      ...positive('energy_penalty_total', info.energyPenalty),
    },
    ...(info.logs.length > 0 ? { log: info.logs.map((log) => formatLog(log, visible)) } : {}),
    ...(info.internalTransactions.length > 0
      ? {
          internal_transactions: info.internalTransactions.map((each) =>
            formatInternalTransaction(each, visible),
          ),
        }
      : {}),
    ...positive('withdraw_expire_amount', info.withdrawnSun),
    ...(info.cancelledSun
      ? {
          cancel_unfreezeV2_amount: Object.entries(info.cancelledSun).map(([key, value]) => ({ key, value })),
        }
      : {}),
  }
}

/** A log's JSON: the address is 20 bytes without 0x41 in hex, and whole in base58. */
export function formatLog(log: EventLog, visible: boolean): Record<string, unknown> {
  return {
    address: visible ? formatAccountId(log.address, true) : toBareHex(hexToBytes(log.address)),
    topics: log.topics.map((topic) => topic.slice(2)),
    ...(log.data.length > 0 ? { data: toBareHex(log.data) } : {}),
  }
}
