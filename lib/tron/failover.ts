/** One node of several: the next is asked when one is away, and stays the one that is asked until it is away in its turn. */
import { ChainError } from '../base/index.ts'
import { BROADCAST_PATH } from './broadcast.ts'
import type { NodeClient } from './node-client.ts'

/** Codes that say more of the node than of what was asked. */
const NODE_IS_AWAY: ReadonlySet<string> = new Set(['unreachable', 'bad-reply', 'wrong-network'])

/**
 * `nodes`: in the order of preference, at least one. When none answers, what the first one asked threw is thrown. A broadcast is asked of
 * one node only: whoever lost its answer looks the transaction up before another try (see `broadcast`), and that look-up turns to the next.
 */
export function createFailoverNode(nodes: readonly [NodeClient, ...NodeClient[]]): NodeClient {
  let current = 0
  async function ask<T>(run: (node: NodeClient) => Promise<T>): Promise<T> {
    let lost: unknown = null
    for (const index of [...nodes.keys()].map((offset) => (current + offset) % nodes.length)) {
      try {
        const answer = await run(nodes[index] ?? nodes[0])
        current = index
        return answer
      } catch (error) {
        if (!(error instanceof ChainError) || !NODE_IS_AWAY.has(error.code)) throw error
        lost ??= error
      }
    }
    throw lost
  }
  return {
    post: (path, body, signal) =>
      path === BROADCAST_PATH
        ? (nodes[current] ?? nodes[0]).post(path, body, signal)
        : ask((node) => node.post(path, body, signal)),
    postForList: (path, body, signal) => ask((node) => node.postForList(path, body, signal)),
    get: (path, signal) => ask((node) => node.get(path, signal)),
  }
}
