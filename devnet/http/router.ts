/** Which path leads where. */
import type { Blockchain } from '../chain/blockchain.ts'
import { viewNewest, viewSolidified } from './chain-view.ts'
import type { ApiRequest } from './request.ts'
import type { ApiResponse, Handler } from './server.ts'
import { walletAccounts } from './wallet-accounts.ts'
import { walletBuilders } from './wallet-builders.ts'
import { walletChecks } from './wallet-checks.ts'
import { walletReads } from './wallet-reads.ts'
import { solidityCalls, walletWrites } from './wallet-writes.ts'

/** A further part of the API; null when the path is not its own. */
export type Endpoint = (request: ApiRequest) => Promise<ApiResponse | null>

export type Room = 'wallet' | 'walletsolidity'

export interface RouterOptions {
  readonly chain: Blockchain
  /** Tried first, in order. */
  readonly extra: readonly Endpoint[]
  /** What this port serves of a node's own. */
  readonly rooms: readonly Room[]
}

const reads = { ...walletReads, ...walletAccounts, ...walletBuilders, ...walletChecks }

export function createRouter({ chain, extra, rooms }: RouterOptions): Handler {
  return async (request) => {
    const [roomName, name = '', ...rest] = request.path.split('/')
    const room = rooms.find((each) => each === roomName)
    const isSolidity = room === 'walletsolidity'
    const calls = isSolidity ? solidityCalls : walletWrites
    // Calls say themselves what they could not read.
    if (request.unreadable && !(room && rest.length === 0 && Object.hasOwn(calls, name)))
      throw request.unreadable
    for (const endpoint of extra) {
      const response = await endpoint(request)
      if (response) return response
    }
    if (!room || rest.length > 0) return null
    await chain.refreshHead()
    if (Object.hasOwn(reads, name)) {
      const view = isSolidity ? viewSolidified : viewNewest
      return { kind: 'json', body: await chain.read(() => reads[name]!(view(chain), request)) }
    }
    if (!Object.hasOwn(calls, name)) return null
    return { kind: 'json', body: await calls[name]!(chain, request, isSolidity ? 'solidified' : 'newest') }
  }
}
