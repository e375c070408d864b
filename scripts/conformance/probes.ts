/** Bare code that a real java-tron node has answered, asked again: which word, and how much energy. Costs nothing. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Address } from '../../lib/tron/index.ts'
import { type NodeClient, readObject, toAccountHex } from '../../lib/tron/index.ts'

interface Probe {
  readonly name: string
  /** Bare hex. */
  readonly code: string
  readonly returns?: string
  readonly energy?: number
  readonly error?: string
  readonly note?: string
}

export interface ProbeDifference {
  readonly name: string
  readonly wanted: string
  readonly got: string
}

export interface ProbeReport {
  readonly equal: number
  readonly different: readonly ProbeDifference[]
}

/**
 * Asks all, one after the other, as an account that the chain knows: some ask about their caller. `energySun` is the node's
 * price, which BASEFEE answers. Throws ChainError.
 */
export async function runProbes(node: NodeClient, owner: Address, energySun: bigint): Promise<ProbeReport> {
  const different: ProbeDifference[] = []
  const probes = readProbes()
  for (const probe of probes) {
    const reply = await node.post('/wallet/triggerconstantcontract', {
      owner_address: toAccountHex(owner),
      data: probe.code,
      visible: false,
    })
    const wanted = describeWanted(probe, energySun)
    const got = describeReply(probe, reply)
    if (got !== wanted) different.push({ name: probe.name, wanted, got })
  }
  return { equal: probes.length - different.length, different }
}

function readProbes(): readonly Probe[] {
  const path = fileURLToPath(new URL('../../devnet/testing/java-tron-probes.json', import.meta.url))
  return (JSON.parse(readFileSync(path, 'utf8')) as { probes: readonly Probe[] }).probes
}

function describeWanted({ name, returns, energy, error, note }: Probe, energySun: bigint): string {
  if (error !== undefined) return cutToException(error)
  const word = name === 'BASEFEE' ? energySun.toString(16).padStart(64, '0') : (returns ?? shapeOf(note))
  return `${word}, ${energy} energy`
}

function describeReply(probe: Probe, reply: Readonly<Record<string, unknown>>): string {
  const { result, message } = readObject(reply.result ?? {}, 'result')
  const words = Buffer.from(String(message ?? ''), 'hex').toString('utf8')
  if (result !== true) return cutToException(words)
  const word = String((Array.isArray(reply.constant_result) ? reply.constant_result[0] : null) ?? '')
  const is21Bytes = /^0{22}41[0-9a-f]{40}$/.test(word)
  const shown = probe.returns !== undefined ? word : is21Bytes ? '21 bytes' : 'any word'
  return `${shown}, ${String(reply.energy_used)} energy`
}

const shapeOf = (note = ''): string => (note.includes('21 bytes') ? '21 bytes' : 'any word')

/** Which operation the time ran out at is chance. */
function cutToException(words: string): string {
  return words.includes('OutOfTimeException') ? 'OutOfTimeException' : words
}
