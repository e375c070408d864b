/** The account's word for this browser's key: asked for once a month, kept with the other choices, since it is no secret. */

import type { Hex } from '../../base/index.ts'
import { WalletError } from '../../base/index.ts'
import { ENDORSEMENT_SEC, type Endorsement, endorsementText, isEndorsed } from '../../channels/index.ts'
import { readMemory, writeMemory } from '../../kernel/index.ts'
import type { Network } from '../../tron/index.ts'
import type { WalletConnection } from '../../wallet/index.ts'

/** With less time left it is asked for anew: a visit should not end in the middle of a sale. */
const RENEW_BEFORE_SEC = 3 * 86_400

type Seller = Pick<Endorsement, 'payee' | 'delegate'>

const ENDORSEMENTS_KEY = 'endorsements'
/** Accounts, networks and keys of one person are few; older ones are asked for again. */
const MAX_ENDORSEMENTS = 8

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

interface KeptEndorsement {
  readonly untilSec: number
  readonly signature: Hex
}

function readEndorsements(): Readonly<Record<string, unknown>> {
  const value = readMemory(ENDORSEMENTS_KEY)
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}

/** What a wallet signed for this browser's key, by whom and where it is for; null when it is not known. */
function readEndorsement(key: string): KeptEndorsement | null {
  const value = readEndorsements()[key]
  if (typeof value !== 'object' || value === null) return null
  const { untilSec, signature } = value as Record<string, unknown>
  const isSignature = typeof signature === 'string' && /^0x[0-9a-f]{130}$/.test(signature)
  return typeof untilSec === 'number' && isSignature ? { untilSec, signature: signature as Hex } : null
}

function writeEndorsement(key: string, endorsement: KeptEndorsement): void {
  const { [key]: _, ...others } = readEndorsements()
  const newest = Object.entries(others).slice(1 - MAX_ENDORSEMENTS)
  writeMemory(ENDORSEMENTS_KEY, Object.fromEntries([...newest, [key, endorsement]]))
}
