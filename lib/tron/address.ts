/** TRON addresses. Canonical form in code: base58check text ("T…"); in typed data and on our wire: 20 bytes. */
import { sha256 } from '@noble/hashes/sha2.js'
import { createBase58check } from '@scure/base'

declare const addressBrand: unique symbol
/** A checked base58check TRON address. Only `parseAddress` and `addressFromBytes` make one. */
export type Address = string & { readonly [addressBrand]: 'TRON' }

const base58check = createBase58check(sha256)
const TRON_PREFIX = 0x41

/** The address of 20 raw bytes. Throws RangeError on another length. */
export function addressFromBytes(bytes: Uint8Array): Address {
  if (bytes.length !== 20) throw new RangeError('an address has 20 bytes')
  const prefixed = new Uint8Array(21)
  prefixed[0] = TRON_PREFIX
  prefixed.set(bytes, 1)
  return base58check.encode(prefixed) as Address
}

/** The 20 raw bytes of an address, without the 0x41 prefix. */
export function addressToBytes(address: Address): Uint8Array {
  return base58check.decode(address).slice(1)
}

/** Checks untrusted text; null when it is not a base58check TRON address. */
export function parseAddress(text: unknown): Address | null {
  if (typeof text !== 'string' || text.length > 40) return null
  try {
    const bytes = base58check.decode(text)
    return bytes.length === 21 && bytes[0] === TRON_PREFIX ? (text as Address) : null
  } catch {
    return null
  }
}
