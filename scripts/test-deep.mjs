/**
 * `npm run test:deep`: the long campaigns, one after the other, with a line on each at the end; the exit code is 0 only when none failed.
 * `npm run test:deep -- chaos fuzz` runs some of them.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ensureInstall, localNode, program } from './run/ensure-install.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const wanted = process.argv.slice(2)
const typescript = (...args) => [localNode(root), '--disable-warning=ExperimentalWarning', ...args]

const campaigns = {
  /** Payers and sellers killed at 200 random points. */
  chaos: () => run(typescript('scripts/chaos/main.ts', '200')),
  /** A million messages at both ends of a wire. */
  fuzz: () =>
    run([...program(root, 'vitest', 'vitest'), 'run', 'lib/exchange/fuzz.test.ts'], {
      FUZZ_MESSAGES: '1000000',
    }),
  /** A hundred payers at one seeder. */
  payers: () =>
    run([...program(root, 'vitest', 'vitest'), 'run', 'seeder/many-payers.world.test.ts'], {
      PIECEMEAL_TEST_PAYERS: '100',
    }),
  /** A million calls of the contract, held against its invariants. */
  contracts: () =>
    run(
      typescript('scripts/contracts/forge-test.ts', '--profile', 'deep', '--match-contract', 'InvariantTest'),
    ),
  /** The house stands without each feature. */
  features: () => run(typescript('scripts/check/without-feature.ts')),
  /** Each way to break the contract must fail a test. */
  mutants: () => run(typescript('scripts/contracts/mutate.ts')),
}

function run([command, ...args], env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
    child.once('error', () => resolve(127))
    child.once('close', (code) => resolve(code ?? 1))
  })
}

const unknown = wanted.filter((name) => !(name in campaigns))
if (unknown.length > 0) {
  process.stderr.write(
    `no such campaign: ${unknown.join(', ')} (there are ${Object.keys(campaigns).join(', ')})\n`,
  )
  process.exit(1)
}
await ensureInstall(root)
const lines = []
let failed = 0
for (const [name, campaign] of Object.entries(campaigns)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  process.stdout.write(`\n— ${name}\n`)
  const startedAtMs = Date.now()
  const code = await campaign()
  if (code !== 0) failed += 1
  const minutes = ((Date.now() - startedAtMs) / 60_000).toFixed(1)
  lines.push(`${code === 0 ? '✓' : '✗'} ${name}, ${minutes} min${code === 0 ? '' : `, exit ${code}`}`)
}
process.stdout.write(`\n${lines.join('\n')}\n${lines.length - failed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 ? 0 : 1
