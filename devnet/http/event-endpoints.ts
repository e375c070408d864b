/** Contract events as the event server prints them: decoded by the contract's ABI, newest first. */

import { bytesToHex } from '../../lib/units/bytes.ts'
import type { Blockchain, StoredTransaction } from '../chain/blockchain.ts'
import type { EventLog } from '../chain/transaction-info.ts'
import { accountIdToAddress, parseAccountId } from '../codec/account-id.ts'
import { type ApiRequest, readInteger } from './request.ts'
import type { ApiResponse } from './server.ts'

type Json = Record<string, unknown>
const MAX_EVENTS = 200

/** `v1/contracts/:address/events`, `v1/transactions/:id/events`, `v1/blocks/:number/events`; null when none of them. */
export async function eventEndpoint(
  chain: Blockchain,
  request: ApiRequest,
  solidNumber: number,
): Promise<ApiResponse | null> {
  const [, kind, key = '', last] = request.path.split('/')
  if (last !== 'events') return null
  const rows = findTransactions(chain, kind, key)
  if (rows === null)
    return { kind: 'json', httpStatus: 400, body: { success: false, error: `invalid ${kind}` } }
  const contract = kind === 'contracts' ? parseAccountId(key) : null
  const events = rows
    .filter((stored) => chain.isSealed(stored))
    .flatMap((stored) =>
      stored.info.logs.map((log, index) => ({ log, json: formatEvent(chain, stored, index, solidNumber) })),
    )
    .filter(({ log }) => contract === null || log.address === contract)
    .map(({ json }) => json)
    .filter((event) => isWanted(event, request))
  return { kind: 'json', body: page(chain, events, request) }
}

function findTransactions(
  chain: Blockchain,
  kind: string | undefined,
  key: string,
): StoredTransaction[] | null {
  const load = (txIds: readonly string[]) => txIds.flatMap((txId) => chain.getTransaction(txId) ?? [])
  if (kind === 'contracts') {
    const id = parseAccountId(key)
    return id && load(chain.listTransactionsWithLogsOf(id))
  }
  if (kind === 'transactions') return /^[0-9a-fA-F]{64}$/.test(key) ? load([key.toLowerCase()]) : null
  if (kind === 'blocks' && /^(latest|\d{1,15})$/.test(key)) {
    return load((key === 'latest' ? chain.head : chain.getBlock(Number(key)))?.txIds ?? [])
  }
  return null
}

function formatEvent(chain: Blockchain, stored: StoredTransaction, index: number, solidNumber: number): Json {
  const { info } = stored
  const log = info.logs[index]!
  const address = accountIdToAddress(log.address)
  return {
    block_number: info.blockNumber,
    block_timestamp: info.timestampMs,
    caller_contract_address: info.contract ? accountIdToAddress(info.contract) : address,
    contract_address: address,
    event_index: index,
    ...decodeLog(chain, log),
    transaction_id: info.txId,
    ...(info.blockNumber > solidNumber ? { _unconfirmed: true } : {}),
  }
}

interface DecodedLog {
  readonly event_name: string
  readonly event: string
  readonly result: Json
  readonly result_type: Json
}

/** Name, signature, values by position and by name; empty when the contract's ABI has no such event. */
function decodeLog(chain: Blockchain, log: EventLog): DecodedLog {
  const parsed = parseLog(chain, log)
  if (!parsed) return { event_name: '', event: '', result: {}, result_type: {} }
  const result: Json = {}
  const resultType: Json = {}
  parsed.fragment.inputs.forEach((input, index) => {
    const value = formatValue(parsed.args[index])
    result[index] = value
    if (input.name) result[input.name] = value
    resultType[input.name || index] = input.type
  })
  return {
    event_name: parsed.name,
    event: parsed.fragment.format('full').replace(/^event /, ''),
    result,
    result_type: resultType,
  }
}

/** Data that does not fit the ABI stays unread. */
function parseLog(chain: Blockchain, log: EventLog) {
  try {
    const abi = chain.contracts.get(log.address)?.abi
    return abi?.parseLog({ topics: [...log.topics], data: bytesToHex(log.data) }) ?? null
  } catch (cause) {
    if (cause instanceof Error) return null
    throw cause
  }
}

function formatValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(formatValue)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value)) return value.toLowerCase()
  if (typeof value === 'string' && value.startsWith('0x')) return value.slice(2)
  return typeof value === 'boolean' ? String(value) : value
}

function isWanted(event: Json, { params }: ApiRequest): boolean {
  const isTrue = (value: unknown) => value === 'true' || value === true
  if (params.event_name && event.event_name !== params.event_name) return false
  if (params.block_number && event.block_number !== Number(params.block_number)) return false
  if (isTrue(params.only_confirmed) && event._unconfirmed) return false
  if (isTrue(params.only_unconfirmed) && !event._unconfirmed) return false
  const timestamp = Number(event.block_timestamp)
  if (params.min_block_timestamp && timestamp < Number(params.min_block_timestamp)) return false
  return !(params.max_block_timestamp && timestamp > Number(params.max_block_timestamp))
}

/** Pages by an offset in `fingerprint`. */
function page(chain: Blockchain, events: Json[], { params }: ApiRequest): Json {
  if (!String(params.order_by ?? '').endsWith(',asc')) events.reverse()
  const limit = Math.min(readInteger(params, 'limit', 20), MAX_EVENTS)
  const offset = readInteger(params, 'fingerprint')
  const data = events.slice(offset, offset + limit)
  const hasMore = offset + limit < events.length
  return {
    success: true,
    data,
    meta: {
      at: chain.nowMs(),
      page_size: data.length,
      ...(hasMore ? { fingerprint: String(offset + limit) } : {}),
    },
  }
}
