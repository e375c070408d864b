import { expect, it } from 'vitest'
import { settleTasks } from '../../payments/testing/accounts.ts'
import { createWatch } from './watch.ts'

/** A watch whose pauses end by hand. */
function createTestWatch(look: () => Promise<void> = async () => undefined) {
  const pauses: number[] = []
  const failures: unknown[] = []
  const state = { isNeeded: true, looks: 0 }
  let end: (() => void) | null = null
  const clock = {
    nowMs: () => 0,
    schedule(delayMs: number, run: () => void) {
      pauses.push(delayMs)
      end = run
      return () => {
        end = null
      }
    },
  }
  const count = (): Promise<void> => {
    state.looks += 1
    return look()
  }
  const watch = createWatch(
    clock,
    () => state.isNeeded,
    count,
    (error) => failures.push(error),
  )
  async function endPause(): Promise<void> {
    const run = end
    end = null
    run?.()
    await settleTasks()
  }
  return { watch, pauses, failures, state, endPause, isWaiting: () => end !== null }
}

it('looks with pauses that grow to a minute, and begins anew when it is woken', async () => {
  const { watch, pauses, state, endPause } = createTestWatch()
  watch.wake()
  await settleTasks()
  for (let i = 0; i < 9; i++) await endPause()
  expect(pauses[0]).toBe(3_000)
  expect(pauses.every((pause, i) => i === 0 || pause === Math.min(60_000, pauses[i - 1]! * 1.5))).toBe(true)
  expect(pauses.at(-1)).toBe(60_000)
  expect(state.looks).toBe(10)
  watch.look()
  await settleTasks()
  expect(pauses.at(-1)).toBe(60_000)
  watch.wake()
  await settleTasks()
  expect(pauses.at(-1)).toBe(3_000)
})

it('ends when nothing is open, and when it is stopped', async () => {
  const { watch, state, endPause, isWaiting } = createTestWatch()
  watch.wake()
  await settleTasks()
  state.isNeeded = false
  await endPause()
  expect(isWaiting()).toBe(false)
  expect(state.looks).toBe(1)
  state.isNeeded = true
  watch.wake()
  await settleTasks()
  expect(isWaiting()).toBe(true)
  watch.stop()
  expect(isWaiting()).toBe(false)
  watch.wake()
  await settleTasks()
  expect(state.looks).toBe(2)
  expect(isWaiting()).toBe(false)
})

it('looks once more where it was woken during a look, one at a time', async () => {
  const looking = Promise.withResolvers<void>()
  const { watch, state } = createTestWatch(() => looking.promise)
  watch.wake()
  watch.wake()
  watch.wake()
  expect(state.looks).toBe(1)
  looking.resolve()
  await settleTasks()
  expect(state.looks).toBe(2)
})

it('goes on after a look that failed, and tells of it', async () => {
  const failure = new Error('the node is away')
  const { watch, failures, isWaiting } = createTestWatch(() => Promise.reject(failure))
  watch.wake()
  await settleTasks()
  expect(failures).toEqual([failure])
  expect(isWaiting()).toBe(true)
})
