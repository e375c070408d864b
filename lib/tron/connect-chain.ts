/** The `Chain` port over a TRON node's HTTP API. tronweb, which it encodes with, is loaded on the first call. */
import { ChainError, type Hex, toAmount, toFeeSun } from '../units/index.ts'
import type { Address } from './address.ts'
import { broadcast, isFateUnknown, waitForReceipt } from './broadcast.ts'
import type { Chain, ContractCall, FeeQuote, RedeemRow } from './chain.ts'
import { type ConstantResult, callConstant } from './constant-call.ts'
import { encodeCall, toAbiAddress } from './contract-call.ts'
import { checkAffordable, createPriceReader, feeLimitOf, quoteFee } from './fees.ts'
import { swarmChannelsAbi, trc20Abi } from './generated/abi.ts'
import type { Network } from './network.ts'
import { createNodeClient, type NodeClient, readCount } from './node-client.ts'
import { readOpening } from './read-opening.ts'
import { encodeSeatKey, readSeatLooks } from './read-seat-looks.ts'
import { createSeatLooks } from './seat-looks.ts'
import {
  bandwidthOf,
  buildTransaction,
  checkSigned,
  checkSize,
  readChainId,
  readHead,
  toAccountHex,
  type UnsignedTransaction,
} from './transaction.ts'
import { isMined, readBigint, readEvents, readReceipt, readTransferred } from './transaction-info.ts'
import { type AbiInterface, loadTronCodec } from './tronweb-codec.ts'

interface Priced {
  readonly quote: FeeQuote
  readonly unsigned: UnsignedTransaction
}

/**
 * Connects to a network. The node's chain id is checked before the first answer is used and again after each failure:
 * every method throws ChainError 'wrong-network' on another chain, 'unreachable' or 'bad-reply' when the node fails.
 * Rejects only when tronweb's chunk cannot be loaded. `client` speaks to the network's node; a program that has to spare it brings its own.
 */
