/**
 * A TRON node as everything of ours sees it. Invariant: its chain id is checked before the first answer is used and again after
 * each failure, so that nothing of another chain is ever believed.
 */
import { ChainError, type Hex } from '../base/index.ts'
import { type FeeSun, toFeeSun } from '../units/index.ts'
import type { Address } from './address.ts'
import { broadcast, isFateUnknown, waitForReceipt } from './broadcast.ts'
import { createFailoverNode } from './failover.ts'
import {
  type AccountMeans,
  type ChainPrices,
  checkAffordable,
  createPriceReader,
  type FeeQuote,
  readMeans,
} from './fees.ts'
import type { Network } from './network.ts'
import { createNodeClient, type JsonObject, type NodeClient, readCount } from './node-client.ts'
import {
  type BlockHead,
  checkSigned,
  LIFETIME_MS,
  readChainId,
  readHead,
  readSolidHead,
  type TransactionSigner,
  toAccountHex,
  type UnsignedTransaction,
} from './transaction.ts'
import { isMined, type TransactionReceipt } from './transaction-info.ts'
import { type AbiInterface, loadTronCodec, type TronCodec } from './tronweb-codec.ts'

/** A call that was simulated and built: what it costs, what it answered, and what is to be signed. */
export interface PricedCall {
  readonly quote: FeeQuote
  readonly output: ArrayLike<unknown>
  readonly unsigned: UnsignedTransaction
  /** Of the contract called: names what a block may refuse. */
  readonly abi: AbiInterface
}

/** The newest block, and the newest that nobody can take back. */
export interface ChainHeads {
  readonly head: BlockHead
  readonly solid: BlockHead
}

/** Every method throws ChainError 'wrong-network' on another chain, 'unreachable' or 'bad-reply' when the node fails. */
export interface TronConnection {
  readonly node: NodeClient
  readonly codec: TronCodec
  /** The newest block's time: what was to be in a block before it and is not can come no more. */
  getHeadTimeMs(): Promise<number>
  getHeadNumber(): Promise<number>
  getHeads(): Promise<ChainHeads>
  getPrices(): Promise<ChainPrices>
  getTrxBalance(address: Address): Promise<FeeSun>
  getMeans(address: Address): Promise<AccountMeans>
  /** A transaction as the node has it; an empty object while it is unknown. */
  getTransaction(txId: Hex): Promise<JsonObject>
  /** What became of a transaction; null while no block has it. */
  getTransactionInfo(txId: Hex): Promise<JsonObject | null>
  /**
   * Has a priced call signed, broadcasts it and waits for the receipt. `onBroadcast` runs once the node has taken it, and also
   * when nobody can tell whether it has (the call then throws 'unreachable' or 'bad-reply'): persist the id, and look it up
   * before another try. Throws WalletError (refused), ChainError (fee, expiry, node), and FailedTransaction once a block has
   * it and it failed there.
   */
  sendPriced(
    priced: PricedCall,
    signer: TransactionSigner,
    owner: Address,
    onBroadcast?: (txId: Hex) => void,
    signal?: AbortSignal,
  ): Promise<TransactionReceipt>
}

/** A block takes 3 s; a node that catches up after a short loss is not turned away. */
const MAX_BEHIND_MS = 3 * 60_000

/**
 * Connects to a network's nodes. Rejects only when tronweb's chunk cannot be loaded. `client` speaks to `fullHost`; a program that has
 * to spare it brings its own.
 */
export async function connectNode(
  network: Pick<Network, 'fullHost' | 'otherHosts' | 'apiKey' | 'chainId' | 'label'>,
  client: NodeClient = createNodeClient(network.fullHost, { apiKey: network.apiKey }),
): Promise<TronConnection> {
  const codec = await loadTronCodec()
  const others = (network.otherHosts ?? []).map((host) => createNodeClient(host))
  const check = (one: NodeClient): NodeClient => createCheckedNode(network, one)
  const node = createFailoverNode([check(client), ...others.map(check)])
  const getPrices = createPriceReader(node)
  return {
    node,
    codec,
    getPrices,
    getHeadNumber: async () => (await readHead(node)).number,
    async getHeads() {
      const head = await readHead(node)
      return { head, solid: await readSolidHead(node, head) }
    },
    getHeadTimeMs: async () => (await readHead(node)).timestampMs,
    async getTrxBalance(address) {
      const account = await node.post('/wallet/getaccount', { address: toAccountHex(address) })
      return toFeeSun(BigInt(readCount(account.balance, 'balance')))
    },
    getMeans: (address) => readMeans(node, address),
    getTransaction: (txId) => node.post('/wallet/gettransactionbyid', { value: txId.slice(2) }),
    async getTransactionInfo(txId) {
      const info = await node.post('/wallet/gettransactioninfobyid', { value: txId.slice(2) })
      return isMined(info) ? info : null
    },
    async sendPriced({ quote, unsigned, abi }, signer, owner, onBroadcast, signal) {
      checkFresh(unsigned)
      await checkAffordable(node, owner, quote, await getPrices())
      signal?.throwIfAborted()
      const signed = checkSigned(unsigned, await signer.signTransaction(structuredClone(unsigned)), owner)
      signal?.throwIfAborted()
      const txId: Hex = `0x${signed.txID}`
      try {
        await broadcast(node, signed)
      } catch (error) {
        // Its fate is unknown, so its id must be kept: a later `getTransactionInfo` tells.
        if (isFateUnknown(error)) onBroadcast?.(txId)
        throw error
      }
      onBroadcast?.(txId)
      const expiresAtMs = Number(unsigned.raw_data.expiration)
      return waitForReceipt(node, { txId, expiresAtMs }, abi, signal)
    },
  }
}

/**
 * Nobody is asked to sign what the network would refuse as too late: a node that is behind builds on an old block. Throws ChainError
 * 'node-behind'; it is also what a clock that is ahead looks like.
 */
function checkFresh({ raw_data }: UnsignedTransaction): void {
  const behindMs = Date.now() - (Number(raw_data.expiration) - LIFETIME_MS)
  if (behindMs > MAX_BEHIND_MS)
    throw new ChainError(
      'node-behind',
      `The node’s newest block is ${Math.round(behindMs / 60_000)} minutes old by this computer’s clock.`,
    )
}

/** A client that lets nothing through before it has seen that the node is of the right chain. */
function createCheckedNode(network: Pick<Network, 'chainId' | 'label'>, node: NodeClient): NodeClient {
  let checking: Promise<void> | null = null
  const check = async (): Promise<void> => {
    const chainId = await readChainId(node)
    if (chainId !== network.chainId)
      throw new ChainError('wrong-network', `The node serves chain ${chainId}, not ${network.label}.`)
  }
  async function checked<T>(ask: () => Promise<T>): Promise<T> {
    checking ??= check()
    try {
      await checking
      return await ask()
    } catch (error) {
      // The next call asks again: the node may have come back, or another one in its place.
      if (error instanceof ChainError) checking = null
      throw error
    }
  }
  return {
    post: (path, body, signal) => checked(() => node.post(path, body, signal)),
    postForList: (path, body, signal) => checked(() => node.postForList(path, body, signal)),
    get: (path, signal) => checked(() => node.get(path, signal)),
  }
}
