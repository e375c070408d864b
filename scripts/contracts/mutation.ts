/**
 * Breaks the contract and asks the tests. A mutant is compiled into a copy of contracts/ as its artifact, which is all that the
 * tests deploy: they themselves, and the libraries that they build their trees with, stay as they are.
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withPath } from '../run/commands.mjs'
import { program } from '../run/ensure-install.mjs'
import { contractsDir, readSources, solcSettings } from './solc-input.ts'

type Sources = Readonly<Record<string, { readonly content: string }>>

/** One way to break the contract. */
export interface Mutant {
  readonly name: string
  /** Below contracts/src. */
  readonly file: string
  /** Stands there exactly once. */
  readonly find: string
  readonly replace: string
  /** What goes wrong with it, in a few words. */
  readonly breaks: string
}

/** A mutant of one file, for tables. */
export type MutantRow = readonly [name: string, find: string, replace: string, breaks: string]

export type Fate =
  | { readonly status: 'killed'; readonly by: string }
  | { readonly status: 'survived' }
  | { readonly status: 'not-compiled'; readonly reason: string }

export interface MutationLab {
  /** Compiles a mutant and runs the tests on it until the first fails. */
  try(mutant: Mutant): Promise<Fate>
  close(): void
}

interface SolcOutput {
  readonly errors?: readonly { severity: string; formattedMessage: string }[]
  readonly contracts?: Record<string, Record<string, { evm: { bytecode: { object: string } } }>>
}

const solc = createRequire(import.meta.url)('solc') as { version(): string; compile(input: string): string }
const here = dirname(fileURLToPath(import.meta.url))
const [node, forge] = program(join(here, '../..'), '@foundry-rs/forge', 'forge')
const artifactOf = (dir: string): string => join(dir, 'artifacts/SwarmChannels.json')

/** The sources with the mutant in them. Throws RangeError unless its text stands in its file exactly once. */
export function applyMutant(sources: Sources, mutant: Mutant): Sources {
  const path = `src/${mutant.file}`
  const parts = sources[path]?.content.split(mutant.find) ?? []
  if (parts.length !== 2) {
    throw new RangeError(`${mutant.name}: its text stands ${Math.max(0, parts.length - 1)} times in ${path}`)
  }
  return { ...sources, [path]: { content: parts.join(mutant.replace) } }
}

/**
 * A copy of the contracts in a temporary folder, with the named test files (all when none is named). Rejects when the tests
 * fail on the contract as it is: then they would kill every mutant and prove nothing.
 */
export async function openMutationLab(testNames: readonly string[] = []): Promise<MutationLab> {
  const dir = mkdtempSync(join(tmpdir(), 'piecemeal-mutation-'))
  const close = (): void => rmSync(dir, { recursive: true, force: true })
  try {
    for (const part of ['src', 'artifacts', 'foundry.toml', 'test/channels/support']) {
      cpSync(join(contractsDir, part), join(dir, part), { recursive: true })
    }
    for (const name of readdirSync(join(contractsDir, 'test/channels'))) {
      const isWanted = name.endsWith('.t.sol') && (testNames.length === 0 || testNames.includes(name))
      if (isWanted) cpSync(join(contractsDir, 'test/channels', name), join(dir, 'test/channels', name))
    }
    mkdirSync(join(dir, 'cache'))
    const failing = await runTests(dir)
    if (failing) throw new Error(`the tests fail without any mutant: ${failing}`)
  } catch (error) {
    close()
    throw error
  }
  const sources = readSources()
  const original = readFileSync(artifactOf(contractsDir), 'utf8')
  return {
    async try(mutant) {
      const compiled = compile(applyMutant(sources, mutant))
      if ('reason' in compiled) return { status: 'not-compiled', reason: compiled.reason }
      const artifact = { ...(JSON.parse(original) as object), bytecode: compiled.bytecode }
      writeFileSync(artifactOf(dir), JSON.stringify(artifact))
      const by = await runTests(dir)
      return by ? { status: 'killed', by } : { status: 'survived' }
    },
    close,
  }
}

function compile(sources: Sources): { bytecode: string } | { reason: string } {
  const settings = {
    ...solcSettings,
    // What is asked is what the code does, not what it costs: this halves a run.
    optimizer: { enabled: false },
    outputSelection: { 'src/channels/SwarmChannels.sol': { SwarmChannels: ['evm.bytecode.object'] } },
  }
  const output = JSON.parse(
    solc.compile(JSON.stringify({ language: 'Solidity', sources, settings })),
  ) as SolcOutput
  const bytecode = output.contracts?.['src/channels/SwarmChannels.sol']?.SwarmChannels?.evm.bytecode.object
  const reason = output.errors?.find(({ severity }) => severity === 'error')?.formattedMessage
  return bytecode && !reason ? { bytecode: `0x${bytecode}` } : { reason: reason ?? 'no code' }
}

/** The first failing test's name, or undefined. The quick ones first: most mutants never get to the invariants. */
async function runTests(dir: string): Promise<string | undefined> {
  return (
    (await runForge(dir, ['--no-match-contract', 'InvariantTest'])) ??
    (await runForge(dir, ['--match-contract', 'InvariantTest']))
  )
}

async function runForge(dir: string, args: readonly string[]): Promise<string | undefined> {
  const child = spawn(
    node,
    [forge, 'test', '--use', join(here, 'solc.mjs'), '--fail-fast', '--allow-failure', '--json', ...args],
    {
      cwd: dir,
      stdio: ['ignore', 'pipe', 'pipe'],
      // The shim's `node` is the one that runs this.
      env: {
        ...withPath(process.env, dirname(process.execPath), process.platform),
        FOUNDRY_PROFILE: 'mutation',
        PIECEMEAL_SOLC_VERSION: solc.version(),
      },
    },
  )
  const [answer, complaint, code] = await Promise.all([
    readAll(child.stdout),
    readAll(child.stderr),
    new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    }),
  ])
  if (code !== 0) throw new Error(`forge could not run the tests: ${complaint || answer}`)
  return findFailure(answer)
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

interface ForgeReport {
  readonly [suite: string]: { readonly test_results: Record<string, { status: string }> }
}

function findFailure(json: string): string | undefined {
  const at = json.indexOf('{')
  if (at < 0) return undefined
  const report = JSON.parse(json.slice(at)) as ForgeReport
  for (const [suite, { test_results }] of Object.entries(report)) {
    for (const [name, { status }] of Object.entries(test_results)) {
      if (status === 'Failure') return `${suite.split(':')[1]}.${name.replace(/\(.*$/, '')}`
    }
  }
  return undefined
}
