/**
 * The one bencode of the house (BEP 3). Reading is for hostile bytes: only the canonical form passes (no leading zeros,
 * keys sorted and unique, nothing after the end), depth and numbers are bounded, and no object gets a stranger's keys.
 */
import { concatBytes } from '@noble/hashes/utils.js'

/** A byte string stays bytes. */
export type Bencode = number | Uint8Array | readonly Bencode[] | BencodeDict
export interface BencodeDict {
  /** Keys byte by byte: U+0000 to U+00FF. */
  readonly entries: ReadonlyMap<string, Bencode>
  /** Where the dictionary stands in the input: [from, to). */
  readonly span: readonly [from: number, to: number]
}

/** What `encodeBencode` takes: strings become UTF-8 bytes, undefined entries of a dictionary are left out. */
export type BencodeInput =
  | string
  | number
  | Uint8Array
  | readonly BencodeInput[]
  | { readonly [key: string]: BencodeInput | undefined }

/** The file tree of a hybrid torrent (BEP 52) nests as deep as its folders, of which we take 32. */
const MAX_DEPTH = 40
/** A key is a word, a 32-byte hash or (BEP 52) the name of a file. */
const MAX_KEY_BYTES = 255
const CODE_0 = 0x30
const CODE_9 = 0x39
const CODE_COLON = 0x3a
const CODE_D = 0x64
const CODE_E = 0x65
const CODE_I = 0x69
const CODE_L = 0x6c
const CODE_MINUS = 0x2d

class Reader {
  position = 0
  readonly bytes: Uint8Array
  readonly maxDepth: number
  constructor(bytes: Uint8Array, maxDepth: number) {
    this.bytes = bytes
    this.maxDepth = maxDepth
  }

  value(depth: number): Bencode {
    if (depth > this.maxDepth) throw new RangeError('nested too deep')
    const code = this.bytes[this.position]
    if (code === CODE_I) return this.#integer()
    if (code === CODE_L) return this.#list(depth)
    if (code === CODE_D) return this.#dict(depth)
    return this.#string()
  }

  /** Digits up to the byte `end`, which is passed over. */
  #digits(end: number): number {
    const from = this.position
    let value = 0
    while (this.bytes[this.position] !== end) {
      const code = this.bytes[this.position]
      if (code === undefined || code < CODE_0 || code > CODE_9) throw new RangeError('a number is not digits')
      value = value * 10 + (code - CODE_0)
      if (!Number.isSafeInteger(value)) throw new RangeError('a number is too large')
      this.position += 1
    }
    const lengthDigits = this.position - from
    if (lengthDigits === 0) throw new RangeError('a number has no digits')
    if (lengthDigits > 1 && this.bytes[from] === CODE_0) throw new RangeError('a number has a leading zero')
    this.position += 1
    return value
  }

  #integer(): number {
    this.position += 1
    const isNegative = this.bytes[this.position] === CODE_MINUS
    if (isNegative) this.position += 1
    const magnitude = this.#digits(CODE_E)
    if (isNegative && magnitude === 0) throw new RangeError('minus zero')
    return isNegative ? -magnitude : magnitude
  }

  #string(): Uint8Array {
    const lengthBytes = this.#digits(CODE_COLON)
    const from = this.position
    if (lengthBytes > this.bytes.length - from) throw new RangeError('a string runs past the end')
    this.position += lengthBytes
    return this.bytes.subarray(from, this.position)
  }

  #list(depth: number): readonly Bencode[] {
    const items: Bencode[] = []
    this.position += 1
    while (this.bytes[this.position] !== CODE_E) items.push(this.value(depth + 1))
    this.position += 1
    return items
  }

  #dict(depth: number): BencodeDict {
    const from = this.position
    const entries = new Map<string, Bencode>()
    let previous: string | null = null
    this.position += 1
    while (this.bytes[this.position] !== CODE_E) {
      const raw = this.#string()
      if (raw.length > MAX_KEY_BYTES) throw new RangeError('a key is too long')
      // Not TextDecoder: its Latin-1 is Windows-1252, which changes the order of binary keys.
      const key = String.fromCharCode(...raw)
      if (previous !== null && key <= previous) throw new RangeError('keys are not sorted and unique')
      previous = key
      entries.set(key, this.value(depth + 1))
    }
    this.position += 1
    return { entries, span: [from, this.position] }
  }
}

/** Decodes one value that fills `bytes` whole. Strings are views into it. Throws RangeError on anything else. */
export function decodeBencode(bytes: Uint8Array, { maxDepth = MAX_DEPTH } = {}): Bencode {
  const reader = new Reader(bytes, maxDepth)
  const value = reader.value(0)
  if (reader.position !== bytes.length) throw new RangeError('bytes follow the end')
  return value
}

export function isDict(value: Bencode | undefined): value is BencodeDict {
  return typeof value === 'object' && 'entries' in value && 'span' in value
}

const textEncoder = new TextEncoder()

/** The canonical bytes of a value: keys sorted (ASCII keys only). Throws RangeError on an unsafe integer. */
export function encodeBencode(value: BencodeInput): Uint8Array {
  const parts: Uint8Array[] = []
  writeValue(value, parts)
  return concatBytes(...parts)
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
