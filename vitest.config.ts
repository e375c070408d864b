import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)) } },
  test: {
    include: ['{lib,hooks,components,devnet,seeder,tracker,scripts,contracts}/**/*.test.{ts,tsx}'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A poll waits for what must come: on a busy machine that is late, not wrong. Vitest's own second is too short for it.
    expect: { poll: { timeout: 25_000 } },
    pool: 'forks',
    maxWorkers: 2,
  },
})
