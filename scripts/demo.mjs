/** `npm run demo`: installs and builds what is missing, then hands over to the launcher on the Node that npm brought. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ensureBuild } from './run/ensure-build.mjs'
import { ensureInstall, localNode } from './run/ensure-install.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
try {
  process.stdout.write('\nPiecemeal demo\n')
  await ensureInstall(root)
  await ensureBuild(root)
  const child = spawn(
    localNode(root),
    ['--disable-warning=ExperimentalWarning', 'scripts/demo/main.ts', ...process.argv.slice(2)],
    {
      cwd: root,
      stdio: 'inherit',
    },
  )
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('close', (code) => {
    process.exitCode = code ?? 0
  })
} catch (error) {
  process.stderr.write(`\n${error.message}\n`)
  process.exitCode = 1
}
