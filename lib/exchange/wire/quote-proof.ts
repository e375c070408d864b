/**
 * Who answers for a quote. The payee's word names its delegate; the delegate seals the terms for one buyer, one wire and one torrent
 * with a secret that only it and that buyer share. Invariant: nobody can quote for another, and no quote convinces a third party,
 * since the buyer could have sealed it as well.
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { type Hex, hexToBytes, WireError } from '../../base/index.ts'
import { isEndorsementSigned, isEndorsementTimely } from '../../channels/index.ts'
import type { SellerId } from '../../payments/index.ts'
import { type AgreementKey, addressOfPublicKey, addressToBytes } from '../../tron/index.ts'
import type { ExchangeDomain } from './handshake.ts'
import type { QuotedSeller } from './message.ts'

/** What both sides of a wire know of it, and nobody else has together. */
export interface WireIdentity {
  readonly domain: ExchangeDomain
  /** 40 hex digits. */
  readonly infoHash: string
  /** 32 bytes each, from the two handshakes. */
  readonly buyerNonce: Hex
  readonly sellerNonce: Hex
}

/** HMAC-SHA256 of the terms' bytes for one wire, Uint8Array(32). `secret` is what delegate and buyer agreed on. */
export function sealQuote(terms: Uint8Array, secret: Uint8Array, wire: WireIdentity): Uint8Array {
  const chainId = new Uint8Array(4)
  new DataView(chainId.buffer).setUint32(0, wire.domain.chainId)
  const data = concatBytes(
    new TextEncoder().encode('btt quote 2'),
    chainId,
    addressToBytes(wire.domain.contract),
    hexToBytes(wire.infoHash),
    hexToBytes(wire.buyerNonce),
    hexToBytes(wire.sellerNonce),
    terms,
  )
  return hmac(sha256, secret, data)
}

/** Endorsements change once a month: on one wire hardly ever. */
const MAX_ENDORSEMENTS_PER_WIRE = 4

interface KnownSeller {
  readonly quoted: QuotedSeller
  readonly secret: Uint8Array
  readonly proven: SellerId
}

/**
 * Checks the quotes of one wire. The costly part, a point and a signature, is done once for each word of the payee; a further
 * quote costs a hash.
 */
export class QuoteCheck {
  readonly #visitKey: AgreementKey
  readonly #wire: WireIdentity
  #known: KnownSeller | null = null
  #endorsements = 0

  constructor(visitKey: AgreementKey, wire: WireIdentity) {
    this.#visitKey = visitKey
    this.#wire = wire
  }

  /**
   * Who stands behind a quote; null where the payee's word is not valid at this time, by our clock. Throws WireError: 'false-quote'
   * (not sealed by the delegate, or not the payee's word), 'payee-changed', 'flood'.
   */
  check(quoted: QuotedSeller, terms: Uint8Array, mac: Uint8Array | null, nowSec: number): SellerId | null {
    const { secret, proven } = this.#isKnown(quoted) ? (this.#known as KnownSeller) : this.#meet(quoted)
    if (!mac || !isSame(mac, sealQuote(terms, secret, this.#wire)))
      throw new WireError('false-quote', 'a quote that its delegate did not seal for us')
    return isEndorsementTimely(quoted.untilSec, nowSec) ? proven : null
  }

  #isKnown(quoted: QuotedSeller): boolean {
    const known = this.#known?.quoted
    return (
      known !== undefined &&
      known.payee === quoted.payee &&
      known.publicKey === quoted.publicKey &&
      known.untilSec === quoted.untilSec &&
      known.endorsement === quoted.endorsement
    )
  }

  #meet(quoted: QuotedSeller): KnownSeller {
    this.#endorsements += 1
    if (this.#endorsements > MAX_ENDORSEMENTS_PER_WIRE)
      throw new WireError('flood', 'too many endorsements on one wire')
    const before = this.#known
    const { payee, publicKey, untilSec, endorsement: signature } = quoted
    if (before && (before.quoted.payee !== payee || before.quoted.publicKey !== publicKey))
      throw new WireError('payee-changed', 'a seller cannot change its payee or its key on a wire')
    const delegate = addressOfPublicKey(publicKey)
    if (!delegate) throw new WireError('false-quote', 'a key that is none')
    const proven = { payee, delegate }
    if (!isEndorsementSigned({ ...proven, untilSec, signature }, this.#wire.domain))
      throw new WireError('false-quote', 'an endorsement that the payee did not sign')
    this.#known = { quoted, secret: before?.secret ?? this.#visitKey.agree(publicKey), proven }
    return this.#known
  }
}

/** Equal bytes; the time does not tell where they differ. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number)
  return difference === 0
}
