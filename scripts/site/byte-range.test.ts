import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseByteRange } from './byte-range.ts'

test('reads a range, an open end and the last bytes', () => {
  expect(parseByteRange('bytes=0-0', 10)).toEqual({ startByte: 0, endByte: 0 })
  expect(parseByteRange('bytes=4-', 10)).toEqual({ startByte: 4, endByte: 9 })
  expect(parseByteRange('bytes=-3', 10)).toEqual({ startByte: 7, endByte: 9 })
  expect(parseByteRange('bytes=-30', 10)).toEqual({ startByte: 0, endByte: 9 })
  expect(parseByteRange('bytes=4-99', 10)).toEqual({ startByte: 4, endByte: 9 })
})

test('refuses a range past the end', () => {
  expect(parseByteRange('bytes=10-', 10)).toBe('unsatisfiable')
  expect(parseByteRange('bytes=-0', 10)).toBe('unsatisfiable')
  expect(parseByteRange('bytes=-1', 0)).toBe('unsatisfiable')
})

test('sends the whole file for what it does not understand', () => {
  for (const header of [
    undefined,
    '',
    'bytes=',
    'bytes=-',
    'bytes=5-2',
    'bytes=0-1,4-5',
    'items=0-1',
    'bytes=a-b',
  ]) {
    expect(parseByteRange(header, 10)).toBe('whole')
  }
})

test('never leaves the file, whatever the header says', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), fc.nat(), fc.nat({ max: 1000 }), (noise, first, last, lengthBytes) => {
      for (const header of [noise, `bytes=${noise}`, `bytes=${first}-${last}`, `bytes=-${last}`]) {
        const range = parseByteRange(header, lengthBytes)
        if (typeof range === 'string') continue
        expect(range.startByte).toBeGreaterThanOrEqual(0)
        expect(range.startByte).toBeLessThanOrEqual(range.endByte)
        expect(range.endByte).toBeLessThan(lengthBytes)
      }
    }),
  )
})
