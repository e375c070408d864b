/**
 * Compiles contracts/src into contracts/artifacts/*.json and the ABIs in lib. With `--check` it writes nothing
 * and fails when a file differs from what it would write.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { program } from '../run/ensure-install.mjs'
import { contractsDir, readSources, solcSettings } from './solc-input.ts'

interface Compiled {
  readonly abi: readonly unknown[]
  readonly evm: {
    readonly bytecode: { object: string }
    readonly deployedBytecode: { object: string; immutableReferences?: ImmutableReferences }
  }
}
/** Where the constructor writes each immutable into the code, by the id of its declaration. */
type ImmutableReferences = Readonly<Record<string, readonly { start: number; length: number }[]>>
interface SolcOutput {
  readonly sources?: Record<string, { readonly ast: unknown }>
  readonly errors?: readonly { severity: string; formattedMessage: string }[]
  readonly contracts?: Record<string, Record<string, Compiled>>
}
interface Solc {
  version(): string
  compile(input: string): string
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const targets = [
  { source: 'src/channels/SwarmChannels.sol', contractName: 'SwarmChannels' },
  { source: 'src/shared/testing/BttToken.sol', contractName: 'BttToken' },
] as const

function compileAll(): { files: Map<string, string>; warnings: string[] } {
  const solc = createRequire(import.meta.url)('solc') as Solc
  const sources = readSources()
  const input = JSON.stringify({
    language: 'Solidity',
    sources,
    settings: {
      ...solcSettings,
      outputSelection: {
        '*': {
          '': ['ast'],
          '*': [
            'abi',
            'evm.bytecode.object',
            'evm.deployedBytecode.object',
            'evm.deployedBytecode.immutableReferences',
          ],
        },
      },
    },
  })
  const output = JSON.parse(solc.compile(input)) as SolcOutput
  const messages = output.errors ?? []
  const errors = messages.filter((message) => message.severity === 'error')
  if (errors.length > 0) throw new Error(errors.map((error) => error.formattedMessage).join('\n'))

  const sourceHash = createHash('sha256').update(input).digest('hex')
  const files = new Map<string, string>()
  const abis = new Map<string, readonly unknown[]>()
  for (const { source, contractName } of targets) {
    const compiled = output.contracts?.[source]?.[contractName]
    if (!compiled) throw new Error(`${contractName} was not compiled`)
    abis.set(contractName, compiled.abi)
    const artifact = {
      contractName,
      abi: compiled.abi,
      bytecode: `0x${compiled.evm.bytecode.object}`,
      deployedBytecode: `0x${compiled.evm.deployedBytecode.object}`,
      immutables: nameImmutables(
        compiled.evm.deployedBytecode.immutableReferences ?? {},
        Object.values(output.sources ?? {}).map(({ ast }) => ast),
      ),
      compiler: { version: solc.version(), settings: solcSettings },
      sourceHash,
    }
    files.set(
      join(contractsDir, 'artifacts', `${contractName}.json`),
      `${JSON.stringify(artifact, null, 2)}\n`,
    )
  }
  files.set(
    join(root, 'lib/channels/generated/abi.ts'),
    formatTypeScript('swarmChannelsAbi', abis.get('SwarmChannels') ?? []),
  )
  files.set(
    join(root, 'lib/tron/generated/trc20-abi.ts'),
    formatTypeScript('trc20Abi', trc20Part(abis.get('BttToken') ?? [])),
  )
  return { files, warnings: messages.map((message) => message.formattedMessage) }
}

/** Byte offsets of each immutable's 32-byte words in the deployed code, by the variable's name. */
function nameImmutables(
  references: ImmutableReferences,
  trees: readonly unknown[],
): Record<string, number[]> {
  const names = new Map<string, string>()
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { id, nodeType, name } = node as { id?: number; nodeType?: string; name?: string }
    if (nodeType === 'VariableDeclaration' && name) names.set(String(id), name)
    for (const child of Object.values(node)) visit(child)
  }
  trees.forEach(visit)
  const named = Object.entries(references).map(([id, places]): [string, number[]] => {
    const name = names.get(id)
    if (!name || places.some(({ length }) => length !== 32)) throw new Error(`immutable ${id} has no name`)
    return [name, places.map(({ start }) => start)]
  })
  return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The standard's part of the token's ABI: without its constructor and its own errors. */
function trc20Part(abi: readonly unknown[]): unknown[] {
  return abi.filter((entry) => ['function', 'event'].includes((entry as { type: string }).type))
}

function formatTypeScript(name: string, abi: readonly unknown[]): string {
  const input = `/** Written by scripts/contracts/compile.ts from contracts/src: change the Solidity, not this file. */
    export const ${name} = ${JSON.stringify(abi)} as const`
  const [node, biome] = program(root, '@biomejs/biome', 'biome')
  const args = [biome, 'format', '--stdin-file-path=abi.ts']
  return execFileSync(node, args, { cwd: root, input, encoding: 'utf8' })
}

const { files, warnings } = compileAll()
for (const warning of warnings) process.stderr.write(`${warning}\n`)
const isCheck = process.argv.includes('--check')
const problems: string[] = []
for (const [path, text] of files) {
  if (isCheck) {
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text)
      problems.push(`stale: ${path.slice(root.length)}`)
  } else {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}
if (warnings.length > 0) problems.push('the compiler warned: see above')
for (const problem of problems) process.stderr.write(`${problem}\n`)
if (problems.length > 0) {
  process.stderr.write('Run `npm run compile:contracts` and commit what it writes.\n')
  process.exitCode = 1
} else {
  process.stdout.write(`${files.size} files ${isCheck ? 'are fresh' : 'written'}\n`)
}
