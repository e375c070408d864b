/** Time as the rooms of money see it (the exchange too), so that tests move it by hand. */
export interface Clock {
  nowMs(): number
  /** Runs once after `delayMs`; the returned function cancels it. */
  schedule(delayMs: number, run: () => void): () => void
}

/** The machine's clock. Its timers never keep a Node process alive. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  schedule(delayMs, run) {
    const timer: unknown = setTimeout(run, delayMs)
    if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref()
    return () => clearTimeout(timer as number)
  },
}

/** The clock's time as the chain counts it. */
export function nowSec(clock: Clock): bigint {
  return BigInt(Math.floor(clock.nowMs() / 1000))
}

/** Resolves after `delayMs` of that clock. */
export function wait(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.schedule(delayMs, resolve)
  })
}
