/** Which path leads where. */
import type { Blockchain } from '../chain/blockchain.ts'
import { eventEndpoint } from './event-endpoints.ts'
import type { ApiRequest } from './request.ts'
import type { ApiResponse, Handler } from './server.ts'
import { walletChecks } from './wallet-checks.ts'
import { walletReads } from './wallet-reads.ts'
import { walletWrites } from './wallet-writes.ts'

/** A further part of the API; null when the path is not its own. */
export type Endpoint = (request: ApiRequest) => Promise<ApiResponse | null>

export interface RouterOptions {
  readonly chain: Blockchain
  /** Tried first, in order. */
  readonly extra: readonly Endpoint[]
}

export function createRouter(options: RouterOptions): Handler {
  const { chain } = options
  return async (request) => {
    for (const endpoint of options.extra) {
      const response = await endpoint(request)
      if (response) return response
    }
    const [room, name = '', ...rest] = request.path.split('/')
    if (room === 'v1') return eventEndpoint(chain, request, chain.solidNumber)
    if ((room !== 'wallet' && room !== 'walletsolidity') || rest.length > 0) return null
    await chain.refreshHead()
    if (Object.hasOwn(walletReads, name)) {
      const shown = room === 'walletsolidity' ? chain.solidNumber : chain.head.number
      return { kind: 'json', body: await chain.read(() => walletReads[name]!(chain, request, shown)) }
    }
    const endpoints = { ...walletWrites, ...walletChecks }
    if (!Object.hasOwn(endpoints, name)) return null
    return { kind: 'json', body: await endpoints[name]!(chain, request) }
  }
}
