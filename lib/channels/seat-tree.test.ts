import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChannelError, type Hex } from '../base/index.ts'
import { addressFromBytes, addressToBytes } from '../tron/index.ts'
import { type Amount, toAmount } from '../units/index.ts'
import { buildSeatTree, MAX_SEATS, verifySeatProof } from './seat-tree.ts'
import { anyAddress, anyLeaves } from './testing/arbitraries.ts'
import type { SeatLeaf, SeatProof } from './types.ts'

const seat = (index: number, cap = 100n): SeatLeaf => ({
  payee: addressFromBytes(new Uint8Array(20).fill(index)),
  delegate: addressFromBytes(new Uint8Array(20).fill(255 - index)),
  cap: cap as Amount,
})
const codeOf = (action: () => unknown): string | null => {
  try {
    action()
    return null
  } catch (error) {
    return error instanceof ChannelError ? error.code : String(error)
  }
}

describe('buildSeatTree', () => {
  it('gives the same root for the same seats in any order', () => {
    fc.assert(
      fc.property(anyLeaves(20), (leaves) => {
        const tree = buildSeatTree(leaves)
        expect(buildSeatTree(leaves.toReversed()).root).toBe(tree.root)
        expect(tree.total).toBe(leaves.reduce((sum, leaf) => sum + leaf.cap, 0n))
      }),
    )
  })

  it('is a single leaf hash when there is one seat', () => {
    const tree = buildSeatTree([seat(1)])
    expect(tree.proofOf(seat(1).payee)).toEqual([])
    expect(verifySeatProof(seat(1), [], tree.root, toAmount(100n))).toBe(true)
  })

  it('refuses no seats, too many, a payee twice, a zero payee, caps of zero and beyond uint128, and a total beyond', () => {
    const max = (1n << 128n) - 1n
    const many = Array.from({ length: MAX_SEATS + 1 }, (_, index) => seat(index + 1))
    expect(codeOf(() => buildSeatTree([]))).toBe('empty-tree')
    expect(codeOf(() => buildSeatTree(many))).toBe('too-many-seats')
    expect(codeOf(() => buildSeatTree([seat(1), seat(2), { ...seat(1), cap: toAmount(5n) }]))).toBe(
      'duplicate-seat',
    )
    expect(codeOf(() => buildSeatTree([seat(0)]))).toBe('bad-payee')
    expect(codeOf(() => buildSeatTree([seat(1, 0n)]))).toBe('bad-cap')
    expect(codeOf(() => buildSeatTree([seat(1, max + 1n)]))).toBe('bad-cap')
    expect(codeOf(() => buildSeatTree([seat(1, max), seat(2, 1n)]))).toBe('total-too-large')
    expect(codeOf(() => buildSeatTree([seat(1)]).proofOf(seat(2).payee))).toBe('unknown-seat')
  })
})

describe('verifySeatProof', () => {
  it('refuses another cap, delegate, payee, total, root, side, sum or length of the path', () => {
    fc.assert(
      fc.property(anyLeaves(40), anyAddress, fc.nat(), (leaves, stranger, pick) => {
        fc.pre(
          leaves.length > 1 && leaves.every((leaf) => leaf.payee !== stranger && leaf.delegate !== stranger),
        )
        const tree = buildSeatTree(leaves)
        const leaf = leaves[pick % leaves.length] as SeatLeaf
        const path = tree.proofOf(leaf.payee)
        const more = toAmount(leaf.cap + 1n)
        const [first, ...rest] = path as [SeatProof[number], ...SeatProof]
        const cases: readonly (readonly [SeatLeaf, SeatProof, Hex, Amount])[] = [
          [{ ...leaf, cap: more }, path, tree.root, tree.total],
          [{ ...leaf, cap: more }, path, tree.root, toAmount(tree.total + 1n)],
          [{ ...leaf, delegate: stranger }, path, tree.root, tree.total],
          [{ ...leaf, payee: stranger }, path, tree.root, tree.total],
          [leaf, path, tree.root, toAmount(tree.total + 1n)],
          [leaf, path, `0x${'00'.repeat(32)}`, tree.total],
          [
            leaf,
            [{ ...first, side: first.side === 'left' ? 'right' : 'left' }, ...rest],
            tree.root,
            tree.total,
          ],
          [
            leaf,
            [{ ...first, sum: toAmount(first.sum + 1n) }, ...rest],
            tree.root,
            toAmount(tree.total + 1n),
          ],
          [leaf, rest, tree.root, tree.total],
          [leaf, [...path, first], tree.root, tree.total],
          [leaf, [{ ...first, hash: '0x12' }, ...rest], tree.root, tree.total],
        ]
        expect(verifySeatProof(leaf, path, tree.root, tree.total)).toBe(true)
        for (const attempt of cases) expect(verifySeatProof(...attempt)).toBe(false)
      }),
    )
  })

  it('refuses a path of more than 7 steps and sums that pass uint128', () => {
    const step = { hash: `0x${'11'.repeat(32)}` as Hex, sum: 1n as Amount, side: 'left' as const }
    expect(verifySeatProof(seat(1), Array(8).fill(step), step.hash, toAmount(108n))).toBe(false)
    const wrap = [{ ...step, sum: toAmount((1n << 128n) - 1n) }]
    expect(verifySeatProof(seat(1), wrap, step.hash, toAmount(99n))).toBe(false)
  })

  it('orders seats as the contract compares addresses', () => {
    const tree = buildSeatTree([seat(200), seat(3), seat(90)])
    expect(tree.leaves.map((leaf) => addressToBytes(leaf.payee)[0])).toEqual([3, 90, 200])
  })
})
