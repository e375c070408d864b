/** Sending, so that nothing is lost: an id is kept before this program goes on, whatever becomes of the transaction. */
import { AppError, type Hex } from '../base/index.ts'

/**
 * Runs `send` and has each id that it tells of kept; settles as `send` does, and not before the last id is on the disk.
 * Throws what `send` threw, or what `keep` threw: then the id may be lost, and nothing more should be sent.
 */
export async function sendTracked<T>(
  send: (onBroadcast: (txId: Hex) => void) => Promise<T>,
  keep: (txId: Hex) => Promise<unknown>,
): Promise<T> {
  let kept: Promise<unknown> = Promise.resolve()
  try {
    return await send((txId) => {
      kept = keep(txId)
      // Awaited below on each way; this keeps an early failure from going unhandled.
      kept.catch(() => undefined)
    })
  } finally {
    await kept
  }
}

/** Codes of a chain that could not be asked. */
const NOT_ASKED: readonly string[] = ['unreachable', 'bad-reply', 'wrong-network']

/** Whether the chain could not be asked, so that nothing is known and a later look may tell. */
export function isChainAway(error: unknown): boolean {
  return error instanceof AppError && NOT_ASKED.includes(error.code)
}
