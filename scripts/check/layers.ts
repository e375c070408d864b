/** The layer rules, with two guards against a check that checks nothing: a floor on modules, and a fixture that must fail. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Far below the real count; a cruise that saw fewer is blind. */
const MIN_MODULES = 60

interface Summary {
  readonly totalCruised: number
  readonly violations: readonly {
    readonly from: string
    readonly to: string
    readonly rule: { readonly name: string; readonly severity: string }
  }[]
}

function cruise(paths: readonly string[]): Summary {
  const bin = fileURLToPath(
    new URL('../../node_modules/dependency-cruiser/bin/dependency-cruise.mjs', import.meta.url),
  )
  const run = spawnSync(
    process.execPath,
    [bin, ...paths, '--config', '.dependency-cruiser.mjs', '--output-type', 'json'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    },
  )
  if (!run.stdout) throw new Error(run.stderr || 'dependency-cruiser printed nothing')
  return (JSON.parse(run.stdout) as { summary: Summary }).summary
}

const house = cruise(['app', 'components', 'hooks', 'lib', 'devnet', 'seeder', 'tracker'])
const broken = house.violations.filter(({ rule }) => rule.severity === 'error')
for (const { from, to, rule } of broken) console.error(`${rule.name}: ${from} -> ${to}`)

const fixture = cruise(['e2e/fixtures/layer-violation'])
const caught = fixture.violations.some(({ rule }) => rule.name === 'lib-torrent')

if (house.totalCruised < MIN_MODULES)
  console.error(`cruised only ${house.totalCruised} modules: the check is blind`)
if (!caught) console.error('the deliberately bad fixture was not caught: the rules do not bite')
const isGood = broken.length === 0 && house.totalCruised >= MIN_MODULES && caught
console.log(
  `${house.totalCruised} modules, ${broken.length} violations, bad fixture ${caught ? 'caught' : 'missed'}`,
)
process.exitCode = isGood ? 0 : 1
