/** Receipts and logs out of `gettransactioninfobyid`, held to their shapes. */

import type { Hex } from '../base/index.ts'
import { type Amount, type FeeSun, toAmount, toFeeSun } from '../units/index.ts'
import { toAbiAddress } from './abi-word.ts'
import type { Address } from './address.ts'
import { decodeFailedResult } from './chain-errors.ts'
import { FailedTransaction } from './failed-transaction.ts'
import { badReply, type JsonObject, readCount, readHex, readObject, readWords } from './node-client.ts'
import type { AbiInterface } from './tronweb-codec.ts'

/** What became of a transaction that a block took. */
export interface TransactionReceipt {
  readonly txId: Hex
  readonly blockNumber: number
  readonly feeSun: FeeSun
  readonly energy: number
}

/** True when the node knows the transaction's fate; `{}` means not yet. */
export function isMined(info: JsonObject): boolean {
  return info.id !== undefined
}

/** The receipt of a mined transaction. Throws FailedTransaction with the decoded revert, or ChainError when it is nonsense. */
export function readReceipt(info: JsonObject, txId: Hex, contract: AbiInterface): TransactionReceipt {
  if (readHex(info.id, 32, 'id') !== txId) throw badReply('it is about another transaction')
  const receipt = readObject(info.receipt ?? {}, 'receipt')
  const result = receipt.result ?? 'SUCCESS'
  if (info.result === 'FAILED' || result !== 'SUCCESS') {
    const results = Array.isArray(info.contractResult) ? info.contractResult : []
    const data = readHex(results[0] ?? '', null, 'contractResult')
    const reason = decodeFailedResult(String(result), data, contract, readWords(info.resMessage))
    throw new FailedTransaction(reason, { txId, feeSun: readFee(info) })
  }
  return {
    txId,
    blockNumber: readCount(info.blockNumber, 'blockNumber'),
    feeSun: readFee(info),
    energy: readCount(receipt.energy_usage_total, 'energy_usage_total'),
  }
}

/** Where a transaction stands on the node's chain. */
export type TransactionFate =
  | { readonly status: 'missing' }
  | {
      readonly status: 'mined'
      readonly blockNumber: number
      readonly feeSun: FeeSun
      /** null: it succeeded. */
      readonly failure: FailedTransaction | null
    }

/** What `info` says became of a transaction; null where no block has it. Throws ChainError 'bad-reply'. */
export function readFate(info: JsonObject | null, txId: Hex, contract: AbiInterface): TransactionFate {
  if (info === null) return { status: 'missing' }
  try {
    const { blockNumber, feeSun } = readReceipt(info, txId, contract)
    return { status: 'mined', blockNumber, feeSun, failure: null }
  } catch (error) {
    if (!(error instanceof FailedTransaction)) throw error
    const blockNumber = readCount(info.blockNumber, 'blockNumber')
    return { status: 'mined', blockNumber, feeSun: error.feeSun, failure: error }
  }
}

const readFee = (info: JsonObject): FeeSun => toFeeSun(BigInt(readCount(info.fee, 'fee')))

/** The logs of one contract, in their order. Throws ChainError 'bad-reply'. */
export function readLogsOf(info: JsonObject, contract: Address): readonly ContractLog[] {
  const ours = toAbiAddress(contract)
  return readLogs(info).filter(({ address }) => address === ours)
}

export interface ContractLog {
  readonly topics: readonly Hex[]
  readonly data: Hex
}

interface Log extends ContractLog {
  /** As the ABI has it. */
  readonly address: string
}

function readLogs(info: JsonObject): Log[] {
  const logs = info.log ?? []
  if (!Array.isArray(logs)) throw badReply('log is not a list')
  return logs.map((entry) => {
    const log = readObject(entry, 'log')
    // java-tron writes 20 bytes here; other nodes write 21.
    const address = readHex(log.address, null, 'log address').replace(/^0x41(?=.{40}$)/, '0x')
    if (!Array.isArray(log.topics)) throw badReply('topics is not a list')
    const topics = log.topics.map((topic) => readHex(topic, 32, 'topic'))
    return { address, topics, data: readHex(log.data ?? '', null, 'log data') }
  })
}

/** keccak256("Transfer(address,address,uint256)"): the same in every TRC-20. */
const TRANSFER_TOPIC = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'

/** What `token` moved from `from` to `to`, by its own events. Throws ChainError 'bad-reply'. */
export function readTransferred(info: JsonObject, token: Address, from: Address, to: Address): Amount {
  const route = [from, to].map((address) => `0x${toAbiAddress(address).slice(2).padStart(64, '0')}`)
  const wanted = [TRANSFER_TOPIC, ...route].join()
  return readLogs(info)
    .filter(({ address, topics }) => address === toAbiAddress(token) && topics.join() === wanted)
    .reduce<Amount>((sum, { data }) => toAmount(sum + BigInt(readHex(data, 32, 'log data'))), toAmount(0n))
}
