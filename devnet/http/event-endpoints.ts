/** Contract events as the event server prints them: decoded by the contract's ABI, newest first. */

import { bytesToHex } from '../../lib/base/index.ts'
import type { Blockchain, StoredTransaction } from '../chain/blockchain.ts'
import { type AccountId, accountIdToAddress, parseAccountId } from '../codec/account-id.ts'
import { BadRequest } from '../devnet-error.ts'
import type { EventLog } from '../tvm/machine.ts'
import { type ApiRequest, readInteger } from './request.ts'
import type { Endpoint } from './router.ts'
import type { ApiResponse } from './server.ts'

type Json = Record<string, unknown>
const MAX_EVENTS = 200

/** `v1/contracts/:address/events`, `v1/transactions/:id/events`, `v1/blocks/:number/events`; null when none of them. */
export function createEventEndpoint(chain: Blockchain): Endpoint {
  return async (request) => {
    const [room, kind, key = '', last] = request.path.split('/')
    return room === 'v1' && last === 'events' ? answerEvents(chain, request, kind, key) : null
  }
}

function answerEvents(
  chain: Blockchain,
  request: ApiRequest,
  kind: string | undefined,
  key: string,
): ApiResponse {
  const txIds = listTransactions(chain, kind, key)
  if (txIds === null)
    return { kind: 'json', httpStatus: 400, body: { success: false, error: `invalid ${kind}` } }
  const contract = kind === 'contracts' ? parseAccountId(key) : null
  const filter = readFilter(chain, request, chain.solidNumber, contract)
  return { kind: 'json', body: page(chain, txIds, filter, request) }
}

/** Ids of the transactions that can have the events, oldest first; null when the key names nothing. */
function listTransactions(
  chain: Blockchain,
  kind: string | undefined,
  key: string,
): readonly string[] | null {
  if (kind === 'contracts') {
    const id = parseAccountId(key)
    return id && chain.listTransactionsWithLogsOf(id)
  }
  if (kind === 'transactions') return /^[0-9a-fA-F]{64}$/.test(key) ? [key.toLowerCase()] : null
  if (kind === 'blocks' && /^(latest|\d{1,15})$/.test(key)) {
    return (key === 'latest' ? chain.head : chain.getBlock(Number(key)))?.txIds ?? []
  }
  return null
}

/** What a query wants, in checks that need no decoding. */
interface EventFilter {
  readonly contract: AccountId | null
  readonly wantsTransaction: (stored: StoredTransaction) => boolean
  readonly wantsLog: (log: EventLog) => boolean
  readonly solidNumber: number
}

function readFilter(
  chain: Blockchain,
  { params }: ApiRequest,
  solidNumber: number,
  contract: AccountId | null,
): EventFilter {
  const isTrue = (value: unknown) => value === 'true' || value === true
  const blockNumber = readInteger(params, 'block_number', -1)
  const from = readInteger(params, 'min_block_timestamp', 0)
  const to = readInteger(params, 'max_block_timestamp', Number.MAX_SAFE_INTEGER)
  const name = String(params.event_name ?? '')
  const topicsByContract = new Map<AccountId, ReadonlySet<string>>()
  const topicsOf = (address: AccountId) => {
    const known = topicsByContract.get(address) ?? listTopics(chain, address, name)
    topicsByContract.set(address, known)
    return known
  }
  return {
    contract,
    solidNumber,
    wantsTransaction(stored) {
      const { info } = stored
      if (!chain.isSealed(stored) || info.timestampMs < from || info.timestampMs > to) return false
      if (blockNumber >= 0 && info.blockNumber !== blockNumber) return false
      const isConfirmed = info.blockNumber <= solidNumber
      return isConfirmed ? !isTrue(params.only_unconfirmed) : !isTrue(params.only_confirmed)
    },
    wantsLog: (log) =>
      (contract === null || log.address === contract) &&
      (name === '' || topicsOf(log.address).has(log.topics[0] ?? '0x')),
  }
}

/** First topics of the events that a contract's ABI has under a name: to look at them costs no decoding. */
function listTopics(chain: Blockchain, address: AccountId, name: string): ReadonlySet<string> {
  const topics = new Set<string>()
  chain.contracts.get(address)?.abi.forEachEvent((event) => {
    if (event.name === name && !event.anonymous) topics.add(event.topicHash)
  })
  return topics
}

interface Position {
  /** In the list of transactions, oldest first: it stays the same as the chain grows. */
  readonly row: number
  readonly log: number
}

/**
 * One page, found without decoding or collecting the rest. `fingerprint` is the place of the last event of the page before,
 * so new events move nothing.
 */
function page(
  chain: Blockchain,
  txIds: readonly string[],
  filter: EventFilter,
  { params }: ApiRequest,
): Json {
  const isAscending = String(params.order_by ?? '').endsWith(',asc')
  const limit = Math.max(1, Math.min(readInteger(params, 'limit', 20), MAX_EVENTS))
  const after = readFingerprint(params.fingerprint)
  const data: Json[] = []
  let lastPlace: Position | null = null
  let fingerprint: string | null = null
  for (const place of walk(chain, txIds, filter, { isAscending, after })) {
    if (data.length === limit && lastPlace) {
      fingerprint = `${lastPlace.row}-${lastPlace.log}`
      break
    }
    data.push(formatEvent(chain, chain.getTransaction(txIds[place.row]!)!, place.log, filter.solidNumber))
    lastPlace = place
  }
  return {
    success: true,
    data,
    meta: { at: chain.nowMs(), page_size: data.length, ...(fingerprint ? { fingerprint } : {}) },
  }
}

/** The places of the wanted events after one, in order. */
function* walk(
  chain: Blockchain,
  txIds: readonly string[],
  filter: EventFilter,
  order: { readonly isAscending: boolean; readonly after: Position | null },
): Generator<Position> {
  const { isAscending, after } = order
  const step = isAscending ? 1 : -1
  const firstRow = after?.row ?? (isAscending ? 0 : txIds.length - 1)
  for (let row = firstRow; row >= 0 && row < txIds.length; row += step) {
    const stored = chain.getTransaction(txIds[row]!)
    if (!stored || !filter.wantsTransaction(stored)) continue
    const { logs } = stored.info
    const resumed = after?.row === row ? after.log + step : null
    for (
      let log = resumed ?? (isAscending ? 0 : logs.length - 1);
      log >= 0 && log < logs.length;
      log += step
    ) {
      if (filter.wantsLog(logs[log]!)) yield { row, log }
    }
  }
}

/** Throws BadRequest on one that this API did not give. */
function readFingerprint(value: unknown): Position | null {
  if (value === undefined || value === null || value === '') return null
  const match = /^(\d{1,12})-(\d{1,12})$/.exec(String(value))
  if (!match) throw new BadRequest('invalid fingerprint', 400)
  return { row: Number(match[1]), log: Number(match[2]) }
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
