/** The `Chain` port over a TRON node: SwarmChannels and its token. tronweb, which it encodes with, is loaded on the first call. */
import { ChainError } from '../base/index.ts'
import type { Address, Network, NodeClient } from '../tron/index.ts'
import {
  connectNode,
  createContractClient,
  createTokenClient,
  type PricedCall,
  readBigint,
  readFate,
  readLogsOf,
  readReceipt,
  toAbiAddress,
} from '../tron/index.ts'
import { toAmount } from '../units/index.ts'
import { encodeCall } from './calls.ts'
import type { Chain, ContractCall, RedeemRow } from './chain.ts'
import { SWARM_CHANNELS_ERRORS } from './errors.ts'
import { findTracesByEvents, findTracesInBlocks } from './find-traces.ts'
import { swarmChannelsAbi } from './generated/abi.ts'
import { readEvents } from './read-events.ts'
import { readOpening } from './read-opening.ts'
import { encodeSeatKey, readSeatLooks } from './read-seat-looks.ts'
import { createSeatLooks } from './seat-looks.ts'

/**
 * Connects to a network. The node's chain id is checked before the first answer is used and again after each failure:
 * every method throws ChainError 'wrong-network' on another chain, 'unreachable' or 'bad-reply' when the node fails.
 * Rejects only when tronweb's chunk cannot be loaded. `client` speaks to the network's node; a program that has to spare it brings its own.
 */
export async function connectChain(network: Network, client?: NodeClient): Promise<Chain> {
  const connection = await connectNode(network, client)
  const contract = createContractClient(connection, {
    address: network.contract,
    abi: swarmChannelsAbi,
    errorWords: SWARM_CHANNELS_ERRORS,
  })
  const token = createTokenClient(connection, network.token)
  const getAllowance: Chain['getAllowance'] = (owner) => token.getAllowance(owner, network.contract)
  const look = createSeatLooks(async (keys) =>
    readSeatLooks(await contract.read('look', [keys.map(encodeSeatKey)]), keys.length),
  )
  const getSeat: Chain['getSeat'] = async (channelId, payee) => {
    const { cap, claimed } = await look({ channelId, payee })
    return { cap, claimed }
  }

  async function price(call: ContractCall, from: Address): Promise<PricedCall> {
    if (call.kind === 'approve') return token.priceApprove(network.contract, call.amount, from)
    const onChain = call.kind === 'redeem' ? await findSeatsOnChain(call.rows, getSeat) : new Set<string>()
    try {
      const priced = await contract.price(
        encodeCall(call, (row) => onChain.has(seatKey(row))),
        from,
      )
      if (call.kind === 'redeem' && readBigint(priced.output[0]) === 0n)
        throw new ChainError('nothing-to-redeem', 'The chain would pay nothing for these vouchers now.')
      return priced
    } catch (error) {
      throw await explainFunding(error, call, from)
    }
  }

  /** The token's own words differ from token to token: say what is missing. */
  async function explainFunding(error: unknown, call: ContractCall, from: Address): Promise<unknown> {
    if (call.kind !== 'fund' && call.kind !== 'fundAndOpen') return error
    if (!(error instanceof ChainError) || error.code === 'unreachable') return error
    const [balance, allowance] = await Promise.all([token.getBalance(from), getAllowance(from)])
    if (balance < call.amount)
      return new ChainError('too-little-btt', 'The account holds less BTT than the amount.', { cause: error })
    if (allowance < call.amount)
      return new ChainError('not-approved', 'The contract may not take that much BTT yet.', { cause: error })
    return error
  }

  return {
    network,
    getHeadTimeMs: connection.getHeadTimeMs,
    getPrices: connection.getPrices,
    getTrxBalance: connection.getTrxBalance,
    getMeans: connection.getMeans,
    getBttBalance: token.getBalance,
    getAllowance,
    getSeat,
    async getPurse(payer, signer) {
      const purse = await contract.read('purse', [toAbiAddress(payer), toAbiAddress(signer)])
      return { balance: toAmount(readBigint(purse[0])), untilSec: readBigint(purse[1]) }
    },
    async getChannel(channelId) {
      return (await look({ channelId, payee: null })).channel
    },
    async estimateFee(call, from) {
      return (await price(call, from)).quote
    },
    async send(call, signer, onBroadcast, signal) {
      signal?.throwIfAborted()
      // Read once: a wallet may change its account at any moment.
      const owner = signer.address
      return connection.sendPriced(await price(call, owner), signer, owner, onBroadcast, signal)
    },
    async getReceipt(txId) {
      const info = await connection.getTransactionInfo(txId)
      return info && readReceipt(info, txId, contract.abi)
    },
    async getFate(txId) {
      return readFate(await connection.getTransactionInfo(txId), txId, contract.abi)
    },
    getHeads: connection.getHeads,
    getPayout: (txId, payee) => token.getTransferred(txId, network.contract, payee),
    async getEvents(txId) {
      const info = await connection.getTransactionInfo(txId)
      if (info === null) return []
      readReceipt(info, txId, contract.abi)
      return readEvents(readLogsOf(info, network.contract), txId, contract.abi)
    },
    findTraces: (owner) => findTracesByEvents(connection, network, contract.abi, owner),
    scanTraces: async (owner, scan) =>
      findTracesInBlocks(connection, network, contract.abi, owner, scan, await connection.getHeadNumber()),
    async build(call, from) {
      const { unsigned, quote } = await price(call, from)
      return { unsigned, quote }
    },
    async getOpening(txId) {
      return readOpening(await connection.getTransaction(txId), network, contract.abi)
    },
  }
}

const seatKey = (row: RedeemRow): string => `${row.channelId}/${row.payee}`

/** One call of the node for all of them: `getSeat` gathers what is asked for at once. */
async function findSeatsOnChain(rows: readonly RedeemRow[], getSeat: Chain['getSeat']): Promise<Set<string>> {
  const unproven = new Map(rows.filter((row) => row.proof).map((row) => [seatKey(row), row]))
  const found = new Set<string>()
  const look = async ([key, row]: readonly [string, RedeemRow]): Promise<void> => {
    const { cap } = await getSeat(row.channelId, row.payee)
    if (row.proof && cap >= row.proof.leaf.cap && cap > 0n) found.add(key)
  }
  await Promise.all([...unproven].map(look))
  return found
}
