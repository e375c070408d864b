/**
 * Protobuf messages by schema: bytes, decoded fields, and the JSON that java-tron makes of them. Encoding writes fields by
 * number and leaves zeros out, as proto3 does, so a message that a node made comes back byte for byte.
 * Source of the JSON rules: java-tron, framework/…/services/http/JsonFormat.java.
 */
import { bytesToHex } from '../../lib/base/index.ts'
import { accountIdFromBytes, formatAccountId, parseAddressBytes, parseHexBytes } from './account-id.ts'
import { ProtoReader, ProtoWriter } from './protobuf.ts'

/** `address` and `text` are bytes that `visible` shows as base58 and as UTF-8. */
type ScalarKind = 'int64' | 'int32' | 'bool' | 'bytes' | 'address' | 'text' | 'string'

export interface FieldSchema {
  readonly number: number
  readonly name: string
  /** A scalar, the names of an enum by value, or another message. */
  readonly kind: ScalarKind | readonly string[] | MessageSchema
  readonly repeated?: true
}

export interface MessageSchema {
  readonly name: string
  readonly fields: readonly FieldSchema[]
}

export type MessageValue = bigint | number | boolean | string | Uint8Array | Message | readonly MessageValue[]
/** Fields by name; absent ones are zero or empty. Integers of 64 bits are bigint, enums their number. */
export interface Message {
  readonly [name: string]: MessageValue | undefined
}

type Json = Record<string, unknown>

/** Decodes untrusted bytes; unknown fields are dropped. Throws RangeError. */
export function decodeMessage(schema: MessageSchema, bytes: Uint8Array): Message {
  const reader = new ProtoReader(bytes)
  const message: Record<string, MessageValue> = {}
  for (const { number, name, kind, repeated } of schema.fields) {
    if (isMessage(kind)) {
      const parts = reader.repeated(number).map((part) => decodeMessage(kind, part))
      if (repeated && parts.length > 0) message[name] = parts
      else if (parts.length > 0) message[name] = parts.at(-1)!
    } else {
      const value = readScalar(reader, number, kind)
      if (!isDefault(value)) message[name] = value
    }
  }
  return message
}

function readScalar(reader: ProtoReader, number: number, kind: ScalarKind | readonly string[]): MessageValue {
  if (Array.isArray(kind)) return Number(reader.int(number))
  switch (kind as ScalarKind) {
    case 'int64':
      return reader.int(number)
    case 'int32':
      return Number(BigInt.asIntN(32, reader.int(number)))
    case 'bool':
      return reader.int(number) !== 0n
    case 'string':
      return reader.text(number)
    default:
      return reader.bytes(number)
  }
}

function isDefault(value: MessageValue): boolean {
  return (
    value === 0n ||
    value === 0 ||
    value === false ||
    value === '' ||
    (value instanceof Uint8Array && value.length === 0)
  )
}

/** The inverse of `decodeMessage`. */
export function encodeMessage(schema: MessageSchema, message: Message): Uint8Array {
  const writer = new ProtoWriter()
  const fields = [...schema.fields].sort((a, b) => a.number - b.number)
  for (const { number, name, kind } of fields) {
    const value = message[name]
    if (value === undefined) continue
    if (isMessage(kind)) {
      const parts = (Array.isArray(value) ? value : [value]) as readonly Message[]
      for (const part of parts) writer.bytes(number, encodeMessage(kind, part), true)
    } else if (value instanceof Uint8Array) writer.bytes(number, value)
    else if (typeof value === 'string') writer.text(number, value)
    else writer.varint(number, BigInt(value as bigint | number | boolean))
  }
  return writer.finish()
}

/** The JSON of a message. Zeros are left out; 64-bit integers stay bigint, for the HTTP layer to print exactly. */
export function formatMessage(schema: MessageSchema, message: Message, visible: boolean): Json {
  const json: Json = {}
  for (const { name, kind } of schema.fields) {
    const value = message[name]
    if (value === undefined || (!isMessage(kind) && isDefault(value))) continue
    if (Array.isArray(value)) json[name] = value.map((part) => formatValue(kind, part, visible))
    else json[name] = formatValue(kind, value, visible)
  }
  return json
}

