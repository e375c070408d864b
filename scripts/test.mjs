/**
 * `npm test`: installs what is missing (packages, a Chromium), then every check, unit, contract and browser test.
 * The last line is "N passed, N failed"; the exit code is 0 only when nothing failed. `npm test -- unit e2e` runs parts,
 * `npm test -- changed` what a change reaches.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withPath } from './run/commands.mjs'
import { ensureBuild } from './run/ensure-build.mjs'
import { ensureChromium } from './run/ensure-chromium.mjs'
import { ensureInstall, localNode, program } from './run/ensure-install.mjs'
import { findSlowFiles, readForge, readPlaywright, readVitest } from './run/read-report.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const reports = join(root, '.cache', 'test')
const wanted = process.argv.slice(2)
const env = {
  ...withPath(process.env, join(root, 'node_modules', '.bin'), process.platform),
  NEXT_TELEMETRY_DISABLED: '1',
}

/** A file of pure tests that takes longer is named. */
const SLOW_FILE_MS = 2_000

let passed = 0
/** @type {import('./run/read-report.mjs').Failure[]} */
const failures = []

function run(command, args, extraEnv = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...env, ...extraEnv },
    })
    child.once('error', () => resolve(127))
    child.once('close', (code) => resolve(code ?? 1))
  })
}

function fail(name, why = '') {
  failures.push({ name, why })
  process.stdout.write(`✗ ${name}${why && `: ${why}`}\n`)
}

/** A tool that counts as one test: it passes or not. */
async function check(label, [command, ...args]) {
  process.stdout.write(`\n— ${label}\n`)
  if ((await run(command, args)) === 0) passed += 1
  else fail(label)
}

/** Pure tests and worlds, or those that `args` choose. */
function vitest(label, args) {
  const report = [`--reporter=default`, '--reporter=json', `--outputFile.json=${join(reports, 'unit.json')}`]
  return suite(
    label,
    [...program(root, 'vitest', 'vitest'), 'run', ...report, ...args],
    'unit.json',
    readVitest,
  )
}

/** A runner that writes a report; a report that is missing or counts no test is a failure. */
async function suite(label, [command, ...args], report, read, extraEnv) {
  process.stdout.write(`\n— ${label}\n`)
  const code = await run(command, args, extraEnv)
  const counted = read(readReport(report))
  passed += counted.passed
  failures.push(...counted.failures)
  if (counted.passed === 0 || (code !== 0 && counted.failures.length === 0))
    fail(label, code === 0 ? 'ran no test' : `exit ${code}`)
}

function readReport(name) {
  const path = join(reports, name)
  if (!existsSync(path)) return null
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

const parts = {
  check: async () => {
    await check('style', [...program(root, '@biomejs/biome', 'biome'), 'ci', '.'])
    await check('types', [...program(root, 'typescript', 'tsc'), '--noEmit'])
    await check('layers', [localNode(root), 'scripts/check/layers.ts'])
    await check('unused', program(root, 'knip', 'knip'))
    await check('contract artifacts are fresh', [localNode(root), 'scripts/contracts/compile.ts', '--check'])
  },
  async unit() {
    await vitest('unit tests', [])
    for (const { name, durationMs } of findSlowFiles(readReport('unit.json'), SLOW_FILE_MS))
      process.stdout.write(`  slow for a pure test: ${name.slice(root.length)}, ${durationMs} ms\n`)
  },
  contracts: () =>
    suite(
      'contract tests',
      [localNode(root), 'scripts/contracts/forge-test.ts', '--report', join(reports, 'contracts.json')],
      'contracts.json',
      readForge,
    ),
  e2e: async () => {
    const chromium = await ensureChromium(root)
    await ensureBuild(root)
    await check('bundle sizes', program(root, 'size-limit', 'size-limit'))
    await suite(
      'browser tests',
      [...program(root, '@playwright/test', 'playwright'), 'test', '--config', 'e2e/playwright.config.ts'],
      'e2e.json',
      readPlaywright,
      {
        PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, 'e2e.json'),
        ...(chromium ? { PIECEMEAL_CHROMIUM: chromium } : {}),
      },
    )
  },
}

/** Only when it is asked for: the checks, and the tests that a change since `main` (or the last commit) reaches. */
const onRequest = {
  async changed() {
    await parts.check()
    await vitest('tests of what changed', ['--passWithNoTests', '--changed', await findBase()])
  },
}

/** Where this branch left `main`; on `main` itself the last commit. */
async function findBase() {
  const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout.trim()
  const base = git('merge-base', 'HEAD', 'main')
  return base && base !== git('rev-parse', 'HEAD') ? base : 'HEAD'
}

try {
  const known = { ...parts, ...onRequest }
  const unknown = wanted.filter((name) => !(name in known))
  if (unknown.length > 0)
    throw new Error(`no such part: ${unknown.join(', ')} (there are ${Object.keys(known).join(', ')})`)
  await ensureInstall(root)
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports, { recursive: true })
  const chosen =
    wanted.length === 0 ? Object.keys(parts) : Object.keys(known).filter((name) => wanted.includes(name))
  for (const name of chosen) await known[name]()
} catch (error) {
  fail(error.message)
}
// Once more at the end: a log that is cut is cut in its middle.
for (const { name, why } of failures) process.stdout.write(`\n✗ ${name}\n${why}\n`)
process.stdout.write(`\n${passed} passed, ${failures.length} failed\n`)
process.exitCode = failures.length === 0 ? 0 : 1
