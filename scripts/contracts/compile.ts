/**
 * Compiles contracts/src into contracts/artifacts/*.json and lib/tron/generated/abi.ts. With `--check` it writes nothing
 * and fails when a file differs from what it would write.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { contractsDir, readSources, solcSettings } from './solc-input.ts'

interface Compiled {
  readonly abi: readonly unknown[]
  readonly evm: { readonly bytecode: { object: string }; readonly deployedBytecode: { object: string } }
}
interface SolcOutput {
  readonly errors?: readonly { severity: string; formattedMessage: string }[]
  readonly contracts?: Record<string, Record<string, Compiled>>
}
interface Solc {
  version(): string
  compile(input: string): string
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const targets = [
  { source: 'src/SwarmChannels.sol', contractName: 'SwarmChannels' },
  { source: 'src/test/BttToken.sol', contractName: 'BttToken' },
] as const

function compileAll(): { files: Map<string, string>; warnings: string[] } {
  const solc = createRequire(import.meta.url)('solc') as Solc
  const sources = readSources()
  const input = JSON.stringify({
    language: 'Solidity',
    sources,
    settings: {
      ...solcSettings,
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
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
      compiler: { version: solc.version(), settings: solcSettings },
      sourceHash,
    }
    files.set(
      join(contractsDir, 'artifacts', `${contractName}.json`),
      `${JSON.stringify(artifact, null, 2)}\n`,
    )
  }
  files.set(
    join(root, 'lib/tron/generated/abi.ts'),
    formatTypeScript(`/** Written by scripts/contracts/compile.ts from contracts/src: change the Solidity, not this file. */
      export const swarmChannelsAbi = ${JSON.stringify(abis.get('SwarmChannels'))} as const
      /** TIP-20, as our test token has it. */
      export const trc20Abi = ${JSON.stringify(trc20Part(abis.get('BttToken') ?? []))} as const`),
  )
  return { files, warnings: messages.map((message) => message.formattedMessage) }
}

/** The standard's part of the token's ABI: without its constructor and its own errors. */
function trc20Part(abi: readonly unknown[]): unknown[] {
  return abi.filter((entry) => ['function', 'event'].includes((entry as { type: string }).type))
}

function formatTypeScript(text: string): string {
  const biome = join(root, 'node_modules/.bin/biome')
  return execFileSync(biome, ['format', '--stdin-file-path=lib/tron/generated/abi.ts'], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  })
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
