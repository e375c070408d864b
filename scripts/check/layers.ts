/**
 * The layer rules of scripts/check/rooms.mjs. Guards against a check that checks nothing: each rule has a fixture that it must catch,
 * and as many modules are cruised as the tree has.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import config from '../../.dependency-cruiser.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const PLACES = [
  ...[
    'app',
    'components',
    'hooks',
    'lib',
    'devnet',
    'seeder',
    'tracker',
    'scripts',
    'bench',
    'e2e',
    'contracts',
  ],
]
const FIXTURES = 'e2e/fixtures/layer-violation'
/** What the cruise follows, less tests, which it leaves out. */
const MODULE = /\.(ts|tsx|mjs)$/
const LEFT_OUT = /\.(test|spec)\.tsx?$|\.d\.ts$/

interface Violation {
  readonly from: string
  readonly to: string
  readonly rule: { readonly name: string }
}

interface Cruise {
  readonly modules: readonly { readonly source: string }[]
  readonly summary: { readonly violations: readonly Violation[] }
}

function cruise(paths: readonly string[], exclude: string | null): Cruise {
  const bin = fileURLToPath(
    new URL('../../node_modules/dependency-cruiser/bin/dependency-cruise.mjs', import.meta.url),
  )
  const left = [...config.options.exclude.path, ...(exclude ? [exclude] : [])]
  const without = ['--exclude', left.join('|')]
  const run = spawnSync(
    process.execPath,
    [bin, ...paths, '--config', '.dependency-cruiser.mjs', ...without, '--output-type', 'json'],
    { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  )
  if (!run.stdout) throw new Error(run.stderr || 'dependency-cruiser printed nothing')
  return JSON.parse(run.stdout) as Cruise
}

const listFiles = (): readonly string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...PLACES], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => MODULE.test(path) && !LEFT_OUT.test(path))

/** Uses of members that begin with `_`: webtorrent's private ones. */
function findPrivateMembers(path: string): readonly string[] {
  const text = readFileSync(`${root}/${path}`, 'utf8')
  if (!/[.\]?]_[a-z]/i.test(text)) return []
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && /^_[a-z]/i.test(node.name.text)) found.push(node.name.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

const problems: string[] = []
const files = listFiles()
const own = files.filter((path) => !path.startsWith(FIXTURES))

const house = cruise(PLACES, `^${FIXTURES}`)
for (const { from, to, rule } of house.summary.violations) problems.push(`${rule.name}: ${from} -> ${to}`)
const seen = new Set(house.modules.map(({ source }) => source))
const unseen = own.filter((path) => !seen.has(path))
if (unseen.length > 0)
  problems.push(`the check is blind to ${unseen.length} files: ${unseen.slice(0, 5).join(', ')}`)

const bad = cruise([FIXTURES], null)
const rules = config.forbidden.map(({ name }) => name)
const missed = rules.filter(
  (name) =>
    !bad.summary.violations.some(
      ({ from, to, rule }) => rule.name === name && [from, to].some((path) => path.endsWith(`/${name}.ts`)),
    ),
)
for (const name of missed) problems.push(`the fixture of “${name}” was not caught: the rule does not bite`)

const PRIVATE_HOME = /(^|\/)lib\/torrent\/webtorrent\//
const PRODUCT = /^(app|components|hooks|lib|devnet|seeder|tracker)\//
for (const path of own.filter((one) => PRODUCT.test(one) && !PRIVATE_HOME.test(one)))
  for (const name of findPrivateMembers(path)) problems.push(`private-member: ${path} uses ${name}`)
if (findPrivateMembers(`${FIXTURES}/lib/torrent/private-member.ts`).length === 0)
  problems.push('the fixture of “private-member” was not caught: the rule does not bite')

for (const problem of problems) console.error(problem)
const circles = house.summary.violations.filter(({ rule }) => rule.name === 'no-circular').length
console.log(
  `${own.length} modules, ${rules.length + 1} rules, each with a fixture; ${house.summary.violations.length - circles} arrows that run up, ${circles} circles`,
)
process.exitCode = problems.length === 0 ? 0 : 1
