/** What a node is, before anything is sent to it. */

import { ChainError } from '../../lib/base/index.ts'
import type { Address, ChainPrices } from '../../lib/tron/index.ts'
import {
  createNodeClient,
  createPriceReader,
  type NodeClient,
  readChainId,
  readHead,
  readObject,
  readWords,
  toAccountHex,
} from '../../lib/tron/index.ts'
import { ConformanceStop, fail } from './exit-codes.ts'

export interface NodeAbout {
  readonly node: NodeClient
  readonly url: string
  /** How far apart `node` keeps its calls; 0 where it need not. */
  readonly distanceMs: number
  readonly chainId: number
  readonly headTimeSec: number
  readonly prices: ChainPrices
  /** As the node names it; '' when it does not say. */
  readonly version: string
  readonly isOurDevnet: boolean
  /** Our devnet's clock can be moved. */
  readonly hasControls: boolean
  /** Whether a page may speak to it without a proxy. */
  readonly hasCors: boolean
}

const OUR_VERSION = 'piecemeal-devnet'

/** Throws ConformanceStop 'unreachable', or 'failed' for a node that no client of ours can use. */
export async function inspectNode(url: string, node: NodeClient = createNodeClient(url)): Promise<NodeAbout> {
  try {
    const [chainId, head, prices] = [
      await readChainId(node),
      await readHead(node),
      await createPriceReader(node)(),
    ]
    // Gateways may close it for good, with the number by which they also say "too often": nobody waits for it.
    const version = await readVersion(createNodeClient(url))
    const isOurDevnet = version === OUR_VERSION
    return {
      ...{ node, url, distanceMs: 0, chainId, prices, version, isOurDevnet },
      headTimeSec: Math.floor(head.timestampMs / 1000),
      hasControls: isOurDevnet && (await hasControls(url)),
      hasCors: await hasCors(url),
    }
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    if (error.code === 'unreachable')
      throw new ConformanceStop(
        'unreachable',
        `the node ${url} cannot be used: ${error.message} Nothing was sent.`,
        {
          cause: error,
        },
      )
    throw fail(`the node ${url} cannot be used: ${error.message} Nothing was sent.`, error)
  }
}

/**
 * Every read of ours is a constant call, which java-tron refuses as it is shipped. `owner` has been seen on the chain.
 * Throws ConformanceStop, ChainError.
 */
export async function expectConstantCalls(node: NodeClient, owner: Address): Promise<void> {
  const reply = await node.post('/wallet/triggerconstantcontract', {
    owner_address: toAccountHex(owner),
    data: '00',
    visible: false,
  })
  const result = readObject(reply.result ?? {}, 'result')
  if (result.result === true) return
  const words = readWords(result.message)
  throw fail(
    /support ?constant/i.test(words)
      ? `the node refuses constant calls (“${words}”): set vm.supportConstant = true in its configuration. Nothing was sent.`
      : `the node refuses a constant call (“${words || String(result.code)}”), and every read of ours is one. Nothing was sent.`,
  )
}

async function readVersion(node: NodeClient): Promise<string> {
  try {
    const info = await node.post('/wallet/getnodeinfo', {})
    return readWords(readObject(info.configNodeInfo ?? {}, 'configNodeInfo').codeVersion)
  } catch (error) {
    if (error instanceof ChainError) return ''
    throw error
  }
}

async function hasControls(url: string): Promise<boolean> {
  const response = await fetch(`${url}/devnet/status`).catch(() => null)
  return response?.ok === true && (response.headers.get('content-type') ?? '').includes('json')
}

async function hasCors(url: string): Promise<boolean> {
  const response = await fetch(`${url}/wallet/getnowblock`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://piecemeal.invalid',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    },
  }).catch(() => null)
  const allowed = response?.headers.get('access-control-allow-origin') ?? ''
  return response?.ok === true && (allowed === '*' || allowed === 'https://piecemeal.invalid')
}
