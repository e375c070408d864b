/** The Web Lock behind `createLead`: one tab of an origin holds it, the others wait. */

const LOCK = 'piecemeal-engine'

export interface EngineLock {
  readonly status: 'leader' | 'follower'
  /** Follower only: called once, when this tab became the leader. */
  onPromoted(listener: () => void): void
  /** Gives the lock up, or stops waiting for it. */
  release(): void
}

/** Resolves at once with the tab's role. Without Web Locks every tab leads. */
export async function acquireEngineLock(): Promise<EngineLock> {
  const locks = globalThis.navigator?.locks
  if (!locks) return { status: 'leader', onPromoted: () => undefined, release: () => undefined }
  const held = Promise.withResolvers<void>()
  const abort = new AbortController()
  const release = (): void => {
    held.resolve()
    abort.abort()
  }
  const isLeader = await new Promise<boolean>((resolve, reject) => {
    locks
      .request(LOCK, { ifAvailable: true }, (lock) => {
        resolve(lock !== null)
        return lock ? held.promise : undefined
      })
      .catch(reject)
  })
  if (isLeader) return { status: 'leader', onPromoted: () => undefined, release }
  const promotion = Promise.withResolvers<void>()
  locks
    .request(LOCK, { signal: abort.signal }, () => {
      promotion.resolve()
      return held.promise
    })
    .catch((error: unknown) => {
      if (!abort.signal.aborted) throw error
    })
  return { status: 'follower', onPromoted: (listener) => void promotion.promise.then(listener), release }
}
