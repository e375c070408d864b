/** The account's word for its data folder's key, renewed before it ends. */
import { ENDORSEMENT_SEC, type Endorsement, endorsementText } from '../lib/channels/index.ts'
import type { Address, Network } from '../lib/tron/index.ts'
import type { KeySigner } from '../lib/wallet/key-signer.ts'

/** Buyers that were quoted an old one go on with it: there is time to quote anew. */
const RENEW_BEFORE_SEC = 7 * 86_400

/** The result gives an endorsement by `wallet` that is good for a week at least. */
export function createEndorser(
  wallet: Pick<KeySigner, 'address' | 'signText'>,
  delegate: Address,
  network: Network,
  nowMs: () => number = Date.now,
): () => Endorsement {
  let current: Endorsement | null = null
  return () => {
    const nowSec = Math.floor(nowMs() / 1000)
    if (!current || current.untilSec - nowSec < RENEW_BEFORE_SEC) {
      const terms = { payee: wallet.address, delegate, untilSec: nowSec + ENDORSEMENT_SEC }
      current = { ...terms, signature: wallet.signText(endorsementText(terms, network)) }
    }
    return current
  }
}
