/** Builds the static site into out/ unless it is there for exactly these sources. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { localNode, program, runStep } from './ensure-install.mjs'

const SOURCES = [
  'app',
  'components',
  'hooks',
  'lib',
  'public',
  'scripts/site',
  'package-lock.json',
  'next.config.js',
  'postcss.config.mjs',
  'tsconfig.json',
]

function* filesOf(path) {
  if (!existsSync(path)) return
  if (!statSync(path).isDirectory()) {
    yield path
    return
  }
  for (const name of readdirSync(path).sort()) yield* filesOf(join(path, name))
}

/** Resolves with true when it had to build. */
export async function ensureBuild(root) {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    for (const file of filesOf(join(root, source))) {
      if (file.includes('.test.')) continue
      hash.update(file.slice(root.length)).update(readFileSync(file))
    }
  }
  hash.update(process.env.PIECEMEAL_FRAME_ANCESTORS ?? '')
  const stamp = hash.digest('hex')
  const stampPath = join(root, '.cache', 'build-stamp')
  const isFresh =
    existsSync(join(root, 'out', 'index.html')) &&
    existsSync(stampPath) &&
    readFileSync(stampPath, 'utf8') === stamp
  if (isFresh) return false
  await buildSite(root)
  mkdirSync(join(root, '.cache'), { recursive: true })
  writeFileSync(stampPath, stamp)
  return true
}

async function buildSite(root) {
  const node = localNode(root)
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' }
  const [, next] = program(root, 'next', 'next')
  await runStep('Building the site', node, [next, 'build'], { cwd: root, env })
  await runStep('Writing the content security policy', node, ['scripts/site/csp.ts'], { cwd: root, env })
  await runStep('Writing the headers for hosts', node, ['scripts/site/host-files.ts'], { cwd: root, env })
}
