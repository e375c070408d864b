/** One engine an origin: the tab that leads starts it; a follower says so and takes over when the leader goes. */
import { SiteError } from '../base/index.ts'
import { acquireEngineLock } from './engine-lock.ts'

export type LeadRole = 'starting' | 'leader' | 'follower'

export interface Lead {
  /** Resolves once this tab leads, which may be never. */
  readonly granted: Promise<void>
  /** Resolves in the tab that leads. Throws AppError 'other-tab' in one that follows, at once instead of hanging. */
  require(): Promise<void>
  /** Lets another tab lead. */
  stop(): void
}

/** Asks for the lead; `onRole` hears of each role but the first. */
export function createLead(onRole: (role: LeadRole) => void): Lead {
  const known = Promise.withResolvers<void>()
  const granted = Promise.withResolvers<void>()
  let role: LeadRole = 'starting'
  let release = (): void => undefined
  const become = (next: LeadRole): void => {
    role = next
    onRole(next)
    known.resolve()
    if (next === 'leader') granted.resolve()
  }
  acquireEngineLock().then((lock) => {
    release = lock.release
    become(lock.status)
    if (lock.status === 'follower') lock.onPromoted(() => become('leader'))
  }, known.reject)
  known.promise.catch(granted.reject)
  // Whoever waits hears of it; nobody need wait.
  granted.promise.catch(() => undefined)
  return {
    granted: granted.promise,
    async require() {
      await known.promise
      if (role === 'follower') throw new SiteError('other-tab', 'another tab of this site leads')
    },
    stop: () => release(),
  }
}
