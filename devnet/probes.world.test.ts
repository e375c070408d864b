/**
 * Bare code as a real node ran it: java-tron 4.8.0 with mainnet's parameters, asked by us on 26 November 2026. Each is a constant
 * call that deploys the code, so its energy holds 200 for each byte that it returns.
 */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Devnet, startDevnet } from './index.ts'

interface Probe {
  readonly name: string
  readonly code: string
  /** Absent where the word depends on the chain. */
  readonly returns?: string
  readonly energy?: number
  readonly error?: string
}

const { probes } = JSON.parse(
  readFileSync(new URL('./testing/java-tron-probes.json', import.meta.url), 'utf8'),
) as { readonly probes: readonly Probe[] }
/** Alice: she has an account there too. */
const OWNER = '416557f37c243d4bc317ba0f7d0a9c6e2f1c8c848d'

let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet({ chainLabel: 'probes test' })
})
afterAll(() => devnet.stop())

describe('bare code answers as on a real node', () => {
  it.each(probes)('$name', async (probe) => {
    const response = await fetch(`${devnet.url}/wallet/triggerconstantcontract`, {
      method: 'POST',
      body: JSON.stringify({ owner_address: OWNER, data: probe.code }),
    })
    const answer = await response.json()
    if (probe.error !== undefined) {
      expect(answer).toEqual({ result: { code: 'OTHER_ERROR', message: expect.any(String) } })
      expect(Buffer.from(answer.result.message, 'hex').toString()).toBe(probe.error)
      return
    }
    expect(answer.energy_used).toBe(probe.energy)
    if (probe.returns !== undefined) expect(answer.constant_result).toEqual([probe.returns])
  })

  it('was asked of all of it', () => {
    expect(probes).toHaveLength(59)
  })
})
