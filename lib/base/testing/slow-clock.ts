import { type Clock, systemClock } from '../clock.ts'

/** Test only: the machine's clock, slower by a factor, for what a busy machine must not take for a silent peer. */
export function slowClock(factor: number): Clock {
  const startMs = systemClock.nowMs()
  return {
    nowMs: () => startMs + Math.floor((systemClock.nowMs() - startMs) / factor),
    schedule: (delayMs, run) => systemClock.schedule(delayMs * factor, run),
  }
}
