/** Serves out/ on this machine, for trying a build with one's own config.json. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '../run/free-port.ts'
import { serveSite } from './serve-site.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const site = await serveSite({
  root: join(root, 'out'),
  port: await findFreePort(Number(process.env.PORT) || 3000),
  host: '127.0.0.1',
  configJson: () => readFileSync(join(root, 'public', 'config.json'), 'utf8'),
})
console.log(`  ${site.url}`)
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => void site.stop().then(() => process.exit(0)))
