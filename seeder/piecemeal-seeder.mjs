#!/usr/bin/env node
/** `npx piecemeal-seeder`: starts main.ts on a Node that runs TypeScript. Plain JS for any Node: it may be an old one. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const isWindows = process.platform === 'win32'

/** The first version that strips types in modules of node_modules by our hook. */
const LEAST = [22, 15]

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])
}

/** This Node, or the one that the packages brought along; null when both are missing or too old. */
function findNode() {
  if (isNewEnough(process.versions.node)) return process.execPath
  for (let folder = here; dirname(folder) !== folder; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node')
    if (existsSync(path)) return path
  }
  return null
}

const node = findNode()
if (!node) {
  process.stderr.write(
    `The seeder needs Node ${LEAST.join('.')} or newer; this is ${process.versions.node}.\n`,
  )
  process.exit(1)
}
const child = spawn(
  node,
  [
    '--disable-warning=ExperimentalWarning',
    '--experimental-strip-types',
    '--import',
    pathToFileURL(join(here, 'strip-types.mjs')).href,
    join(here, 'main.ts'),
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
)
// A terminal sends its Ctrl-C to both of us; a supervisor only to the one that it knows.
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
process.on('SIGINT', () => {
  if (!process.stdin.isTTY) child.kill('SIGINT')
})
child.once('close', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
