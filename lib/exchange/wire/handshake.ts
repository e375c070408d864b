/** Our entry in the BEP 10 handshake, and what a peer's entry says: the money's place, and what makes this wire one of its own. */

import { bytesToHex, type Hex, hexToBytes, WireError } from '../../base/index.ts'
import { type Address, addressToBytes } from '../../tron/index.ts'

/** Version of the protocol in docs/PROTOCOL.md. */
const PROTOCOL_VERSION = 2
/** Key in the handshake's `m` and of our entry. */
export const EXTENSION_NAME = 'btt'
export const NONCE_BYTES = 32
const PUBLIC_KEY_BYTES = 33

/** The chain and the contract on which both sides must agree. */
export interface ExchangeDomain {
  readonly chainId: number
  readonly contract: Address
}

/** What one side says of itself on one wire. */
export interface Greeting {
  /** The one-visit key for which sellers seal their quotes, 33 bytes. */
  readonly publicKey: Hex
  /** Fresh for this wire, 32 bytes. */
  readonly nonce: Hex
}

/** `btt: {v, chain, contract, key, nonce}`. */
export function encodeHandshake(
  domain: ExchangeDomain,
  { publicKey, nonce }: Greeting,
): Readonly<Record<string, string | number | Uint8Array>> {
  return {
    v: PROTOCOL_VERSION,
    chain: domain.chainId,
    contract: addressToBytes(domain.contract),
    key: hexToBytes(publicKey),
    nonce: hexToBytes(nonce),
  }
}

export type HandshakeVerdict =
  /** Speaks our version on our contract. */
  | ({ readonly status: 'same' } & Greeting)
  /** Lacks the extension, or speaks an older version: an ordinary peer. */
  | { readonly status: 'silent' }
  /** Speaks a later version: this page is an old one. */
  | { readonly status: 'newer' }
  | { readonly status: 'otherNetwork' }

/** Reads an untrusted entry. Throws WireError 'malformed' when it claims our version with wrong fields. */
export function parseHandshake(theirs: unknown, domain: ExchangeDomain): HandshakeVerdict {
  if (typeof theirs !== 'object' || theirs === null) return { status: 'silent' }
  const { v, chain, contract, key, nonce } = theirs as Readonly<Record<string, unknown>>
  if (v !== PROTOCOL_VERSION) {
    const isNewer = typeof v === 'number' && Number.isSafeInteger(v) && v > PROTOCOL_VERSION
    return { status: isNewer ? 'newer' : 'silent' }
  }
  if (!Number.isSafeInteger(chain) || !isBytes(contract, 20))
    throw new WireError('malformed', 'the btt handshake lacks its chain or contract')
  const isSame =
    chain === domain.chainId && bytesToHex(contract) === bytesToHex(addressToBytes(domain.contract))
  if (!isSame) return { status: 'otherNetwork' }
  if (!isBytes(key, PUBLIC_KEY_BYTES) || !isBytes(nonce, NONCE_BYTES))
    throw new WireError('malformed', 'the btt handshake lacks its key or nonce')
  return { status: 'same', publicKey: bytesToHex(key), nonce: bytesToHex(nonce) }
}

function isBytes(value: unknown, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length
}
