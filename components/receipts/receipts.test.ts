import fc from 'fast-check'
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

/** As spreadsheets read: a quote opens only where a cell begins, and what follows its end is added to the cell. */
function splitLenient(csv: string, separator: string): string[] {
  const cells: string[] = []
  let cell = ''
  let isQuoted = false
  let isAtStart = true
  for (let at = 0; at < csv.length; at++) {
    const sign = csv[at] ?? ''
    if (isQuoted && sign === '"' && csv[at + 1] === '"') cell += csv[++at]
    else if (isQuoted && sign === '"') isQuoted = false
    else if (isQuoted) cell += sign
    else if (isAtStart && sign === '"') isQuoted = true
    else if (sign === separator || sign === '\n') {
      cells.push(cell.replace(/\r$/, ''))
      cell = ''
      isAtStart = true
      continue
    } else cell += sign
    isAtStart = false
  }
  return cells
}
const splitPlain = (csv: string, separator: string): string[] =>
  csv.split(/\r\n|\r|\n/).flatMap((row) => row.split(separator))

describe('CSV of receipts', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '"=1', '＝1'])('puts an apostrophe before %j', (text) => {
    expect(escapeCell(text)).toMatch(/^"'/)
  })
  it('shows tabs, line ends and signs that turn text', () => {
    expect(escapeCell('\tx\r\n=1\u202e')).toBe('"␉x␍␊=1[U+202E]"')
  })
  it.each([
    ['with quotes at a cell’s begin', splitLenient],
    ['without quotes', splitPlain],
  ])('starts no cell like a formula, split at "," ";" "|" or tabs %s', (_, split) => {
    const sign = fc.constantFrom(...'=+-@＝＋－＠;,|"\' \t\r\n\u00a0\u200ba1')
    const texts = fc.array(sign, { maxLength: 12 }).map((signs) => signs.join(''))
    fc.assert(
      fc.property(texts, texts, (name, memo) => {
        const csv = formatReceiptsCsv([{ ...tip(1, memo), torrentName: name } as Receipt, tip(2, memo)])
        for (const separator of [',', ';', '\t', '|'])
          for (const cell of split(csv, separator)) expect(cell).not.toMatch(/^[\s"]*[=+\-@＝＋－＠\t\r]/)
      }),
      { numRuns: 3_000 },
    )
  })
  it('is read back cell by cell', () => {
    const rows = splitLenient(formatReceiptsCsv([tip(1, 'a "b"; c, d')]), ',')
    expect(rows).toHaveLength(28)
    expect(rows).toContain('A film, cut')
    expect(rows).toContain('a "b"; c, d')
  })
  it('quotes commas, quotes and line ends', () => {
    expect(escapeCell('a "b", c')).toBe('"a ""b"", c"')
  })
  it('keeps every digit of an amount, oldest first', () => {
    const [, first, second] = formatReceiptsCsv([tip(2, '=cmd()'), onChain(1, 'settle')]).split('\r\n')
    expect(first).toContain('"settle","0.000000000000000005","1",')
    expect(second).toContain('"tip","1.5","","TPayee"')
    expect(second).toContain(`,"'=cmd()",`)
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
