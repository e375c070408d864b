import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Engine } from '../../torrent/index.ts'
import { createRemovals } from './removals.ts'

const fail = (error: unknown): void => expect.unreachable(String(error))
const HASH = 'ab'.repeat(20)

/** An engine of one torrent that writes down what it was told. */
function createEngineLog(status: 'paused' | 'seeding') {
  const log: string[] = []
  let isThere = true
  const engine = {
    pause: () => void log.push('pause'),
    resume: () => void log.push('resume'),
    remove: async () => {
      log.push('remove')
      isThere = false
    },
    getSnapshot: () => (isThere ? { state: { status } } : null),
  } as unknown as Engine
  return { engine, log }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('deletes the data once its time is over, and can then no longer be undone', async () => {
  const { engine, log } = createEngineLog('seeding')
  const removals = createRemovals(() => undefined, fail)
  removals.remove(engine, HASH)
  expect(removals.isHidden(HASH)).toBe(true)
  await vi.runAllTimersAsync()
  expect(log).toEqual(['pause', 'remove'])
  expect(removals.isHidden(HASH)).toBe(false)
  expect(removals.undo(engine, HASH)).toBe(false)
})

test('an undo in time keeps the data and goes on', async () => {
  const { engine, log } = createEngineLog('seeding')
  const removals = createRemovals(() => undefined, fail)
  removals.remove(engine, HASH)
  expect(removals.undo(engine, HASH)).toBe(true)
  await vi.runAllTimersAsync()
  expect(log).toEqual(['pause', 'resume'])
})

test('a torrent that was paused comes back paused', () => {
  const { engine, log } = createEngineLog('paused')
  const removals = createRemovals(() => undefined, fail)
  removals.remove(engine, HASH)
  expect(removals.undo(engine, HASH)).toBe(true)
  expect(log).toEqual(['pause'])
})
