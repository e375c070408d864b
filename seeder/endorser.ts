/** The account's word for its data folder's key, renewed before it ends. */

import { ENDORSEMENT_SEC, type Endorsement, endorse } from '../lib/channels/index.ts'
import type { Address, Network } from '../lib/tron/index.ts'

/** Buyers that were quoted an old one go on with it: there is time to quote anew. */
const RENEW_BEFORE_SEC = 7 * 86_400

/** `privateKey` is the account's, 32 bytes. The result gives one that is good for a week at least. */
export function createEndorser(
  privateKey: Uint8Array,
  delegate: Address,
  network: Network,
  nowMs: () => number = Date.now,
): () => Endorsement {
  let current: Endorsement | null = null
  return () => {
    const nowSec = Math.floor(nowMs() / 1000)
    if (!current || current.untilSec - nowSec < RENEW_BEFORE_SEC) {
      current = endorse(privateKey, { delegate, untilSec: nowSec + ENDORSEMENT_SEC }, network)
    }
    return current
  }
}
