/** Addresses as the chain keeps them: lower-case 0x hex of 20 bytes. JSON has them as "41…" hex or base58. */

import type { Hex } from '../../lib/base/index.ts'
import { bytesToHex, hexToBytes } from '../../lib/base/index.ts'
import type { Address } from '../../lib/tron/index.ts'
import { addressFromBytes, addressToBytes, parseAddress } from '../../lib/tron/index.ts'

/** 20 bytes as lower-case 0x hex. */
export type AccountId = Hex

/** Reads untrusted JSON: "T…", "41…" or "0x…" (20 or 21 bytes); null when it is none of them. */
export function parseAccountId(value: unknown): AccountId | null {
  if (typeof value !== 'string') return null
  const base58 = parseAddress(value)
  if (base58) return bytesToHex(addressToBytes(base58))
  const match = /^(?:0x)?(?:41)?([0-9a-fA-F]{40})$/.exec(value)
  return match?.[1] ? `0x${match[1].toLowerCase()}` : null
}

/**
 * An address as java-tron reads it: base58 where `visible`, else the hex of whatever bytes. Throws RangeError in its words.
 * Source: java-tron, framework/…/services/http/JsonFormat.java (unescapeBytesSelfType).
 */
export function parseAddressBytes(value: unknown, visible: boolean): Uint8Array {
  if (typeof value !== 'string') throw new RangeError('Expected string.')
  if (!visible) return parseHexBytes(value)
  const foreign = /[^1-9A-HJ-NP-Za-km-z]/.exec(value)
  if (foreign)
    throw new RangeError(`INVALID base58 String, Illegal character ${foreign[0]} at ${foreign.index}`)
  const base58 = parseAddress(value)
  if (!base58 && value !== '') throw new RangeError('INVALID base58 String, null')
  return base58 ? accountIdToBytes(bytesToHex(addressToBytes(base58))) : new Uint8Array(0)
}

/** Hex with or without 0x; a zero is put before an odd number of digits. Throws RangeError in java-tron's words. */
export function parseHexBytes(value: unknown): Uint8Array {
  const match = typeof value === 'string' ? /^(?:0x)?([0-9a-fA-F]*)$/.exec(value) : null
  if (!match) throw new RangeError('INVALID hex String')
  const digits = match[1] ?? ''
  return Uint8Array.from(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex'))
}

/** From protobuf's 21 bytes; null on anything else. */
export function accountIdFromBytes(bytes: Uint8Array): AccountId | null {
  return bytes.length === 21 && bytes[0] === 0x41 ? bytesToHex(bytes.slice(1)) : null
}

/** Protobuf's 21 bytes. */
export function accountIdToBytes(id: AccountId): Uint8Array {
  return Uint8Array.of(0x41, ...hexToBytes(id))
}

export function accountIdToAddress(id: AccountId): Address {
  return addressFromBytes(hexToBytes(id))
}

/** The JSON form: base58 when `visible`, else "41…". */
export function formatAccountId(id: AccountId, visible: boolean): string {
  return visible ? accountIdToAddress(id) : `41${id.slice(2)}`
}
