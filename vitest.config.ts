import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const PLACES = '{lib,hooks,components,devnet,seeder,tracker,scripts,contracts}/**'
const WORLDS = `${PLACES}/*.world.test.ts`

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)) } },
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A poll waits for what must come: on a busy machine that is late, not wrong. Vitest's own second is too short for it.
    expect: { poll: { timeout: 25_000 } },
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: [`${PLACES}/*.test.{ts,tsx}`],
          exclude: [WORLDS, '**/node_modules/**'],
          pool: 'threads',
        },
      },
      {
        extends: true,
        // Starts chains, swarms and programs: each file in a process of its own.
        test: { name: 'world', include: [WORLDS], pool: 'forks' },
      },
    ],
  },
})
