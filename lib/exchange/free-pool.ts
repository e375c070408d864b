/**
 * What peers that do not pay may have: an allowance each at full rate, then a shared trickle. A peer over its share is
 * held, never cut off. With no limit set everything is served, as a stock client does.
 */
import type { Clock } from '../payments/clock.ts'

export interface FreeLimits {
  readonly allowanceBytes: number
  /** Shared by all free peers; 0 holds them after the allowance. */
  readonly bytesPerSec: number
}

/** One peer's part in the pool. */
export interface FreeShare {
  decide(lengthBytes: number): 'serve' | 'hold'
  onSent(lengthBytes: number): void
  /** Raises this peer's allowance: what it asked for before it began to pay must not wait behind the trickle. */
  grant(lengthBytes: number): void
  close(): void
}

export interface FreePool {
  /** `wake` is called when a held peer may be looked at again. */
  join(wake: () => void): FreeShare
}

/** A block of any size that clients ask for passes once this much has gathered. */
const BURST_BYTES = 131_072
const MIN_WAKE_MS = 20

/** `getLimits` is read at each decision; null means that nothing is sold, so nothing is limited. */
export function createFreePool(getLimits: () => FreeLimits | null, clock: Clock): FreePool {
  let tokens = BURST_BYTES
  let updatedAtMs = clock.nowMs()
  let cancelWake: (() => void) | null = null
  const waiting = new Set<() => void>()

  function refill(bytesPerSec: number): void {
    const atMs = clock.nowMs()
    const capacity = Math.max(BURST_BYTES, bytesPerSec)
    tokens = Math.min(capacity, tokens + ((atMs - updatedAtMs) * bytesPerSec) / 1000)
    updatedAtMs = atMs
  }

  function wakeInTurn(): void {
    cancelWake = null
    const turns = [...waiting]
    waiting.clear()
    for (const wake of turns) wake()
  }

  function wait(wake: () => void, missingBytes: number, bytesPerSec: number): void {
    waiting.add(wake)
    if (bytesPerSec <= 0 || cancelWake) return
    const delayMs = Math.max(MIN_WAKE_MS, Math.ceil((missingBytes * 1000) / bytesPerSec))
    cancelWake = clock.schedule(delayMs, wakeInTurn)
  }

  return {
    join(wake) {
      let usedBytes = 0
      let grantedBytes = 0
      return {
        decide(lengthBytes) {
          const limits = getLimits()
          if (!limits) return 'serve'
          if (usedBytes + lengthBytes <= limits.allowanceBytes + grantedBytes) return 'serve'
          refill(limits.bytesPerSec)
          const neededBytes = Math.min(lengthBytes, BURST_BYTES)
          const isFirst = waiting.size === 0 || waiting.values().next().value === wake
          if (limits.bytesPerSec > 0 && tokens >= neededBytes && isFirst) {
            waiting.delete(wake)
            return 'serve'
          }
          wait(wake, Math.max(0, neededBytes - tokens), limits.bytesPerSec)
          return 'hold'
        },
        onSent(lengthBytes) {
          const limits = getLimits()
          const allowanceBytes = (limits?.allowanceBytes ?? Number.POSITIVE_INFINITY) + grantedBytes
          const overBytes = Math.max(0, usedBytes + lengthBytes - allowanceBytes)
          tokens -= Math.min(lengthBytes, overBytes)
          usedBytes += lengthBytes
        },
        grant(lengthBytes) {
          grantedBytes = Math.max(0, usedBytes - (getLimits()?.allowanceBytes ?? 0)) + lengthBytes
        },
        close() {
          waiting.delete(wake)
        },
      }
    },
  }
}
