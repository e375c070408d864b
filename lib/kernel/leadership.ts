/** One engine an origin: the tab that leads starts it; a follower says so and takes over when the leader goes. */
import { acquireEngineLock } from './engine-lock.ts'

/** Resolves once this tab leads; `onFollower` runs when it has to wait for that. */
export async function becomeLeader(onFollower: () => void): Promise<void> {
  const lock = await acquireEngineLock()
  if (lock.status === 'leader') return
  onFollower()
  await new Promise<void>((resolve) => lock.onPromoted(resolve))
}
