/** `/devnet/…`: what only a test may do to a chain. Served when the devnet was started with `controls`. */
import type { Blockchain } from '../chain/blockchain.ts'
import { BadRequest } from '../devnet-error.ts'
import { readInteger } from './request.ts'
import type { Endpoint } from './router.ts'

/** Ten years: time never goes back. */
const MAX_ADVANCE_SEC = 315_360_000

/** POST mine, POST advance {seconds}, GET status. */
export function createControlEndpoint(chain: Blockchain): Endpoint {
  return async (request) => {
    const [room, name, ...rest] = request.path.split('/')
    if (room !== 'devnet' || rest.length > 0) return null
    if (name === 'mine' && request.method === 'POST') await chain.mine()
    else if (name === 'advance' && request.method === 'POST') {
      const seconds = readInteger(request.params, 'seconds')
      if (seconds > MAX_ADVANCE_SEC) throw new BadRequest('seconds is at most 315360000', 400)
      await chain.advance(seconds)
    } else if (name !== 'status') return null
    return { kind: 'json', body: describeChain(chain) }
  }
}

function describeChain(chain: Blockchain): Record<string, unknown> {
  return {
    chainId: chain.chainId,
    blockNumber: chain.head.number,
    blockId: chain.head.id,
    blockTimestampMs: chain.head.timestampMs,
    nowMs: chain.nowMs(),
  }
}
