/** A token bucket that all uploads share. It holds at most one second of its rate. */

/** One block, so that the smallest cap still lets one through. */
const MIN_BURST_BYTES = 1 << 14

export interface RateLimit {
  setRate(maxBytesPerSec: number | null): void
  /** Takes the bytes and returns 0, or takes nothing and returns how long to wait, in milliseconds. */
  take(lengthBytes: number): number
}

/** `null` is no limit. `nowMs` must not run backwards. */
export function createRateLimit(
  maxBytesPerSec: number | null,
  nowMs: () => number = () => performance.now(),
): RateLimit {
  let rate = maxBytesPerSec
  let tokens = rate ?? 0
  let filledAtMs = nowMs()
  return {
    setRate(next) {
      rate = next
      tokens = Math.min(tokens, next ?? 0)
      filledAtMs = nowMs()
    },
    take(lengthBytes) {
      if (rate === null) return 0
      const now = nowMs()
      const burst = Math.max(rate, MIN_BURST_BYTES, lengthBytes)
      tokens = Math.min(burst, tokens + (rate * (now - filledAtMs)) / 1000)
      filledAtMs = now
      if (tokens >= lengthBytes) {
        tokens -= lengthBytes
        return 0
      }
      return Math.max(5, Math.ceil(((lengthBytes - tokens) / Math.max(rate, 1)) * 1000))
    },
  }
}
