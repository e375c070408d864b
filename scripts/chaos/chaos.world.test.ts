import { describe, expect, test } from 'vitest'
import type { SignedVoucher } from '../../lib/channels/index.ts'
import type { Receipt } from '../../lib/ledger/index.ts'
import { addressFromBytes } from '../../lib/tron/index.ts'
import { toAmount } from '../../lib/units/index.ts'
import { checkLedgers, emptyLedger, type LedgerRead, listPaidPieces, readOf } from './read-ledger.ts'
import { runChaos } from './run-chaos.ts'
import { sumUp } from './sum-up.ts'

const ROUNDS = 6

test('a payer and a seller that are killed at random points lose no voucher, pay nothing twice, and their sums add up', async () => {
  const report = await runChaos({ rounds: ROUNDS, seed: 7 })
  expect(report.payerKills + report.sellerKills).toBe(ROUNDS)
  expect(report.payments).toBeGreaterThan(0)
  expect(BigInt(report.paid)).toBeGreaterThan(0n)
  expect(BigInt(report.funded)).toBe(BigInt(report.paid) + BigInt(report.refunded))
}, 120_000)

/** What the run looks at must be able to fail. */
describe('the look at the ledgers', () => {
  const payee = addressFromBytes(new Uint8Array(20).fill(7))
  const channelId = '0x01'

  /** A payer's ledger whose voucher says `promised`, with a receipt of 5 for each of these pieces. */
  function payerWith(promised: bigint, pieces: readonly number[]): LedgerRead {
    const memory = emptyLedger()
    const voucher: SignedVoucher = { channelId, payee, cumulative: toAmount(promised), signature: '0x' }
    const fields = {
      channelId,
      payee,
      amount: toAmount(5n),
      cumulative: toAmount(0n),
      atMs: 0,
      memo: null,
    } as const
    const named = { infoHash: '', torrentName: '', lengthBytes: 1, kind: 'piece' } as const
    const receipts = pieces.map((pieceIndex, id): Receipt => ({ ...fields, ...named, pieceIndex, id }))
    const channel = { channelId, sessionId: '0x02' } as never
    memory.apply(
      [
        { table: 'channels', key: channelId, value: channel },
        {
          table: 'payerSeats',
          key: channelId,
          value: {
            channelId,
            payee,
            delegate: payee,
            cap: toAmount(100n),
            state: { status: 'open', voucher },
          },
        },
      ],
      receipts.map((receipt) => ({ status: 'line', receipt })),
    )
    return readOf(memory)
  }
  const nobody = readOf(emptyLedger())

  test('passes what adds up', () => {
    const vouchers = checkLedgers(nobody, payerWith(10n, [0, 1]), null)
    expect(vouchers.payer.get(channelId)).toBe(10n)
    expect(listPaidPieces(payerWith(10n, [0, 1]), '0x02')).toEqual([0, 1])
  })

  test('finds a payment without its voucher, a voucher that fell, a seat that is gone and a piece paid twice', () => {
    expect(() => checkLedgers(nobody, payerWith(10n, [0]), null)).toThrow('lost or counted twice')
    const before = checkLedgers(nobody, payerWith(10n, [0, 1]), null)
    expect(() => checkLedgers(nobody, payerWith(5n, [0]), before)).toThrow('the payer lost a voucher')
    expect(() => checkLedgers(nobody, readOf(emptyLedger()), before)).toThrow('a seat is lost')
    expect(() => listPaidPieces(payerWith(10n, [3, 3]), '0x02')).toThrow('paid twice')
  })

  test('finds a voucher that the seller has and the payer has not', () => {
    const seller = emptyLedger()
    const voucher = { channelId, payee, cumulative: toAmount(15n), signature: '0x' }
    const value = { seat: { channelId }, voucher, claimed: 0n, state: { status: 'accepted' } } as never
    const earned = { kind: 'earned', channelId, amount: 15n, id: 1 } as never
    seller.apply([{ table: 'payeeSeats', key: channelId, value }], [{ status: 'line', receipt: earned }])
    expect(() => checkLedgers(readOf(seller), payerWith(10n, [0, 1]), null)).toThrow(
      'before it was on the disk',
    )
  })

  test('finds sums that do not add up', () => {
    const settled = (paid: bigint, refunded: bigint): LedgerRead => {
      const memory = emptyLedger()
      const summary = { funded: 60n, paid, refunded }
      const value = { state: { status: 'settled', summary } } as never
      memory.apply([{ table: 'sessions', key: 'a', value }], [])
      return readOf(memory)
    }
    const right = { held: [20n], earned: 20n, spent: 20n, locked: 0n }
    expect(sumUp(settled(20n, 40n), right)).toMatchObject({ sessions: 1, funded: '60', paid: '20' })
    expect(() => sumUp(settled(20n, 39n), right)).toThrow('refunded 39')
    expect(() => sumUp(settled(20n, 40n), { ...right, held: [21n] })).toThrow('held 21')
    expect(() => sumUp(settled(20n, 40n), { ...right, earned: 19n })).toThrow('earned 19')
    expect(() => sumUp(settled(20n, 40n), { ...right, spent: 21n })).toThrow('spent 21')
    expect(() => sumUp(settled(20n, 40n), { ...right, locked: 1n })).toThrow('locked 1')
  })
})
