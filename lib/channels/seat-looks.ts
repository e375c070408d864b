/** Looks at channels and seats; those asked for in the same turn share a call, since nodes count calls. */

import type { Hex } from '../base/index.ts'
import type { Address } from '../tron/index.ts'
import type { Amount } from '../units/index.ts'
import type { ChannelState } from './chain.ts'

export interface SeatLook {
  readonly channel: ChannelState
  readonly cap: Amount
  readonly claimed: Amount
}

/** `payee` null asks for the channel alone. */
export interface SeatKey {
  readonly channelId: Hex
  readonly payee: Address | null
}

interface Waiting {
  readonly key: SeatKey
  readonly resolve: (look: SeatLook) => void
  readonly reject: (error: unknown) => void
}

/** A look answers 160 bytes and costs some 5,000 energy, of the 100,000,000 of a constant call. */
const MAX_KEYS_PER_CALL = 200

/** `ask` answers each key in its order, or throws. A failed call fails those that shared it. */
export function createSeatLooks(
  ask: (keys: readonly SeatKey[]) => Promise<readonly SeatLook[]>,
): (key: SeatKey) => Promise<SeatLook> {
  let waiting: Waiting[] = []

  async function run(batch: readonly Waiting[]): Promise<void> {
    try {
      const looks = await ask(batch.map(({ key }) => key))
      for (const [i, { resolve }] of batch.entries()) resolve(looks[i] as SeatLook)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  function flush(): void {
    const all = waiting
    waiting = []
    for (let from = 0; from < all.length; from += MAX_KEYS_PER_CALL) {
      void run(all.slice(from, from + MAX_KEYS_PER_CALL))
    }
  }

  return (key) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setTimeout(flush, 0)
      waiting.push({ key, resolve, reject })
    })
}
