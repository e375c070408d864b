/** What the shipped contracts are compiled from and how; forge's own settings are for the tests only. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const contractsDir = fileURLToPath(new URL('../../contracts/', import.meta.url))

/** PUSH0 is live on TRON; later opcodes are unproven there. No metadata hash: the same source gives the same bytes anywhere. */
export const solcSettings = {
  evmVersion: 'shanghai',
  viaIR: true,
  optimizer: { enabled: true, runs: 1_000_000 },
  metadata: { bytecodeHash: 'none', appendCBOR: false },
} as const

/** Every source below contracts/src by its path from contracts/, in a stable order. */
export function readSources(): Record<string, { content: string }> {
  const names = readdirSync(join(contractsDir, 'src'), { recursive: true, encoding: 'utf8' })
  const paths = names
    .filter((name) => name.endsWith('.sol'))
    .map((name) => `src/${name.replaceAll('\\', '/')}`)
    .sort()
  return Object.fromEntries(
    paths.map((path) => [path, { content: readFileSync(join(contractsDir, path), 'utf8') }]),
  )
}
