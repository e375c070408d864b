import { describe, expect, it } from 'vitest'
import { countPieces, findDownloadedRuns, pickCellValue } from './piece-values.ts'

describe('piece values', () => {
  it('counts each kind', () => {
    expect(countPieces(Uint8Array.of(0, 1, 2, 3, 3))).toEqual({ missing: 1, active: 1, verified: 1, paid: 2 })
  })

  it('shows a cell as its most frequent value, and work in it', () => {
    expect(pickCellValue(Uint8Array.of(3, 3, 2, 0), 0, 4)).toBe(3)
    expect(pickCellValue(Uint8Array.of(0, 0, 1, 2), 0, 4)).toBe(1)
    expect(pickCellValue(Uint8Array.of(0, 0, 0, 2), 0, 4)).toBe(0)
  })

  it('joins neighbouring verified parts of a file', () => {
    const pieces = Uint8Array.of(2, 3, 0, 2)
    expect(findDownloadedRuns(pieces, 10, { offsetBytes: 0, lengthBytes: 40 })).toEqual([
      { start: 0, end: 0.5 },
      { start: 0.75, end: 1 },
    ])
  })

  it('counts only the pieces under the file', () => {
    const pieces = Uint8Array.of(0, 0, 2, 2)
    expect(findDownloadedRuns(pieces, 10, { offsetBytes: 20, lengthBytes: 20 })).toEqual([
      { start: 0, end: 1 },
    ])
  })
})