function formatValue(kind: FieldSchema['kind'], value: MessageValue, visible: boolean): unknown {
  if (isMessage(kind)) return formatMessage(kind, value as Message, visible)
  if (isEnum(kind)) return kind[value as number] ?? value
  if (!(value instanceof Uint8Array)) return value
  if (kind === 'address') {
    const id = accountIdFromBytes(value)
    if (id) return formatAccountId(id, visible)
  }
  return visible && kind === 'text' ? new TextDecoder().decode(value) : bytesToHex(value).slice(2)
}

/**
 * Reads untrusted JSON into a message; fields that the schema has not are ignored, as java-tron does. Throws RangeError
 * that names the field.
 */
export function parseMessage(schema: MessageSchema, json: unknown, visible: boolean): Message {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new RangeError(`${schema.name} is not an object`)
  }
  const message: Record<string, MessageValue> = {}
  for (const { name, kind, repeated } of schema.fields) {
    const value = Object.hasOwn(json, name) ? (json as Json)[name] : undefined
    if (value === undefined || value === null) continue
    if (!repeated) message[name] = parseValue(name, kind, value, visible)
    else {
      // java-tron takes a single object for a list of one.
      const list = Array.isArray(value) ? value : [value]
      if (list.length > 0) message[name] = list.map((part) => parseValue(name, kind, part, visible))
    }
  }
  return message
}

function parseValue(name: string, kind: FieldSchema['kind'], value: unknown, visible: boolean): MessageValue {
  if (isMessage(kind)) return parseMessage(kind, value, visible)
  if (isEnum(kind)) return parseEnum(name, kind, value)
  switch (kind) {
    case 'int64':
      return parseInteger(name, value, 64)
    case 'int32':
      return Number(parseInteger(name, value, 32))
    case 'bool':
      if (value === true || value === 'true') return true
      if (value === false || value === 'false') return false
      throw new RangeError(`${name}: Expected "true" or "false".`)
    case 'string':
      return requireText(name, value)
    case 'address':
      return parseAddressBytes(value, visible)
    case 'text':
      if (visible) return new TextEncoder().encode(requireText(name, value))
      return parseHexBytes(value)
    default:
      return parseHexBytes(value)
  }
}

function parseInteger(name: string, value: unknown, bits: 32 | 64): bigint {
  const isWhole = typeof value === 'number' && Number.isSafeInteger(value)
  const isDigits = typeof value === 'string' && /^-?\d{1,20}$/.test(value)
  if (!isWhole && !isDigits && typeof value !== 'bigint') {
    throw new RangeError(`Couldn't parse integer of ${name}`)
  }
  const integer = BigInt(value as number | string | bigint)
  if (BigInt.asIntN(bits, integer) !== integer) {
    throw new RangeError(`Number out of range for ${bits}-bit signed integer: ${integer}`)
  }
  return integer
}

function parseEnum(name: string, names: readonly string[], value: unknown): number {
  const wanted = typeof value === 'string' ? value : ''
  // java-tron takes a name in lower case for one with a capital.
  const index = names.findIndex((each) => each === wanted || (wanted !== '' && each === capitalise(wanted)))
  if (index >= 0) return index
  const number = Number(parseInteger(name, value, 32))
  if (names[number] === undefined)
    throw new RangeError(`Enum type "${name}" has no value with number ${number}.`)
  return number
}

function capitalise(name: string): string {
  return /^[a-z]+$/.test(name) ? name.charAt(0).toUpperCase() + name.slice(1) : name
}

function requireText(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new RangeError(`Expected string for ${name}`)
  return value
}

function isMessage(kind: FieldSchema['kind']): kind is MessageSchema {
  return typeof kind === 'object' && 'fields' in kind
}

function isEnum(kind: FieldSchema['kind']): kind is readonly string[] {
  return Array.isArray(kind)
}
