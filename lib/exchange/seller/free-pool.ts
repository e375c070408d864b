/**
 * What peers that do not pay may have: an allowance each at full rate, then a shared trickle. A peer over its share is
 * held, never cut off. With no limit set everything is served, as a stock client does. Invariant: allowances come out of
 * one reserve, so a peer that returns under new ids gains no more than the reserve and its refilling.
 */
import type { Clock } from '../../base/index.ts'

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
/** So many newcomers at once get their whole allowance … */
const RESERVE_ALLOWANCES = 16
/** … and a further one each ten seconds. */
const ALLOWANCE_REFILL_MS = 10_000

/** `getLimits` is read at each decision; null means that nothing is sold, so nothing is limited. */
export function createFreePool(getLimits: () => FreeLimits | null, clock: Clock): FreePool {
  let tokens = BURST_BYTES
  let updatedAtMs = clock.nowMs()
  let reserve = RESERVE_ALLOWANCES
  let reserveAtMs = updatedAtMs
  let cancelWake: (() => void) | null = null
  const waiting = new Set<() => void>()

  function refill(bytesPerSec: number): void {
    const atMs = clock.nowMs()
    const capacity = Math.max(BURST_BYTES, bytesPerSec)
    tokens = Math.min(capacity, tokens + ((atMs - updatedAtMs) * bytesPerSec) / 1000)
    updatedAtMs = atMs
  }

  /** Bytes of allowance that may be given now, to whomever. */
  function refillReserve(allowanceBytes: number): number {
    const atMs = clock.nowMs()
    reserve = Math.min(RESERVE_ALLOWANCES, reserve + (atMs - reserveAtMs) / ALLOWANCE_REFILL_MS)
    reserveAtMs = atMs
    return Math.floor(reserve * allowanceBytes)
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
      let allowedBytes = 0
      let grantedBytes = 0
      const isAllowed = ({ allowanceBytes }: FreeLimits, lengthBytes: number): boolean =>
        allowedBytes + lengthBytes <= allowanceBytes && refillReserve(allowanceBytes) >= lengthBytes
      return {
        decide(lengthBytes) {
          const limits = getLimits()
          if (!limits || lengthBytes <= grantedBytes || isAllowed(limits, lengthBytes)) return 'serve'
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
          if (!limits) return
          if (lengthBytes <= grantedBytes) grantedBytes -= lengthBytes
          else if (isAllowed(limits, lengthBytes)) {
            allowedBytes += lengthBytes
            reserve -= lengthBytes / limits.allowanceBytes
          } else tokens -= lengthBytes
        },
        grant(lengthBytes) {
          grantedBytes += lengthBytes
        },
        close() {
          waiting.delete(wake)
        },
      }
    },
  }
}
