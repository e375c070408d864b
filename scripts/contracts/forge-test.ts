/**
 * Runs the contract tests with forge and our solc, on the committed artifacts, which must be fresh. `--report <path>` writes
 * forge's JSON there and prints one line a test; `--profile <name>` picks one of contracts/foundry.toml; other arguments go
 * to `forge test` as they are. An invariant campaign is tallied, and fails when it hardly ever did one of its acts.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withPath } from '../run/commands.mjs'
import { program } from '../run/ensure-install.mjs'
import { addUpTally, formatTally } from './invariant-tally.ts'

interface ForgeReport {
  readonly [suite: string]: {
    readonly test_results: Record<string, { status: string; reason: string | null; duration: string }>
  }
}

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')
const rest = process.argv.slice(2)
const reportPath = takeOption('--report')
const profile = takeOption('--profile') ?? 'default'
const tallyPath = join(root, 'contracts/cache/invariant-tally.txt')

const fresh = spawnSync(process.execPath, [join(here, 'compile.ts'), '--check'], { stdio: 'inherit' })
if (fresh.status !== 0) process.exit(1)

const [node, forgeFile] = program(root, '@foundry-rs/forge', 'forge')
mkdirSync(dirname(tallyPath), { recursive: true })
rmSync(tallyPath, { force: true })
const forge = spawnSync(
  node,
  [forgeFile, 'test', '--use', join(here, 'solc.mjs'), ...(reportPath ? ['--json'] : []), ...rest],
  {
    cwd: join(root, 'contracts'),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', reportPath ? 'pipe' : 'inherit', 'inherit'],
    // The shim's `node` is the one that runs this.
    env: {
      ...withPath(process.env, dirname(process.execPath), process.platform),
      FOUNDRY_PROFILE: profile,
    },
  },
)
if (forge.error) throw forge.error
if (reportPath) {
  const json = forge.stdout.slice(Math.max(0, forge.stdout.indexOf('{')))
  mkdirSync(dirname(reportPath), { recursive: true })
  writeFileSync(reportPath, json)
  printReport(json)
}
process.exitCode = forge.status ?? 1
if (existsSync(tallyPath)) checkTally()

function takeOption(name: string): string | undefined {
  const at = rest.indexOf(name)
  return at < 0 ? undefined : rest.splice(at, 2)[1]
}

function checkTally(): void {
  const tally = addUpTally(readFileSync(tallyPath, 'utf8'))
  process.stdout.write(`\n${formatTally(tally)}`)
  if (tally.rare.length === 0) return
  process.stderr.write(`The campaign proves too little about: ${tally.rare.join(', ')}\n`)
  process.exitCode = 1
}

function printReport(json: string): void {
  let report: ForgeReport
  try {
    report = JSON.parse(json) as ForgeReport
  } catch (cause) {
    throw new Error(`forge wrote no report:\n${forge.stdout}`, { cause })
  }
  for (const [suite, { test_results }] of Object.entries(report)) {
    process.stdout.write(`${suite}\n`)
    for (const [name, result] of Object.entries(test_results)) {
      const mark = result.status === 'Success' ? '✓' : '✗'
      process.stdout.write(`  ${mark} ${name}${result.reason ? `: ${result.reason}` : ''}\n`)
    }
  }
}
