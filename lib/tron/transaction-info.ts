/** Receipts and events out of `gettransactioninfobyid`, decoded by our own ABI and never by the node's. */
import {
  type Amount,
  bytesToHex,
  type FeeSun,
  type Hex,
  hexToBytes,
  toAmount,
  toFeeSun,
} from '../units/index.ts'
import { type Address, addressFromBytes } from './address.ts'
import type { SwarmEvent, TransactionReceipt } from './chain.ts'
import { decodeFailedResult } from './chain-errors.ts'
import { toAbiAddress } from './contract-call.ts'
import { FailedTransaction } from './failed-transaction.ts'
import { badReply, type JsonObject, readCount, readHex, readObject, readWords } from './node-client.ts'
import type { AbiInterface } from './tronweb-codec.ts'

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

const readFee = (info: JsonObject): FeeSun => toFeeSun(BigInt(readCount(info.fee, 'fee')))

/** The contract's own events, in order; those of other contracts and kinds that nobody asks for are left out. */
export function readEvents(
  info: JsonObject,
  txId: Hex,
  contractAddress: Address,
  contract: AbiInterface,
): SwarmEvent[] {
  const ours = toAbiAddress(contractAddress)
  return readLogs(info)
    .filter(({ address }) => address === ours)
    .flatMap(({ topics, data }) => decodeEvent(contract, topics, data, txId) ?? [])
}

interface Log {
  readonly address: string
  readonly topics: readonly Hex[]
  readonly data: Hex
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

function decodeEvent(
  contract: AbiInterface,
  topics: readonly Hex[],
  data: Hex,
  txId: Hex,
): SwarmEvent | null {
  let parsed: ReturnType<AbiInterface['parseLog']>
  try {
    parsed = contract.parseLog({ topics, data })
    if (!parsed) return null
    const { name, args } = parsed
    switch (name) {
      case 'Opened':
        return {
          kind: name,
          channelId: readBytes32(args[0]),
          payer: readAbiAddress(args[1]),
          total: toAmount(readBigint(args[4])),
          txId,
        }
      case 'Closing':
        return { kind: name, channelId: readBytes32(args[0]), closeAtSec: readBigint(args[1]), txId }
      case 'SeatPaid':
        return {
          kind: name,
          channelId: readBytes32(args[0]),
          payee: readAbiAddress(args[1]),
          amount: toAmount(readBigint(args[2])),
          txId,
        }
      case 'Settled':
        return { kind: name, channelId: readBytes32(args[0]), refund: toAmount(readBigint(args[1])), txId }
      default:
        return null
    }
  } catch (cause) {
    throw badReply('an event does not fit the contract', cause)
  }
}

/** A decoded uint as a bigint. Throws ChainError 'bad-reply'. */
export function readBigint(value: unknown): bigint {
  if (typeof value !== 'bigint' || value < 0n) throw badReply('a number is missing')
  return value
}

/** A decoded address. Throws ChainError 'bad-reply'. */
export function readAbiAddress(value: unknown): Address {
  return addressFromBytes(hexToBytes(readHex(value, 20, 'address')))
}

function readBytes32(value: unknown): Hex {
  return bytesToHex(hexToBytes(readHex(value, 32, 'bytes32')))
}
