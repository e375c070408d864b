/**
 * A payee's word for the key that answers for it. Any wallet can sign it: it is plain text under TIP-191, so that whoever signs it
 * reads what it is. It moves no money, and names no torrent.
 */
import type { Hex } from '../base/index.ts'
import type { Address, TypedDataDomain } from '../tron/index.ts'
import { messageDigest, recoverSigner } from '../tron/index.ts'

export interface Endorsement {
  readonly payee: Address
  readonly delegate: Address
  /** Unix time; not valid from then on. */
  readonly untilSec: number
  /** The payee's, 65 bytes r, s, v. */
  readonly signature: Hex
}

/** How long a fresh one is for: a page asks its person once a month. */
export const ENDORSEMENT_SEC = 31 * 86_400
/** No honest one is for longer than this from now: it is asked for a month, and clocks are a day off at most. */
const MAX_AHEAD_SEC = 62 * 86_400
/** A clock may be slow or fast by so much. */
const CLOCK_SLACK_SEC = 86_400

/** The text, byte for byte (docs/PROTOCOL.md); lines end with LF, none at the end. */
export function endorsementText(
  { payee, delegate, untilSec }: Omit<Endorsement, 'signature'>,
  domain: TypedDataDomain,
): string {
  return [
    'Piecemeal: this key answers for my seeding.',
    'It can agree to prices and final figures. It cannot move my money.',
    '',
    `Chain: ${domain.chainId}`,
    `Contract: ${domain.contract}`,
    `Payee: ${payee}`,
    `Key: ${delegate}`,
    `Until: ${untilSec}`,
  ].join('\n')
}

/** Whether the payee signed it, whenever. Never throws. */
export function isEndorsementSigned(endorsement: Endorsement, domain: TypedDataDomain): boolean {
  const { payee, untilSec, signature } = endorsement
  if (!Number.isSafeInteger(untilSec)) return false
  return recoverSigner(messageDigest(endorsementText(endorsement, domain)), signature) === payee
}

/** Whether an endorsement until then is valid now, give or take a day of either clock. */
export function isEndorsementTimely(untilSec: number, nowSec: number): boolean {
  return untilSec + CLOCK_SLACK_SEC > nowSec && untilSec <= nowSec + MAX_AHEAD_SEC
}

/** Whether the payee signed it and it is valid now. Never throws. */
export function isEndorsed(endorsement: Endorsement, domain: TypedDataDomain, nowSec: number): boolean {
  return isEndorsementTimely(endorsement.untilSec, nowSec) && isEndorsementSigned(endorsement, domain)
}
