/** Addresses as the chain keeps them: lower-case 0x hex of 20 bytes. JSON has them as "41…" hex or base58. */
import type { Address } from '../../lib/tron/address.ts'
import { addressFromBytes, addressToBytes, parseAddress } from '../../lib/tron/address.ts'
import type { Hex } from '../../lib/units/bytes.ts'
import { bytesToHex, hexToBytes } from '../../lib/units/bytes.ts'

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
