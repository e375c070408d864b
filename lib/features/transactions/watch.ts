/** Looks again and again while a transaction's fate is open, with pauses that grow; a new one brings them back to the first. */
import type { Clock } from '../../base/index.ts'

/** A block is 3 s. */
const FIRST_PAUSE_MS = 3_000
/** A block is solid after about a minute. */
const MAX_PAUSE_MS = 60_000
const GROWTH = 1.5

export interface Watch {
  /** Looks now, or once more as soon as the look that runs is over. */
  look(): void
  /** The same, and the pauses after it are short again: something new is open. */
  wake(): void
  stop(): void
}

/** `look` is run while `isNeeded`, one at a time; when it throws, `onFailure` hears of it and the next pause follows. */
export function createWatch(
  clock: Clock,
  isNeeded: () => boolean,
  look: () => Promise<void>,
  onFailure: (error: unknown) => void,
): Watch {
  let pauseMs = FIRST_PAUSE_MS
  let isLooking = false
  let isAsked = false
  let isStopped = false
  let cancel = (): void => undefined

  async function run(): Promise<void> {
    if (isLooking) return
    isLooking = true
    while (isAsked && isNeeded() && !isStopped) {
      isAsked = false
      await look().catch(onFailure)
    }
    isLooking = false
    isAsked = false
    if (!isNeeded() || isStopped) return
    cancel = clock.schedule(pauseMs, ask)
    pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * GROWTH)
  }

  function ask(): void {
    isAsked = true
    cancel()
    void run()
  }

  return {
    look: ask,
    wake() {
      pauseMs = FIRST_PAUSE_MS
      ask()
    },
    stop() {
      isStopped = true
      cancel()
    },
  }
}
