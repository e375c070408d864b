import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProtoReader, ProtoWriter } from './protobuf.ts'

describe('protobuf fields', () => {
  it('read back as they were written', () => {
    const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    fc.assert(
      fc.property(int64, fc.uint8Array({ maxLength: 300 }), fc.string(), (integer, bytes, text) => {
        const written = new ProtoWriter().varint(1, integer).bytes(2, bytes).text(900, text).finish()
        const read = new ProtoReader(written)
        expect(read.int(1)).toBe(integer)
        expect(read.bytes(2)).toEqual(bytes)
        expect(read.text(900)).toBe(new TextDecoder().decode(new TextEncoder().encode(text)))
      }),
    )
  })

  it('throw a RangeError on garbage and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          new ProtoReader(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
    )
  })
})
