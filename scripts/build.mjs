/** `npm run build`: the static site in out/, with its content security policy and the headers for other hosts. */
import { fileURLToPath } from 'node:url'
import { ensureBuild } from './run/ensure-build.mjs'
import { ensureInstall } from './run/ensure-install.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
try {
  await ensureInstall(root)
  if (!(await ensureBuild(root))) process.stdout.write('  out/ is up to date\n')
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
