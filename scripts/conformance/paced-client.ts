/** A node client for gateways that count calls: it keeps its distance, and waits where it is turned away all the same. */

import { ChainError } from '../../lib/base/index.ts'
import { createNodeClient, type NodeClient } from '../../lib/tron/index.ts'

/** A gateway that was asked too often may stay closed for 30 s: these add up to a minute. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000]
/** How gateways say "too often". Such a call has not reached the node, so that it may be made again. */
const TOO_OFTEN = /answered (429|403) /

/** `callsPerSec` null: as fast as it goes. `wait` is the clock's. */
export function createPacedClient(url: string, callsPerSec: number | null, wait = sleep): NodeClient {
  // It waits by itself, and longer.
  const node = createNodeClient(url, { pausesMs: [] })
  const distanceMs = callsPerSec === null ? 0 : 1_000 / callsPerSec
  let nextAtMs = 0

  /** Resolves when it is this call's turn. */
  async function takeTurn(): Promise<void> {
    const nowMs = performance.now()
    const atMs = Math.max(nowMs, nextAtMs)
    nextAtMs = atMs + distanceMs
    if (atMs > nowMs) await wait(atMs - nowMs)
  }

  async function paced<T>(ask: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      await takeTurn()
      try {
        return await ask()
      } catch (error) {
        const pauseMs = PAUSES_MS[attempt]
        const isTooOften = error instanceof ChainError && TOO_OFTEN.test(error.message)
        if (!isTooOften || pauseMs === undefined) throw error
        nextAtMs = Math.max(nextAtMs, performance.now() + pauseMs)
      }
    }
  }

  return {
    post: (path, body, signal) => paced(() => node.post(path, body, signal)),
    postForList: (path, body, signal) => paced(() => node.postForList(path, body, signal)),
    get: (path, signal) => paced(() => node.get(path, signal)),
  }
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs))
}
