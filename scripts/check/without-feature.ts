/**
 * Takes each feature's folder out of a copy of the tree, one at a time, and type-checks what is left. What names a feature may break: the
 * site's list and the pages that show it. All else must stand: other features, the kernel, createNode, every room and every program.
 * It is the `lib` half of taking a feature out: components of several features stand on one page, and nothing cuts them apart here.
 *
 * Run: node scripts/check/without-feature.ts [feature …]. One line a feature; exit code 1 when something leans on one.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PAGE } from './rooms.mjs'

const FEATURES = 'lib/features'
/** The files of the site that name features. */
const SITE_LIST = ['lib/site/node.ts', 'lib/site/piecemeal-node.ts', 'lib/site/framed-commands.ts']
/** What tests the list. */
const SITE_TESTS = ['lib/site/framed.test.ts']

const mayBreak = (file: string): boolean =>
  [...SITE_LIST, ...SITE_TESTS].includes(file) || PAGE.some((room) => file.startsWith(`${room}/`))

/** Files of the project that git knows or would, without what was deleted. */
function listFiles(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  return listed.split('\0').filter((file) => file !== '' && existsSync(file))
}

/** Files with a type error, relative to `folder`. Throws when the compiler fails without naming any. */
function findBroken(folder: string): readonly string[] {
  const compiler = join(process.cwd(), 'node_modules/typescript/bin/tsc')
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [compiler, '--noEmit', '--incremental', 'false', '--pretty', 'false'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
  const named = stdout
    .split('\n')
    .flatMap((line) => /^([^\s(][^(]*)\(\d+,\d+\): error /.exec(line)?.[1] ?? [])
  if (status !== 0 && named.length === 0) throw new Error(`the compiler failed: ${stdout}${stderr}`)
  return [...new Set(named)]
}

/** Says in one line what became of the tree without the feature; false when something leans on it. */
function checkWithout(folder: string, feature: string): boolean {
  const [there, away] = [join(folder, FEATURES, feature), join(folder, '..', feature)]
  renameSync(there, away)
  const broken = findBroken(folder)
  renameSync(away, there)
  const leaning = broken.filter((file) => !mayBreak(file))
  // A check that took nothing out would find nothing broken.
  const isListed = SITE_LIST.some((file) => broken.includes(file))
  if (leaning.length > 0) console.error(`${feature}: leaned on by ${leaning.join(', ')}`)
  else if (!isListed) console.error(`${feature}: the site's list does not name it`)
  else
    console.log(
      `${feature}: the rest stands without it; ${broken.length} files of the site and its pages name it`,
    )
  return leaning.length === 0 && isListed
}

const top = mkdtempSync(join(tmpdir(), 'without-feature-'))
try {
  const folder = join(top, 'tree')
  for (const file of listFiles()) if (file !== 'node_modules') cpSync(file, join(folder, file))
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'), 'junction')
  const before = findBroken(folder).filter((file) => !mayBreak(file))
  if (before.length > 0) throw new Error(`broken before anything was taken out: ${before.join(', ')}`)
  const asked = process.argv.slice(2)
  const features = asked.length > 0 ? asked : readdirSync(FEATURES)
  const stands = features.map((feature) => checkWithout(folder, feature))
  if (stands.length === 0 || stands.includes(false)) process.exitCode = 1
} finally {
  rmSync(top, { recursive: true, force: true })
}
