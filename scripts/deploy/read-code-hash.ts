/** What code stands at an address, named by its hash. */

import { type Hex, hexToBytes } from '../../lib/base/index.ts'
import type { Address } from '../../lib/tron/index.ts'
import { type NodeClient, readHex, toAccountHex } from '../../lib/tron/index.ts'
import { hashCode } from './contract-code.ts'

export const CODE_READS_WHEN_FRESH = 10
const CODE_READ_EVERY_MS = 1_000

/** Null when there is no code. Another node behind the same host may be a block behind: so it asks some times. */
export async function readCodeHash(node: NodeClient, contract: Address, reads: number): Promise<Hex | null> {
  for (let read = 1; ; read++) {
    const info = await node.post('/wallet/getcontractinfo', { value: toAccountHex(contract) })
    const code = hexToBytes(readHex(info.runtimecode ?? '', null, 'runtimecode'))
    if (code.length > 0) return hashCode(code)
    if (read >= reads) return null
    await new Promise((resolve) => setTimeout(resolve, CODE_READ_EVERY_MS))
  }
}
