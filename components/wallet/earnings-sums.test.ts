import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Receipt } from '@/lib/ledger/index.ts'
import { sumEarnings } from './earnings-sums.ts'

const receipt = fc.record({
  kind: fc.constantFrom('earned', 'tipEarned', 'piece', 'redeem'),
  amount: fc.bigInt({ min: 0n, max: 10n ** 24n }),
  lengthBytes: fc.nat(1_000_000),
  infoHash: fc.constantFrom('a', 'b', 'c'),
  torrentName: fc.constant('film'),
  payer: fc.constantFrom('T1', 'T2'),
}) as unknown as fc.Arbitrary<Receipt>

async function* each(receipts: readonly Receipt[]): AsyncGenerator<Receipt> {
  yield* receipts
}

test('by torrent and by payer, the figures add up to what the receipts say was earned, the greatest first', () =>
  fc.assert(
    fc.asyncProperty(fc.array(receipt), async (receipts) => {
      const { torrents, payers } = await sumEarnings(each(receipts))
      const earned = receipts.flatMap((one) => (one.kind === 'earned' || one.kind === 'tipEarned' ? one : []))
      const sum = earned.reduce((total, { amount }) => total + amount, 0n)
      const bytes = earned.reduce((total, { lengthBytes }) => total + lengthBytes, 0)
      for (const rows of [torrents, payers]) {
        expect(rows.reduce((total, row) => total + row.earned, 0n)).toBe(sum)
        expect(rows.reduce((total, row) => total + row.lengthBytes, 0)).toBe(bytes)
        expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
        for (const [at, row] of rows.entries())
          expect(row.earned <= (rows[at - 1]?.earned ?? row.earned)).toBe(true)
      }
    }),
  ))
