/**
 * Where an account left traces on the chain: openings of its channels, keys that its purses are for. What a node says of them is a hint;
 * whoever uses it asks the contract.
 */
import { ChainError, type Hex } from '../base/index.ts'
import {
  type AbiInterface,
  type Address,
  badReply,
  type ContractLog,
  type JsonObject,
  type Network,
  readAbiAddress,
  readBytes32,
  readHex,
  readLogsOf,
  readObject,
  type TronConnection,
  toAbiAddress,
} from '../tron/index.ts'

export interface AccountTraces {
  /** Keys that its purses and channels are for. */
  readonly signers: readonly Address[]
  /** Transactions that opened its channels, whoever sent them. */
  readonly openings: readonly { readonly channelId: Hex; readonly txId: Hex }[]
}

export interface BlockScan {
  /** The first block to read, or how many of the newest; the last one is the newest when the scan begins. */
  readonly from: { readonly block: number } | { readonly newest: number }
  /** Runs after each batch: all blocks from the first up to `block` are read. */
  readonly onProgress?: (block: number, fromBlock: number, toBlock: number) => void
  readonly signal?: AbortSignal
}

const EVENTS_PER_PAGE = 200
/** A contract with more events than this is scanned by blocks: no node may keep us turning pages for ever. */
const MAX_PAGES = 100
/** No account opens so many channels. */
const MAX_TRANSACTIONS = 2_000
/** Blocks that are asked for at once. */
const BLOCKS_AT_ONCE = 8

class Traces {
  readonly #signers = new Set<Address>()
  readonly #openings = new Map<Hex, Hex>()
  readonly #owner: Address
  readonly #contract: AbiInterface

  constructor(owner: Address, contract: AbiInterface) {
    this.#owner = owner
    this.#contract = contract
  }

  add(logs: readonly ContractLog[], txId: Hex): void {
    for (const { topics, data } of logs) {
      let parsed: ReturnType<AbiInterface['parseLog']>
      try {
        parsed = this.#contract.parseLog({ topics, data })
      } catch (cause) {
        throw badReply('an event does not fit the contract', cause)
      }
      if (parsed?.name === 'Opened' && readAbiAddress(parsed.args[1]) === this.#owner) {
        this.#signers.add(readAbiAddress(parsed.args[2]))
        this.#openings.set(readBytes32(parsed.args[0]), txId)
      } else if (parsed?.name === 'Funded' && readAbiAddress(parsed.args[0]) === this.#owner)
        this.#signers.add(readAbiAddress(parsed.args[1]))
    }
  }

  read(): AccountTraces {
    return {
      signers: [...this.#signers],
      openings: [...this.#openings].map(([channelId, txId]) => ({ channelId, txId })),
    }
  }
}

/** By the node's event server; null where it has none, or more events than may be read. Throws ChainError. */
export async function findTracesByEvents(
  connection: Pick<TronConnection, 'node' | 'getTransactionInfo'>,
  network: Network,
  contract: AbiInterface,
  owner: Address,
): Promise<AccountTraces | null> {
  const txIds = new Set<Hex>()
  for (const name of ['Opened', 'Funded']) {
    const found = await listTransactions(
      connection.node,
      `/v1/contracts/${network.contract}/events?event_name=${name}`,
      owner,
    )
    if (!found) return null
    for (const txId of found) txIds.add(txId)
  }
  const traces = new Traces(owner, contract)
  for (const txId of txIds) {
    const info = await connection.getTransactionInfo(txId)
    if (info) traces.add(readLogsOf(info, network.contract), txId)
  }
  return traces.read()
}

async function listTransactions(
  node: TronConnection['node'],
  path: string,
  owner: Address,
): Promise<ReadonlySet<Hex> | null> {
  const wanted = toAbiAddress(owner).slice(2)
  const txIds = new Set<Hex>()
  let fingerprint = ''
  for (let page = 0; page < MAX_PAGES; page++) {
    const more = fingerprint && `&fingerprint=${encodeURIComponent(fingerprint)}`
    let reply: JsonObject
    try {
      reply = await node.get(`${path}&limit=${EVENTS_PER_PAGE}${more}`)
    } catch (error) {
      // A node without an event server answers so, or not in JSON.
      if (error instanceof ChainError && (error.code === 'unreachable' || error.code === 'bad-reply'))
        return null
      throw error
    }
    if (!Array.isArray(reply.data)) return null
    for (const entry of reply.data) {
      const { result, transaction_id } = readObject(entry, 'event')
      const { payer } = readObject(result, 'result')
      if (typeof payer === 'string' && payer.toLowerCase().slice(-40) === wanted)
        txIds.add(readHex(transaction_id, 32, 'transaction_id'))
    }
    if (txIds.size > MAX_TRANSACTIONS) return null
    const { fingerprint: next } = readObject(reply.meta ?? {}, 'meta')
    if (typeof next !== 'string' || next === '' || next === fingerprint || reply.data.length === 0)
      return txIds
    fingerprint = next
  }
  return null
}

/** By reading blocks. Throws ChainError, 'pruned' where the node does not keep the first of them, or the reason of `signal`. */
export async function findTracesInBlocks(
  { node }: Pick<TronConnection, 'node'>,
  network: Network,
  contract: AbiInterface,
  owner: Address,
  { from: start, onProgress, signal }: BlockScan,
  toBlock: number,
): Promise<AccountTraces> {
  const fromBlock = 'block' in start ? start.block : Math.max(1, toBlock - start.newest + 1)
  const first = await node.post('/wallet/getblockbynum', { num: fromBlock }, signal)
  if (first.blockID === undefined)
    throw new ChainError('pruned', `The node does not keep block ${fromBlock}.`)
  const traces = new Traces(owner, contract)
  for (let from = fromBlock; from <= toBlock; from += BLOCKS_AT_ONCE) {
    const to = Math.min(from + BLOCKS_AT_ONCE - 1, toBlock)
    const numbers = Array.from({ length: to - from + 1 }, (_, i) => from + i)
    const blocks = await Promise.all(
      numbers.map((num) => node.postForList('/wallet/gettransactioninfobyblocknum', { num }, signal)),
    )
    for (const entry of blocks.flat()) {
      const info = readObject(entry, 'transaction info')
      traces.add(readLogsOf(info, network.contract), readHex(info.id, 32, 'id'))
    }
    onProgress?.(to, fromBlock, toBlock)
  }
  return traces.read()
}
