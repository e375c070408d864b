import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Receipt } from '@/lib/ledger/index.ts'
import type { Address } from '@/lib/tron/index.ts'
import { toAmount, toFeeSun } from '@/lib/units/index.ts'
import { Timeline, type Visit } from './visits.ts'

const MINUTE_MS = 60_000

interface Given {
  readonly minute: number
  readonly torrent: string
  readonly kind: 'piece' | 'tip' | 'earned'
  readonly party: string
  readonly amount: bigint
}

function toReceipt({ minute, torrent, kind, party, amount }: Given, id: number): Receipt {
  const fields = {
    id,
    atMs: minute * MINUTE_MS,
    channelId: '0x01',
    amount: toAmount(amount),
    cumulative: toAmount(amount),
    infoHash: torrent,
    torrentName: torrent,
    pieceIndex: id,
    lengthBytes: 7,
    memo: null,
  } as const
  const account = party as Address
  return kind === 'earned'
    ? { ...fields, kind, payer: account, roll: null }
    : { ...fields, kind, payee: account }
}

const fund: Receipt = {
  id: 0,
  atMs: 0,
  kind: 'fund',
  channelId: null,
  amount: toAmount(5n),
  txId: '0xaa',
  feeSun: toFeeSun(1n),
}

function fold(given: readonly Given[], isAll = true) {
  const timeline = new Timeline()
  const receipts = given.map((one, i) => toReceipt(one, i + 1))
  for (const receipt of receipts.toReversed()) timeline.add(receipt)
  return { receipts, entries: timeline.list(isAll) }
}

const piece = (minute: number, torrent = 'a', party = 'TA'): Given => ({
  minute,
  torrent,
  party,
  kind: 'piece',
  amount: 2n,
})

describe('a visit', () => {
  it('is what was paid for a torrent with no pause of over half an hour', () => {
    const { entries } = fold([piece(0), piece(20), piece(100), { ...piece(101, 'a', 'TB'), kind: 'tip' }])
    expect(entries).toMatchObject([
      { amount: 4n, tips: 2n, pieces: 1, lengthBytes: 14, parties: 2, newestId: 4, oldestId: 3 },
      { amount: 4n, tips: 0n, pieces: 2, parties: 1, firstAtMs: 0, lastAtMs: 20 * MINUTE_MS },
    ])
  })

  it('is one of its torrent and direction: others between do not end it', () => {
    const { entries } = fold([piece(0), piece(1, 'b'), { ...piece(2), kind: 'earned' }, piece(3)])
    expect(
      entries.map((entry) => entry.kind === 'visit' && [entry.infoHash, entry.direction, entry.pieces]),
    ).toEqual([
      ['a', 'paid', 2],
      ['a', 'earned', 1],
      ['b', 'paid', 1],
    ])
  })

  it('is held back while an older receipt could still belong to it', () => {
    const given = [piece(0), piece(100), piece(200)]
    expect(fold(given, false).entries).toHaveLength(2)
    expect(fold(given, true).entries).toHaveLength(3)
  })

  it('a transaction stands for itself', () => {
    const timeline = new Timeline()
    timeline.add(fund)
    expect(timeline.list(true)).toEqual([{ kind: 'transaction', receipt: fund, lastAtMs: 0 }])
  })

  it('whatever comes, visits add up to their receipts, and each lies within its ids', () => {
    const one = fc.record({
      minute: fc.nat(300),
      torrent: fc.constantFrom('a', 'b'),
      kind: fc.constantFrom('piece', 'tip', 'earned'),
      party: fc.constantFrom('TA', 'TB'),
      amount: fc.bigInt({ min: 1n, max: 9n }),
    })
    fc.assert(
      fc.property(fc.array(one, { maxLength: 40 }), (unsorted) => {
        const { receipts, entries } = fold(unsorted.toSorted((a, b) => a.minute - b.minute) as Given[])
        const visits = entries as readonly Visit[]
        const sumOf = (list: readonly { readonly amount: bigint }[]) =>
          list.reduce((sum, { amount }) => sum + amount, 0n)
        expect(sumOf(visits)).toBe(sumOf(receipts))
        for (const visit of visits) {
          const own = receipts.filter(
            (receipt) =>
              'infoHash' in receipt &&
              receipt.infoHash === visit.infoHash &&
              (receipt.kind === 'earned') === (visit.direction === 'earned') &&
              receipt.id >= visit.oldestId &&
              receipt.id <= visit.newestId,
          )
          expect(sumOf(own)).toBe(visit.amount)
        }
      }),
    )
  })
})
