import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_SEATS } from '../../channels/index.ts'
import { addressFromBytes } from '../../tron/index.ts'
import { toAmount } from '../../units/index.ts'
import type { SellerTerms } from '../ports.ts'
import { halve, MAX_RELEASES, packSettlements, type SettlementSize } from './close-out-batches.ts'
import { chooseFirstLeaves } from './seat-choice.ts'
import { FIRST_SEATS, rankSellers, type SeatCandidate, splitTotal, takeEachPayeeOnce } from './seat-plan.ts'

const MAX_ASK = toAmount(1_000n)
const addressOf = (serial: number) => {
  const bytes = new Uint8Array(20)
  new DataView(bytes.buffer).setUint32(16, serial)
  return addressFromBytes(bytes)
}
const seller = (serial: number, deliveredBytes: number, ask = 10n, delegate = serial): SellerTerms => ({
  payee: addressOf(serial),
  delegate: addressOf(delegate),
  askPerMiB: toAmount(ask),
  relayFrom: null,
  deliveredBytes,
})

const anyTotal = fc.bigInt(1n, 10n ** 27n).map(toAmount)
const anySellers = fc
  .array(
    fc.record({
      deliveredBytes: fc.oneof(fc.constant(0), fc.nat(2 ** 40)),
      ask: fc.bigInt(0n, 1_200n),
      least: fc.bigInt(0n, 10n ** 12n),
    }),
    { maxLength: 40 },
  )
  .map((list) =>
    list.map(
      ({ deliveredBytes, ask, least }, i): SeatCandidate => ({
        ...seller(i + 1, deliveredBytes, ask),
        least: toAmount(least),
      }),
    ),
  )

describe('a split', () => {
  it('adds up exactly, seats no one for nothing, and no one below its least seat unless it is alone', () => {
    fc.assert(
      fc.property(anyTotal, anySellers, (total, sellers) => {
        const ranked = rankSellers(sellers, MAX_ASK).slice(0, MAX_SEATS)
        const leaves = splitTotal(total, ranked)
        expect(leaves.length > 0).toBe(ranked.length > 0)
        if (ranked.length === 0) return
        expect(leaves.reduce((sum, { cap }) => sum + cap, 0n)).toBe(total)
        for (const { payee, cap } of leaves) {
          const own = ranked.find((one) => one.payee === payee)
          expect(cap).toBeGreaterThan(0n)
          if (leaves.length > 1) expect(cap).toBeGreaterThanOrEqual(own?.least ?? 0n)
        }
      }),
    )
  })

  it('is in proportion to what was delivered, to the unit that divisions leave', () => {
    fc.assert(
      fc.property(anyTotal, anySellers, (total, sellers) => {
        const ranked = rankSellers(sellers, MAX_ASK)
        const leaves = splitTotal(total, ranked)
        const bytesOf = (payee: string) =>
          BigInt(ranked.find((one) => one.payee === payee)?.deliveredBytes ?? 0)
        for (const [i, a] of leaves.entries())
          for (const b of leaves.slice(i + 1)) {
            // b got at most in proportion to a.
            expect((b.cap - 1n) * bytesOf(a.payee)).toBeLessThanOrEqual((a.cap + 1n) * bytesOf(b.payee))
          }
      }),
    )
  })
})

describe('the first channel', () => {
  it('goes to the one that delivers, whatever 127 strangers quote', () => {
    const strangers = fc.array(fc.bigInt(1n, 1_000n), { minLength: 127, maxLength: 127 })
    fc.assert(
      fc.property(anyTotal, strangers, fc.integer({ min: 1, max: 2 ** 30 }), (total, asks, bytes) => {
        const honest = seller(999, bytes, 1_000n)
        const all = [...asks.map((ask, i) => seller(i + 1, 0, ask)), honest]
        expect(chooseFirstLeaves(total, all, MAX_ASK)).toEqual([
          { payee: honest.payee, delegate: honest.delegate, cap: total },
        ])
      }),
      { numRuns: 50 },
    )
  })

  it('gives strangers that delivered a little at most in proportion, and has few seats', () => {
    fc.assert(
      fc.property(
        anyTotal,
        fc.integer({ min: 1, max: 2 ** 20 }),
        fc.integer({ min: 1, max: 2 ** 40 }),
        (total, little, much) => {
          const honest = seller(999, little + much)
          const all = [...Array.from({ length: 127 }, (_, i) => seller(i + 1, little)), honest]
          const leaves = chooseFirstLeaves(total, all, MAX_ASK)
          expect(leaves.length).toBeLessThanOrEqual(FIRST_SEATS)
          const own = leaves.find(({ payee }) => payee === honest.payee)?.cap ?? 0n
          const bytes = BigInt(little)
          const others = BigInt(leaves.length - 1)
          expect(total - own).toBeLessThanOrEqual(
            (total * bytes * others) / BigInt(honest.deliveredBytes + little * (leaves.length - 1)),
          )
        },
      ),
    )
  })
})

describe('a ranking', () => {
  it('takes sellers within the ceiling, most delivered first, the cheaper of equals first', () => {
    const ranked = rankSellers(
      [seller(1, 5, 9n), seller(2, 5, 3n), seller(3, 8, 5n), seller(4, 5, 0n), seller(5, 9, 1_001n)],
      MAX_ASK,
    )
    expect(ranked.map(({ askPerMiB }) => askPerMiB)).toEqual([5n, 3n, 9n])
  })

  it('gives a payee one seat, that of its busiest delegate', () => {
    const ranked = rankSellers([seller(1, 5, 9n, 50), seller(1, 7, 9n, 51), seller(2, 6)], MAX_ASK)
    expect(takeEachPayeeOnce(ranked, 9).map(({ delegate }) => delegate)).toEqual([
      addressOf(51),
      addressOf(2),
    ])
    expect(takeEachPayeeOnce(ranked, 1)).toHaveLength(1)
  })
})

describe('batches of a settlement', () => {
  const anySize = fc
    .record({ seats: fc.integer({ min: 1, max: MAX_SEATS }), share: fc.integer({ min: 0, max: 100 }) })
    .map(({ seats, share }): SettlementSize => ({ seats, releases: Math.floor((seats * share) / 100) }))

  it('hold every channel once and never more releases than a transaction has time for', () => {
    fc.assert(
      fc.property(fc.array(anySize, { maxLength: 40 }), (sizes) => {
        const batches = packSettlements([...sizes.keys()], (i) => sizes[i] ?? { seats: 0, releases: 0 })
        expect(batches.flat().toSorted((x, y) => x - y)).toEqual([...sizes.keys()])
        const totals = batches.map((batch) => ({
          releases: batch.reduce((sum, i) => sum + (sizes[i]?.releases ?? 0), 0),
          seats: batch.reduce((sum, i) => sum + (sizes[i]?.seats ?? 0), 0),
        }))
        for (const [i, one] of totals.entries()) {
          expect(one.releases).toBeLessThanOrEqual(MAX_RELEASES)
          // No two would fit in one.
          for (const other of totals.slice(i + 1))
            expect(one.releases + other.releases > MAX_RELEASES || one.seats + other.seats > 64).toBe(true)
        }
      }),
    )
  })

  it('halve down to one channel, which stays whole', () => {
    expect(halve([1, 2, 3])).toEqual([[1, 2], [3]])
    expect(halve([1])).toEqual([[1]])
  })
})
