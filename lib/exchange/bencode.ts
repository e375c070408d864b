/**
 * Strict bencoding (BEP 3) for our own messages. Unlike lenient decoders it cannot loop or recurse without bound on
 * hostile input, refuses unsorted or duplicate keys, and never builds an object with attacker-chosen keys.
 */
import { WireError } from '../units/index.ts'

/** What `encodeBencode` takes: strings become UTF-8 bytes, undefined entries of a dictionary are left out. */
export type BencodeInput =
  | string
  | number
  | Uint8Array
  | readonly BencodeInput[]
  | { readonly [key: string]: BencodeInput | undefined }

/** What `decodeBencode` gives: byte strings stay bytes; a dictionary's keys are read byte by byte (Latin-1). */
export type BencodeValue = number | Uint8Array | readonly BencodeValue[] | ReadonlyMap<string, BencodeValue>

/** Deeper than any message of ours. */
const MAX_DEPTH = 8
const CODE_0 = 0x30
const CODE_9 = 0x39
const CODE_COLON = 0x3a
const CODE_D = 0x64
const CODE_E = 0x65
const CODE_I = 0x69
const CODE_L = 0x6c
const CODE_MINUS = 0x2d

const textEncoder = new TextEncoder()

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

function writeValue(value: BencodeInput, parts: Uint8Array[]): void {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new RangeError('only safe integers can be bencoded')
    parts.push(textEncoder.encode(`i${value}e`))
  } else if (typeof value === 'string') {
    writeValue(textEncoder.encode(value), parts)
  } else if (value instanceof Uint8Array) {
    parts.push(textEncoder.encode(`${value.length}:`), value)
  } else if (Array.isArray(value)) {
    parts.push(Uint8Array.of(CODE_L))
    for (const item of value as readonly BencodeInput[]) writeValue(item, parts)
    parts.push(Uint8Array.of(CODE_E))
  } else {
    const entries = Object.entries(value as Readonly<Record<string, BencodeInput | undefined>>)
    parts.push(Uint8Array.of(CODE_D))
    for (const [key, item] of entries.sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (item === undefined) continue
      writeValue(key, parts)
      writeValue(item, parts)
    }
    parts.push(Uint8Array.of(CODE_E))
  }
}

/** The canonical bytes of a value: keys sorted (ASCII keys only). Throws RangeError on an unsafe integer. */
export function encodeBencode(value: BencodeInput): Uint8Array {
  const parts: Uint8Array[] = []
  writeValue(value, parts)
  return joinBytes(parts)
}

function fail(words: string): never {
  throw new WireError('malformed', `bad bencoding: ${words}`)
}

function createReader(bytes: Uint8Array) {
  let position = 0

  function readDigits(end: number, words: string): number {
    const start = position
    let value = 0
    for (; position < bytes.length && bytes[position] !== end; position++) {
      const code = bytes[position] as number
      if (code < CODE_0 || code > CODE_9) fail(words)
      value = value * 10 + (code - CODE_0)
      if (!Number.isSafeInteger(value)) fail('a number is too large')
    }
    const lengthDigits = position - start
    if (position >= bytes.length || lengthDigits === 0) fail(words)
    if (lengthDigits > 1 && bytes[start] === CODE_0) fail('a leading zero')
    position++
    return value
  }

  function readInteger(): number {
    position++
    const isNegative = bytes[position] === CODE_MINUS
    if (isNegative) position++
    const value = readDigits(CODE_E, 'an integer is not digits')
    if (isNegative && value === 0) fail('minus zero')
    return isNegative ? -value : value
  }

  function readBytes(): Uint8Array {
    const lengthBytes = readDigits(CODE_COLON, 'a length is not digits')
    if (lengthBytes > bytes.length - position) fail('a string runs past the end')
    position += lengthBytes
    return bytes.slice(position - lengthBytes, position)
  }

  function readDictionary(depth: number): ReadonlyMap<string, BencodeValue> {
    const entries = new Map<string, BencodeValue>()
    let previous: string | null = null
    position++
    while (bytes[position] !== CODE_E) {
      const key = String.fromCharCode(...readBytes().subarray(0, 256))
      if (previous !== null && key <= previous) fail('keys are not sorted and unique')
      entries.set(key, readValue(depth + 1))
      previous = key
    }
    position++
    return entries
  }

  function readList(depth: number): readonly BencodeValue[] {
    const items: BencodeValue[] = []
    position++
    while (bytes[position] !== CODE_E) items.push(readValue(depth + 1))
    position++
    return items
  }

  function readValue(depth: number): BencodeValue {
    if (depth > MAX_DEPTH) fail('nested too deep')
    if (position >= bytes.length) fail('it ends early')
    const code = bytes[position]
    if (code === CODE_I) return readInteger()
    if (code === CODE_L) return readList(depth)
    if (code === CODE_D) return readDictionary(depth)
    return readBytes()
  }

  return {
    readWhole(): BencodeValue {
      const value = readValue(0)
      if (position !== bytes.length) fail('bytes follow its end')
      return value
    },
  }
}

/** Reads exactly one value. Throws WireError 'malformed' on anything else than canonical bencoding. */
export function decodeBencode(bytes: Uint8Array): BencodeValue {
  return createReader(bytes).readWhole()
}
