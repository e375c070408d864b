/** `npm run demo` after install and build: starts the world, says where it is and what to try, ends it whole on Ctrl-C. */
import { join } from 'node:path'
import { findFreePort } from '../run/free-port.ts'
import { projectRoot, startWorld } from './start-world.ts'
import { takeStateDir } from './state-dir.ts'

const KIB = 1024

async function main(): Promise<void> {
  const startedAtMs = Date.now()
  const state = takeStateDir(join(projectRoot, '.cache', 'demo'))
  if (!state.path) console.log('  Another demo runs: this one forgets its chain at the end.')
  const world = await startWorld({
    ports: {
      site: await findFreePort(Number(process.env.PORT) || 3000),
      devnet: await findFreePort(9090),
      tracker: await findFreePort(8000),
    },
    stateDir: state.path,
    blockTime: 'instant',
    ask: '10',
    freeAllowanceBytes: 1024 * KIB,
    freeBytesPerSec: 96 * KIB,
    onStep: (words) => console.log(`  ${words}`),
  })
  console.log(`
  Ready in ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s:  ${world.siteUrl}

  1. Press “Play the demo”: the film streams from the seeder above, free and slowly.
  2. “Pay for speed”: connect the demo wallet (test coins come by themselves), choose a budget. Watch the pieces turn paid.
  3. Tip the seeder, settle, and read the receipts. Ctrl-C ends everything.
`)
  let stoppingSinceMs: number | null = null
  const stop = (): void => {
    // Ctrl-C reaches this process twice, by the terminal and by its parent; only a later one means "now".
    if (stoppingSinceMs !== null) {
      if (Date.now() - stoppingSinceMs > 1_000) process.exit(1)
      return
    }
    stoppingSinceMs = Date.now()
    console.log('\n  Stopping …')
    void world.stop().then(() => {
      state.release()
      process.exit(0)
    })
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('SIGHUP', stop)
}

main().catch((error: unknown) => {
  console.error(`\n  The demo could not start: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
})
