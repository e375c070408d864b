/** The part of protobuf that TRON transactions and block headers need: varints and length-delimited fields. */

type Wire = bigint | Uint8Array

/** Writes fields in the order of the calls; zero and empty values are left out, as proto3 does. */
export class ProtoWriter {
  readonly #bytes: number[] = []

  #varint(value: bigint): void {
    let rest = BigInt.asUintN(64, value)
    while (rest >= 0x80n) {
      this.#bytes.push(Number(rest & 0x7fn) | 0x80)
      rest >>= 7n
    }
    this.#bytes.push(Number(rest))
  }

  varint(field: number, value: bigint | number): this {
    const integer = BigInt(value)
    if (integer === 0n) return this
    this.#varint(BigInt(field << 3))
    this.#varint(integer)
    return this
  }

  /** `keepEmpty` writes a field of zero length, for repeated and message fields. */
  bytes(field: number, value: Uint8Array, keepEmpty = false): this {
    if (value.length === 0 && !keepEmpty) return this
    this.#varint(BigInt((field << 3) | 2))
    this.#varint(BigInt(value.length))
    for (const byte of value) this.#bytes.push(byte)
    return this
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value))
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }
}

/** Fields of an untrusted message. Throws RangeError on a truncated or malformed one. */
export class ProtoReader {
  readonly #fields = new Map<number, Wire[]>()

  constructor(bytes: Uint8Array) {
    let at = 0
    const readVarint = (): bigint => {
      let value = 0n
      for (let shift = 0n; shift < 70n; shift += 7n) {
        const byte = bytes[at++]
        if (byte === undefined) throw new RangeError('truncated protobuf message')
        value |= BigInt(byte & 0x7f) << shift
        if (byte < 0x80) return BigInt.asUintN(64, value)
      }
      throw new RangeError('malformed protobuf varint')
    }
    while (at < bytes.length) {
      const key = Number(readVarint())
      const values = this.#fields.get(key >>> 3) ?? []
      const wireType = key & 7
      if (wireType === 0) values.push(readVarint())
      else if (wireType === 2) {
        const length = Number(readVarint())
        if (length > bytes.length - at) throw new RangeError('truncated protobuf field')
        values.push(bytes.slice(at, at + length))
        at += length
      } else throw new RangeError('unsupported protobuf wire type')
      this.#fields.set(key >>> 3, values)
    }
  }

  /** int64 of a field, 0 when absent. */
  int(field: number): bigint {
    const value = this.#fields.get(field)?.at(-1)
    return typeof value === 'bigint' ? BigInt.asIntN(64, value) : 0n
  }

  bytes(field: number): Uint8Array {
    const value = this.#fields.get(field)?.at(-1)
    return value instanceof Uint8Array ? value : new Uint8Array(0)
  }

  text(field: number): string {
    return new TextDecoder().decode(this.bytes(field))
  }

  repeated(field: number): Uint8Array[] {
    return (this.#fields.get(field) ?? []).filter((value) => value instanceof Uint8Array)
  }
}
