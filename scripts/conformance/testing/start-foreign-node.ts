/** For tests: a devnet that nobody takes for ours, as a public node without controls, and bent where a test says so. */
import { startProxy } from '../../deploy/testing/start-proxy.ts'

type Json = Record<string, unknown>

export interface Bend {
  /** Changes an answer of the devnet. */
  readonly tamper?: (path: string, body: Json, reply: Json) => Json
  /** Answers in the devnet's place. */
  readonly intercept?: (path: string, body: Json) => Json | null
}

export function startForeignNode(devnetUrl: string, { tamper, intercept }: Bend = {}) {
  return startProxy(
    devnetUrl,
    (path, body, reply) => {
      const honest =
        path === '/wallet/getnodeinfo' ? { ...reply, configNodeInfo: { codeVersion: '4.8.0' } } : reply
      return tamper?.(path, body, honest) ?? honest
    },
    intercept,
  )
}

/** java-tron as it is shipped: `vm.supportConstant = false`. */
export const withoutConstantCalls: Bend = {
  intercept: (path) =>
    path === '/wallet/triggerconstantcontract'
      ? {
          result: {
            code: 'CONTRACT_VALIDATE_ERROR',
            message: Buffer.from('this node does not support constant').toString('hex'),
          },
        }
      : null,
}

/** A node whose block 0 ends otherwise. */
export function ofChain(chainId: number): Bend {
  return {
    tamper: (path, body, reply) =>
      path === '/wallet/getblockbynum' && body.num === 0
        ? {
            ...reply,
            blockID: `${String(reply.blockID).slice(0, 56)}${chainId.toString(16).padStart(8, '0')}`,
          }
        : reply,
  }
}

const REDEEM_SELECTOR = 'bee52f13'

/** A chain on which `redeem` succeeds and moves nothing: as ours on java-tron, before the 21 bytes of `ecrecover` were known. */
export function payingNobody(): Bend {
  const swallowed = new Set<string>()
  return {
    intercept(path, body) {
      if (
        path === '/wallet/broadcasttransaction' &&
        JSON.stringify(body.raw_data).includes(`"${REDEEM_SELECTOR}`)
      ) {
        swallowed.add(String(body.txID))
        return { result: true, txid: body.txID }
      }
      if (path !== '/wallet/gettransactioninfobyid' || !swallowed.has(String(body.value))) return null
      const receipt = { result: 'SUCCESS', energy_usage_total: 17_300 }
      return { id: body.value, blockNumber: 9, fee: 1_730_000, contractResult: [''], receipt }
    },
  }
}
