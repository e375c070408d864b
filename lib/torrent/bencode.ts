/** Strict bencode reading (BEP 3) of untrusted bytes: canonical integers, sorted unique keys, bounded depth, no rest. */

export type Bencode = number | Uint8Array | readonly Bencode[] | BencodeDict
export interface BencodeDict {
  readonly entries: ReadonlyMap<string, Bencode>
  /** Where the dictionary stands in the input: [from, to). */
  readonly span: readonly [from: number, to: number]
}

const MAX_DEPTH = 32
const latin = new TextDecoder('latin1')

class Reader {
  position = 0
  readonly bytes: Uint8Array
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** Digits up to `end`; throws on signs, leading zeros, or more than 15 digits. */
  private digits(end: number): number {
    const from = this.position
    while (this.bytes[this.position] !== end) {
      const byte = this.bytes[this.position]
      if (byte === undefined || byte < 0x30 || byte > 0x39 || this.position - from > 15)
        throw new RangeError('bad number')
      this.position += 1
    }
    const text = latin.decode(this.bytes.subarray(from, this.position))
    this.position += 1
    if (text === '' || (text.length > 1 && text.startsWith('0'))) throw new RangeError('bad number')
    return Number(text)
  }

  text(): Uint8Array {
    const lengthBytes = this.digits(0x3a)
    const from = this.position
    if (from + lengthBytes > this.bytes.length) throw new RangeError('string beyond the end')
    this.position += lengthBytes
    return this.bytes.subarray(from, this.position)
  }

  value(depth: number): Bencode {
    if (depth > MAX_DEPTH) throw new RangeError('too deep')
    const byte = this.bytes[this.position]
    if (byte === 0x69) {
      this.position += 1
      const isNegative = this.bytes[this.position] === 0x2d
      if (isNegative) this.position += 1
      const magnitude = this.digits(0x65)
      if (isNegative && magnitude === 0) throw new RangeError('minus zero')
      return isNegative ? -magnitude : magnitude
    }
    if (byte === 0x6c) return this.list(depth)
    if (byte === 0x64) return this.dict(depth)
    return this.text()
  }

  private list(depth: number): readonly Bencode[] {
    this.position += 1
    const items: Bencode[] = []
    while (this.bytes[this.position] !== 0x65) items.push(this.value(depth + 1))
    this.position += 1
    return items
  }

  private dict(depth: number): BencodeDict {
    const from = this.position
    this.position += 1
    const entries = new Map<string, Bencode>()
    let previous: string | null = null
    while (this.bytes[this.position] !== 0x65) {
      const key = latin.decode(this.text())
      if (previous !== null && key <= previous) throw new RangeError('keys are not sorted')
      previous = key
      entries.set(key, this.value(depth + 1))
    }
    this.position += 1
    return { entries, span: [from, this.position] }
  }
}

/** Decodes one value that fills `bytes` whole. Strings are views into it. Throws RangeError on anything malformed. */
export function decodeBencode(bytes: Uint8Array): Bencode {
  const reader = new Reader(bytes)
  const value = reader.value(0)
  if (reader.position !== bytes.length) throw new RangeError('bytes after the end')
  return value
}

export function isDict(value: Bencode | undefined): value is BencodeDict {
  return typeof value === 'object' && 'entries' in value && 'span' in value
}
