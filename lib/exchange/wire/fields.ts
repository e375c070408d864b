/** Readers of single fields of an untrusted message. Each throws WireError 'malformed' that names the field. */
import { type Bencode, bytesToHex, decodeBencode, type Hex, isDict, WireError } from '../../base/index.ts'
import { type Address, addressFromBytes } from '../../tron/index.ts'
import { type Amount, decodeAmount } from '../../units/index.ts'

export type Fields = ReadonlyMap<string, Bencode>

/** Deeper than any message of ours. */
const MAX_DEPTH = 8

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Throws WireError 'malformed'. */
export function failField(name: string): never {
  throw new WireError('malformed', `the field "${name}" is missing or wrong`)
}

/** The fields of a whole message. */
export function decodeFields(payload: Uint8Array): Fields {
  let value: Bencode
  try {
    value = decodeBencode(payload, { maxDepth: MAX_DEPTH })
  } catch (cause) {
    throw new WireError('malformed', 'a message is not bencoded', { cause })
  }
  return asFields(value, 'message')
}

/** A dictionary. */
export function asFields(value: Bencode | undefined, name: string): Fields {
  return isDict(value) ? value.entries : failField(name)
}

/** A list of at most `maxItems`. */
export function readList(fields: Fields, name: string, maxItems: number): readonly Bencode[] {
  const value = fields.get(name)
  return Array.isArray(value) && value.length <= maxItems ? value : failField(name)
}

/** An integer from 0 to `max`. */
export function readInteger(fields: Fields, name: string, max: number): number {
  const value = fields.get(name)
  return typeof value === 'number' && value >= 0 && value <= max ? value : failField(name)
}

/** Exactly `lengthBytes` raw bytes. */
export function readBytes(fields: Fields, name: string, lengthBytes: number): Uint8Array {
  const value = fields.get(name)
  return value instanceof Uint8Array && value.length === lengthBytes ? value : failField(name)
}

/** `lengthBytes` raw bytes as lower-case 0x hex. */
export function readHex(fields: Fields, name: string, lengthBytes: number): Hex {
  return bytesToHex(readBytes(fields, name, lengthBytes))
}

/** At most `maxBytes` raw bytes. */
export function readBytesUpTo(fields: Fields, name: string, maxBytes: number): Uint8Array {
  const value = fields.get(name)
  return value instanceof Uint8Array && value.length <= maxBytes ? value : failField(name)
}

/** At most `maxBytes` raw bytes as lower-case 0x hex. */
export function readHexUpTo(fields: Fields, name: string, maxBytes: number): Hex {
  return bytesToHex(readBytesUpTo(fields, name, maxBytes))
}

/** An address as 20 raw bytes. */
export function readAddress(fields: Fields, name: string): Address {
  return addressFromBytes(readBytes(fields, name, 20))
}

/** UTF-8 text of at most `maxLength` characters. */
export function readText(fields: Fields, name: string, maxLength: number): string {
  const value = fields.get(name)
  if (!(value instanceof Uint8Array) || value.length > maxLength * 4) failField(name)
  let text: string
  try {
    text = utf8.decode(value)
  } catch (cause) {
    throw new WireError('malformed', `the field "${name}" is not UTF-8`, { cause })
  }
  return text.length <= maxLength ? text : failField(name)
}

/** A canonical decimal string of base units within uint128. */
export function readAmount(fields: Fields, name: string): Amount {
  return decodeAmount(readText(fields, name, 39)) ?? failField(name)
}
