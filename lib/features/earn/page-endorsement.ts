/** The account's word for this browser's key: asked for once a month, kept with the other choices, since it is no secret. */

import { WalletError } from '../../base/index.ts'
import { ENDORSEMENT_SEC, type Endorsement, endorsementText, isEndorsed } from '../../channels/index.ts'
import type { Network } from '../../tron/index.ts'
import type { WalletConnection } from '../../wallet/index.ts'
import { readEndorsement, writeEndorsement } from '../../kernel/browser-memory.ts'

/** With less time left it is asked for anew: a visit should not end in the middle of a sale. */
const RENEW_BEFORE_SEC = 3 * 86_400

type Seller = Pick<Endorsement, 'payee' | 'delegate'>

const keyOf = ({ payee, delegate }: Seller, { chainId, contract }: Network): string =>
  [chainId, contract, payee, delegate].join('/')

/** One that is kept and good for three more days at least, or null. */
export function findEndorsement(seller: Seller, network: Network, nowMs: number): Endorsement | null {
  const kept = readEndorsement(keyOf(seller, network))
  if (!kept) return null
  const endorsement: Endorsement = { payee: seller.payee, delegate: seller.delegate, ...kept }
  const isGood = isFresh(endorsement, nowMs) && isEndorsed(endorsement, network, Math.floor(nowMs / 1000))
  return isGood ? endorsement : null
}

/** Whether it is good for three more days at least. */
export function isFresh({ untilSec }: Endorsement, nowMs: number): boolean {
  return untilSec - Math.floor(nowMs / 1000) > RENEW_BEFORE_SEC
}

/** Lets the wallet sign one, checks and keeps it. Throws WalletError: what `signMessage` throws, 'bad-message-signature'. */
export async function requestEndorsement(
  connection: WalletConnection,
  delegate: Seller['delegate'],
  network: Network,
  nowMs: number,
): Promise<Endorsement> {
  const nowSec = Math.floor(nowMs / 1000)
  const terms = { payee: connection.address, delegate, untilSec: nowSec + ENDORSEMENT_SEC }
  const signature = await connection.signMessage(endorsementText(terms, network))
  const endorsement: Endorsement = { ...terms, signature }
  // Wallets can be wrong about who signs: what buyers would refuse is not kept.
  if (!isEndorsed(endorsement, network, nowSec))
    throw new WalletError('bad-message-signature', 'The text was not signed by the connected account.')
  writeEndorsement(keyOf(terms, network), { untilSec: terms.untilSec, signature })
  return endorsement
}
