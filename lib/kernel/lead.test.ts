import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLead, type LeadRole } from './lead.ts'

type Use = (lock: object | null) => unknown

/** Web Locks of one name for all tabs of a test: who holds it keeps it until its promise is done. */
function createLocks() {
  let isHeld = false
  const waiting: (() => void)[] = []
  const grant = async (use: Use): Promise<void> => {
    isHeld = true
    await use({})
    isHeld = false
    waiting.shift()?.()
  }
  return {
    async request(_name: string, options: { ifAvailable?: boolean; signal?: AbortSignal }, use: Use) {
      if (!isHeld) return grant(use)
      if (options.ifAvailable) return void (await use(null))
      const turn = Promise.withResolvers<void>()
      waiting.push(turn.resolve)
      options.signal?.addEventListener('abort', () => {
        waiting.splice(waiting.indexOf(turn.resolve), 1)
        turn.reject(options.signal?.reason)
      })
      await turn.promise
      return grant(use)
    },
  }
}

const openTab = () => {
  const roles: LeadRole[] = []
  return { roles, lead: createLead((role) => roles.push(role)) }
}

beforeEach(() => void vi.stubGlobal('navigator', { locks: createLocks() }))
afterEach(() => void vi.unstubAllGlobals())

test('the first tab leads', async () => {
  const { lead, roles } = openTab()
  await lead.granted
  await lead.require()
  expect(roles).toEqual(['leader'])
})

test('a second tab follows: what needs the lead is refused at once instead of hanging', async () => {
  await openTab().lead.granted
  const { lead, roles } = openTab()
  await expect(lead.require()).rejects.toMatchObject({ code: 'other-tab' })
  expect(roles).toEqual(['follower'])
})

test('a follower leads once the leader goes', async () => {
  const first = openTab()
  await first.lead.granted
  const second = openTab()
  await expect(second.lead.require()).rejects.toMatchObject({ code: 'other-tab' })
  first.lead.stop()
  await second.lead.granted
  await second.lead.require()
  expect(second.roles).toEqual(['follower', 'leader'])
})

test('a follower that stopped does not take the lead', async () => {
  const [first, second] = [openTab(), openTab()]
  await first.lead.granted
  await expect(second.lead.require()).rejects.toMatchObject({ code: 'other-tab' })
  second.lead.stop()
  first.lead.stop()
  const third = openTab()
  await third.lead.granted
  expect(second.roles).toEqual(['follower'])
})

test('without Web Locks every tab leads', async () => {
  vi.stubGlobal('navigator', {})
  for (const { lead } of [openTab(), openTab()]) await lead.require()
})

test('locks that are refused are told to whoever asks', async () => {
  const failure = new Error('locks are forbidden')
  vi.stubGlobal('navigator', { locks: { request: () => Promise.reject(failure) } })
  const { lead } = openTab()
  await expect(lead.require()).rejects.toBe(failure)
  await expect(lead.granted).rejects.toBe(failure)
})
