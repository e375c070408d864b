/** Our entry in the BEP 10 handshake, and what a peer's entry says. Both only name the money's place; prices follow in `quote`. */
import { type Address, addressToBytes } from '../tron/index.ts'
import { bytesToHex, WireError } from '../units/index.ts'

/** Version of the protocol in docs/PROTOCOL.md. */
const PROTOCOL_VERSION = 1
/** Key in the handshake's `m` and of our entry. */
export const EXTENSION_NAME = 'btt'

/** The chain and the contract on which both sides must agree. */
export interface ExchangeDomain {
  readonly chainId: number
  readonly contract: Address
}

export interface SellerAddresses {
  readonly payee: Address
  readonly delegate: Address
}

/** `btt: {v, chain, contract, payee?, delegate?}`. */
export function encodeHandshake(
  domain: ExchangeDomain,
  seller: SellerAddresses | null,
): Readonly<Record<string, string | number | Uint8Array>> {
  return {
    v: PROTOCOL_VERSION,
    chain: domain.chainId,
    contract: addressToBytes(domain.contract),
    ...(seller
      ? { payee: addressToBytes(seller.payee), delegate: addressToBytes(seller.delegate) }
      : undefined),
  }
}

export type HandshakeVerdict =
  /** Speaks our version on our contract. */
  | { readonly status: 'same' }
  /** Lacks the extension, or speaks another version: an ordinary peer. */
  | { readonly status: 'silent' }
  | { readonly status: 'otherNetwork' }

/** Reads an untrusted entry. Throws WireError 'malformed' when it claims our version with wrong fields. */
export function parseHandshake(theirs: unknown, domain: ExchangeDomain): HandshakeVerdict {
  if (typeof theirs !== 'object' || theirs === null) return { status: 'silent' }
  const entry = theirs as Readonly<Record<string, unknown>>
  if (entry.v !== PROTOCOL_VERSION) return { status: 'silent' }
  const { chain, contract } = entry
  const isWellFormed = Number.isSafeInteger(chain) && contract instanceof Uint8Array && contract.length === 20
  if (!isWellFormed) throw new WireError('malformed', 'the btt handshake lacks its chain or contract')
  const isSame =
    chain === domain.chainId && bytesToHex(contract) === bytesToHex(addressToBytes(domain.contract))
  return { status: isSame ? 'same' : 'otherNetwork' }
}
