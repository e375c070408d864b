import { afterEach, expect, test, vi } from 'vitest'
import { settleTasks } from '../payments/testing/accounts.ts'
import { createLead } from './lead.ts'

afterEach(() => vi.unstubAllGlobals())

/** Web Locks of one origin, of which another tab may hold ours. */
function stubLocks(isHeld: boolean) {
  const waiting: (() => void)[] = []
  vi.stubGlobal('navigator', {
    locks: {
      async request(
        _name: string,
        options: { ifAvailable?: boolean },
        use: (lock: object | null) => unknown,
      ) {
        if (options.ifAvailable) return use(isHeld ? null : {})
        await new Promise<void>((resolve) => waiting.push(resolve))
        return use({})
      },
    },
  })
  return { free: () => waiting.shift()?.() }
}

test('the first tab leads', async () => {
  stubLocks(false)
  const roles: string[] = []
  const lead = createLead((role) => roles.push(role))
  await lead.require()
  await lead.granted
  expect(roles).toEqual(['leader'])
})

test('a second tab follows and says so at once, then leads when the first one goes', async () => {
  const locks = stubLocks(true)
  const roles: string[] = []
  const lead = createLead((role) => roles.push(role))
  await expect(lead.require()).rejects.toMatchObject({ name: 'SiteError', code: 'other-tab' })
  let isGranted = false
  void lead.granted.then(() => {
    isGranted = true
  })
  await settleTasks()
  expect(isGranted).toBe(false)
  locks.free()
  await lead.granted
  await lead.require()
  expect(roles).toEqual(['follower', 'leader'])
})

test('without Web Locks every tab leads', async () => {
  vi.stubGlobal('navigator', {})
  await createLead(() => undefined).require()
})
