/** `npm start`: serves the built site as a static host would, with public/config.json as it is. PORT chooses the port. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ensureBuild } from './run/ensure-build.mjs'
import { ensureInstall, localNode } from './run/ensure-install.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
try {
  await ensureInstall(root)
  await ensureBuild(root)
  const child = spawn(localNode(root), ['--disable-warning=ExperimentalWarning', 'scripts/site/main.ts'], {
    cwd: root,
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.once('close', (code) => {
    process.exitCode = code ?? 0
  })
} catch (error) {
  process.stderr.write(`\n${error.message}\n`)
  process.exitCode = 1
}
