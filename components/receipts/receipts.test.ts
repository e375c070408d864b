import { describe, expect, it } from 'vitest'
import type { Receipt } from '@/lib/payments/receipt.ts'
import type { Address } from '@/lib/tron/index.ts'
import { toAmount, toFeeSun } from '@/lib/units/index.ts'
import { filterReceipts, sumReceipts } from './receipt-words.ts'
import { escapeCell, formatReceiptsCsv } from './receipts-csv.ts'

const tip = (id: number, memo: string | null): Receipt => ({
  id,
  atMs: 0,
  kind: 'tip',
  channelId: '0x01',
  payee: 'TPayee' as Address,
  amount: toAmount(1_500_000_000_000_000_000n),
  cumulative: toAmount(1_500_000_000_000_000_000n),
  infoHash: 'ab'.repeat(20),
  torrentName: 'A film, cut',
  pieceIndex: null,
  lengthBytes: 0,
  memo,
})
const onChain = (id: number, kind: 'settle' | 'refund'): Receipt => ({
  id,
  atMs: 0,
  kind,
  channelId: null,
  amount: toAmount(5n),
  txId: '0xaa',
  feeSun: toFeeSun(1_000_000n),
})

describe('CSV of receipts', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])('never starts a cell like a formula: %j', (text) => {
    expect(escapeCell(text)).toMatch(/^"?'/)
  })
  it('quotes commas, quotes and line ends', () => {
    expect(escapeCell('a "b", c')).toBe('"a ""b"", c"')
  })
  it('keeps every digit of an amount, oldest first', () => {
    const [, first, second] = formatReceiptsCsv([tip(2, '=cmd()'), onChain(1, 'settle')]).split('\r\n')
    expect(first).toContain('settle,0.000000000000000005,1,')
    expect(second).toContain('tip,1.5,,TPayee')
    expect(second).toContain(`,'=cmd(),`)
  })
})

describe('totals', () => {
  it('count the fee of a transaction once', () => {
    expect(sumReceipts([onChain(1, 'settle'), onChain(2, 'refund')]).feeSun).toBe(1_000_000n)
  })
  it('filter by kind', () => {
    expect(filterReceipts([tip(1, null), onChain(2, 'settle')], 'tips')).toHaveLength(1)
    expect(filterReceipts([tip(1, null), onChain(2, 'settle')], 'all')).toHaveLength(2)
  })
})
