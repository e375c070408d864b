/** Messages a second that a peer may send: one voucher a piece at high rates fits, a flood does not. */

const MESSAGES_PER_SEC = 200
/** A burst: many small pieces verified at once. */
const BURST_MESSAGES = 1_000

/** Counts messages; `take` says false once a peer floods. */
export function createFloodLimit(nowMs: () => number): { take(): boolean } {
  let tokens = BURST_MESSAGES
  let updatedAtMs = nowMs()
  return {
    take() {
      const atMs = nowMs()
      tokens = Math.min(BURST_MESSAGES, tokens + ((atMs - updatedAtMs) * MESSAGES_PER_SEC) / 1000)
      updatedAtMs = atMs
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}
