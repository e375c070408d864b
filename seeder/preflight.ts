/** Looks before anything is served whether buyers could find us and pay: a seeder that nobody can reach must say so. */

import { ChainError, TransportError } from '../lib/base/index.ts'
import { connectChain } from '../lib/channels/index.ts'
import type { Address, Network } from '../lib/tron/index.ts'
import type { FeeSun } from '../lib/units/index.ts'

const TRACKER_TIMEOUT_MS = 8_000

/** The account's TRX. Throws ChainError in words for the operator: no node there, or one of another chain. */
export async function checkChain(network: Network, account: Address): Promise<FeeSun> {
  try {
    return await (await connectChain(network)).getTrxBalance(account)
  } catch (cause) {
    if (!(cause instanceof ChainError)) throw cause
    throw new ChainError(cause.code, `The chain at ${network.fullHost} cannot be used: ${cause.message}`, {
      cause,
    })
  }
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url)
    const end = (isThere: boolean): void => {
      clearTimeout(timer)
      socket.close()
      resolve(isThere)
    }
    const timer = setTimeout(() => end(false), TRACKER_TIMEOUT_MS)
    socket.onopen = () => end(true)
    socket.onerror = () => end(false)
  })
}

/** The trackers that do not answer. Throws TransportError when none does, though there are some. */
export async function checkTrackers(urls: readonly string[]): Promise<readonly string[]> {
  const verdicts = await Promise.all(urls.map(answers))
  const silent = urls.filter((_, index) => !verdicts[index])
  if (urls.length > 0 && silent.length === urls.length)
    throw new TransportError(
      'tracker-unreachable',
      `No tracker answers (${urls.join(', ')}): nobody would find these files.`,
    )
  return silent
}
