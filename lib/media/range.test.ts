import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRange } from './range.ts'

describe('parseRange (RFC 9110, 14)', () => {
  it.each([
    [null, { status: 200, startByte: 0, endByte: 999 }],
    ['bytes=0-', { status: 206, startByte: 0, endByte: 999 }],
    ['bytes=0-0', { status: 206, startByte: 0, endByte: 0 }],
    ['bytes=500-99999', { status: 206, startByte: 500, endByte: 999 }],
    ['bytes=-100', { status: 206, startByte: 900, endByte: 999 }],
    ['bytes=-5000', { status: 206, startByte: 0, endByte: 999 }],
    ['bytes=1000-', { status: 416 }],
    ['bytes=-0', { status: 416 }],
    ['bytes=5-2', { status: 200, startByte: 0, endByte: 999 }],
    ['bytes=0-1,5-6', { status: 200, startByte: 0, endByte: 999 }],
    ['items=0-1', { status: 200, startByte: 0, endByte: 999 }],
    ['bytes=-', { status: 200, startByte: 0, endByte: 999 }],
  ])('%s', (header, expected) => {
    expect(parseRange(header, 1000)).toEqual(expected)
  })

  it('stays inside the file whatever is asked', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(5_000), (first, last, lengthBytes) => {
        for (const header of [`bytes=${first}-${last}`, `bytes=${first}-`, `bytes=-${last}`]) {
          const answer = parseRange(header, lengthBytes)
          if (answer.status === 416) continue
          expect(answer.startByte).toBeGreaterThanOrEqual(0)
          expect(answer.endByte).toBeLessThan(Math.max(1, lengthBytes))
        }
      }),
    )
  })
})