export async function connectChain(
  network: Network,
  client: NodeClient = createNodeClient(network.fullHost),
): Promise<Chain> {
  const codec = await loadTronCodec()
  const node = createCheckedNode(network, client)
  const contract = codec.createInterface(swarmChannelsAbi)
  const token = codec.createInterface(trc20Abi)
  const readPrices = createPriceReader(node)

  const createReader =
    (target: Address, abi: AbiInterface) =>
    async (functionName: string, args: readonly unknown[]): Promise<ArrayLike<unknown>> =>
      (await callConstant(node, { target, functionName, args, from: network.contract }, abi, abi)).output
  const readContract = createReader(network.contract, contract)
  const readToken = createReader(network.token, token)

  const getBttBalance: Chain['getBttBalance'] = async (address) =>
    toAmount(readBigint((await readToken('balanceOf', [toAbiAddress(address)]))[0]))
  const getAllowance: Chain['getAllowance'] = async (owner) =>
    toAmount(
      readBigint((await readToken('allowance', [toAbiAddress(owner), toAbiAddress(network.contract)]))[0]),
    )
  const look = createSeatLooks(async (keys) =>
    readSeatLooks(await readContract('look', [keys.map(encodeSeatKey)]), keys.length),
  )
  const getSeat: Chain['getSeat'] = async (channelId, payee) => {
    const { cap, claimed } = await look({ channelId, payee })
    return { cap, claimed }
  }

  /** Simulates a call, then builds its transaction. */
  async function price(call: ContractCall, from: Address): Promise<Priced> {
    const onChain = call.kind === 'redeem' ? await findSeatsOnChain(call.rows, getSeat) : new Set<string>()
    const abiCall = encodeCall(call, network.contract, (row) => onChain.has(seatKey(row)))
    const isToken = abiCall.target === 'token'
    const target = isToken ? network.token : network.contract
    const [simulated, prices, head] = await Promise.all([
      simulate({ ...abiCall, target, from }, isToken ? token : contract, call),
      readPrices(),
      readHead(node),
    ])
    if (call.kind === 'redeem' && readBigint(simulated.output[0]) === 0n)
      throw new ChainError('nothing-to-redeem', 'The chain would pay nothing for these vouchers now.')
    const terms = { owner: from, target, data: simulated.data, head }
    const unsigned = buildTransaction(codec, { ...terms, feeLimitSun: feeLimitOf(simulated.energy, prices) })
    checkSize(unsigned)
    return { quote: quoteFee(simulated.energy, bandwidthOf(unsigned.raw_data_hex), prices), unsigned }
  }

  async function simulate(
    constant: Parameters<typeof callConstant>[1],
    abi: AbiInterface,
    call: ContractCall,
  ): Promise<ConstantResult> {
    try {
      return await callConstant(node, constant, abi, contract)
    } catch (error) {
      throw await explainFunding(error, call, constant.from)
    }
  }

  /** The token's own words differ from token to token: say what is missing. */
  async function explainFunding(error: unknown, call: ContractCall, from: Address): Promise<unknown> {
    if (call.kind !== 'fund' && call.kind !== 'fundAndOpen') return error
    if (!(error instanceof ChainError) || error.code === 'unreachable') return error
    const [balance, allowance] = await Promise.all([getBttBalance(from), getAllowance(from)])
    if (balance < call.amount)
      return new ChainError('too-little-btt', 'The account holds less BTT than the amount.', { cause: error })
    if (allowance < call.amount)
      return new ChainError('not-approved', 'The contract may not take that much BTT yet.', { cause: error })
    return error
  }

  return {
    network,
    getHeadTimeMs: async () => (await readHead(node)).timestampMs,
    getPrices: readPrices,
    async getTrxBalance(address) {
      const account = await node.post('/wallet/getaccount', { address: toAccountHex(address) })
      return toFeeSun(BigInt(readCount(account.balance, 'balance')))
    },
    getBttBalance,
    getAllowance,
    getSeat,
    async getPurse(payer, signer) {
      const purse = await readContract('purse', [toAbiAddress(payer), toAbiAddress(signer)])
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
      const { quote, unsigned } = await price(call, owner)
      await checkAffordable(node, owner, quote, await readPrices())
      signal?.throwIfAborted()
      const signed = checkSigned(unsigned, await signer.signTransaction(structuredClone(unsigned)), owner)
      signal?.throwIfAborted()
      const txId: Hex = `0x${signed.txID}`
      try {
        await broadcast(node, signed)
      } catch (error) {
        // Its fate is unknown, so its id must be kept: a later `getReceipt` tells.
        if (isFateUnknown(error)) onBroadcast?.(txId)
        throw error
      }
      onBroadcast?.(txId)
      const expiresAtMs = Number(unsigned.raw_data.expiration)
      return waitForReceipt(node, { txId, expiresAtMs }, contract, signal)
    },
    async getReceipt(txId) {
      const info = await node.post('/wallet/gettransactioninfobyid', { value: txId.slice(2) })
      return isMined(info) ? readReceipt(info, txId, contract) : null
    },
    async getPayout(txId, payee) {
      const info = await node.post('/wallet/gettransactioninfobyid', { value: txId.slice(2) })
      if (!isMined(info)) return toAmount(0n)
      readReceipt(info, txId, contract)
      return readTransferred(info, network.token, network.contract, payee)
    },
    async getEvents(txId) {
      const info = await node.post('/wallet/gettransactioninfobyid', { value: txId.slice(2) })
      if (!isMined(info)) return []
      readReceipt(info, txId, contract)
      return readEvents(info, txId, network.contract, contract)
    },
    async getOpening(txId) {
      const transaction = await node.post('/wallet/gettransactionbyid', { value: txId.slice(2) })
      return readOpening(transaction, network, contract)
    },
  }
}

/** A client that lets nothing through before it has seen that the node is of the right chain. */
function createCheckedNode(network: Network, node: NodeClient): NodeClient {
  let checking: Promise<void> | null = null
  const check = async (): Promise<void> => {
    const chainId = await readChainId(node)
    if (chainId !== network.chainId)
      throw new ChainError('wrong-network', `The node serves chain ${chainId}, not ${network.label}.`)
  }
  return {
    async post(path, body, signal) {
      checking ??= check()
      try {
        await checking
        return await node.post(path, body, signal)
      } catch (error) {
        // The next call asks again: the node may have come back, or another one in its place.
        if (error instanceof ChainError) checking = null
        throw error
      }
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
