/** Which path leads where. */
import type { Blockchain } from '../chain/blockchain.ts'
import { viewNewest, viewSolidified } from './chain-view.ts'
import { eventEndpoint } from './event-endpoints.ts'
import type { ApiRequest } from './request.ts'
import type { ApiResponse, Handler } from './server.ts'
import { walletAccounts } from './wallet-accounts.ts'
import { walletBuilders } from './wallet-builders.ts'
import { walletChecks } from './wallet-checks.ts'
import { walletReads } from './wallet-reads.ts'
import { solidityCalls, walletWrites } from './wallet-writes.ts'

/** A further part of the API; null when the path is not its own. */
export type Endpoint = (request: ApiRequest) => Promise<ApiResponse | null>

export interface RouterOptions {
  readonly chain: Blockchain
  /** Tried first, in order. */
  readonly extra: readonly Endpoint[]
}

const reads = { ...walletReads, ...walletAccounts, ...walletBuilders, ...walletChecks }

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
    if (Object.hasOwn(reads, name)) {
      const view = room === 'walletsolidity' ? viewSolidified : viewNewest
      return { kind: 'json', body: await chain.read(() => reads[name]!(view(chain), request)) }
    }
    const isSolidity = room === 'walletsolidity'
    const calls = isSolidity ? solidityCalls : walletWrites
    if (!Object.hasOwn(calls, name)) return null
    return { kind: 'json', body: await calls[name]!(chain, request, isSolidity ? 'solidified' : 'newest') }
  }
}
