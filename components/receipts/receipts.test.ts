import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hex } from '@/lib/base/index.ts'
import type { Receipt } from '@/lib/ledger/index.ts'
import { createMemoryLedger } from '@/lib/payments/index.ts'
import type { Address } from '@/lib/tron/index.ts'
import { toAmount, toFeeSun } from '@/lib/units/index.ts'
import { sayDay, sayWhat, sumReceipts } from './receipt-words.ts'
import { escapeCell, formatReceiptsCsv } from './receipts-csv.ts'
import { formatReceiptsJson } from './receipts-json.ts'

const voucherFields = {
  atMs: 0,
  channelId: '0x01',
  amount: toAmount(1_500_000_000_000_000_000n),
  cumulative: toAmount(1_500_000_000_000_000_000n),
  infoHash: 'ab'.repeat(20),
  torrentName: 'A film, cut',
  pieceIndex: null,
  lengthBytes: 0,
} as const
const tip = (id: number, memo: string | null): Receipt => ({
  ...voucherFields,
  id,
  kind: 'tip',
  payee: 'TPayee' as Address,
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

async function* stream(receipts: readonly Receipt[]): AsyncGenerator<Receipt> {
  yield* receipts
}
const toCsv = async (receipts: readonly Receipt[]): Promise<string> =>
  (await formatReceiptsCsv(stream(receipts))).join('')

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
  ])('starts no cell like a formula, split at "," ";" "|" or tabs %s', async (_, split) => {
    const sign = fc.constantFrom(...'=+-@＝＋－＠;,|"\' \t\r\n\u00a0\u200ba1')
    const texts = fc.array(sign, { maxLength: 12 }).map((signs) => signs.join(''))
    await fc.assert(
      fc.asyncProperty(texts, texts, async (name, memo) => {
        const csv = await toCsv([{ ...tip(1, memo), torrentName: name } as Receipt, tip(2, memo)])
        for (const separator of [',', ';', '\t', '|'])
          for (const cell of split(csv, separator)) expect(cell).not.toMatch(/^[\s"]*[=+\-@＝＋－＠\t\r]/)
      }),
      { numRuns: 3_000 },
    )
  })
  it('is read back cell by cell', async () => {
    const rows = splitLenient(await toCsv([tip(1, 'a "b"; c, d')]), ',')
    expect(rows).toHaveLength(34)
    expect(rows).toContain('A film, cut')
    expect(rows).toContain('a "b"; c, d')
  })
  it('quotes commas, quotes and line ends', () => {
    expect(escapeCell('a "b", c')).toBe('"a ""b"", c"')
  })
  it('keeps every digit of an amount, in the order given', async () => {
    const csv = await toCsv([onChain(1, 'settle'), tip(2, '=cmd()')])
    const [, first, second] = csv.split('\r\n')
    expect(first).toContain('"settle","0.000000000000000005","1",')
    expect(second).toContain('"tip","1.5","","TPayee"')
    expect(second).toContain(`,"'=cmd()",`)
  })
})

describe('totals', () => {
  it('count the fee of a transaction once', async () => {
    const totals = await sumReceipts(stream([onChain(1, 'settle'), onChain(2, 'refund')]))
    expect(totals?.feeSun).toBe(1_000_000n)
  })
  it('are none where there are no receipts', async () => {
    expect(await sumReceipts(stream([]))).toBeNull()
  })

  const voucher = fc.record({
    kind: fc.constantFrom('earned' as const, 'tipEarned' as const),
    atMs: fc.integer({ min: 1_700_000_000_000, max: 1_700_300_000_000 }),
    channelId: fc.constantFrom<Hex>('0x01', '0x02'),
    infoHash: fc.constantFrom('aa', 'bb'),
    amount: fc.bigInt({ min: 1n, max: 10n ** 27n }).map(toAmount),
  })
  it('over lines that were rolled up equal those over single ones', () =>
    fc.assert(
      fc.asyncProperty(fc.array(voucher, { maxLength: 300 }), async (vouchers) => {
        const ledger = createMemoryLedger()
        const singles: Receipt[] = []
        for (const fields of vouchers) {
          const memo = fields.kind === 'tipEarned' ? 'thanks' : null
          const named = {
            payer: 'TPayer' as Address,
            torrentName: 'A film',
            pieceIndex: 1,
            lengthBytes: 7,
            memo,
          }
          singles.push(
            ...(await ledger.commit({ receipts: [{ ...fields, ...named, cumulative: fields.amount }] })),
          )
        }
        expect(await sumReceipts(ledger.eachReceipt())).toEqual(await sumReceipts(stream(singles)))
      }),
    ))
})

describe('a line of many vouchers', () => {
  it('says how many pieces it is, and when from and to', async () => {
    const line: Receipt = {
      ...voucherFields,
      id: 1,
      kind: 'earned',
      payer: 'TPayer' as Address,
      memo: null,
      roll: { vouchers: 3, pieces: 2, lastAtMs: 60_000 },
    }
    expect(sayWhat(line)).toBe('\u2068A film, cut\u2069, 2 pieces')
    expect((await formatReceiptsCsv(stream([line])))[1]).toContain(',"1970-01-01T00:01:00.000Z","3","2"\r\n')
  })
})

it('receipts are JSON as they are CSV: one a line, amounts whole', async () => {
  const lines = await formatReceiptsJson(stream([tip(1, '=1+1'), onChain(2, 'settle')]))
  expect(lines).toHaveLength(4)
  expect(JSON.parse(lines.join(''))).toMatchObject([
    { id: 1, kind: 'tip', amount: '1500000000000000000', memo: '=1+1' },
    { id: 2, kind: 'settle', amount: '5', feeSun: '1000000' },
  ])
  expect(JSON.parse((await formatReceiptsJson(stream([]))).join(''))).toEqual([])
})

it('a transaction’s fee counts once, whether one of its receipts names it or each does', async () => {
  const of = (id: number, kind: 'settle' | 'refund', txId: `0x${string}`, fee: bigint): Receipt =>
    ({ ...onChain(id, kind), txId, feeSun: toFeeSun(fee) }) as Receipt
  const receipts = [
    of(1, 'settle', '0x01', 7n),
    of(2, 'refund', '0x01', 0n),
    of(3, 'settle', '0x02', 5n),
    of(4, 'refund', '0x02', 5n),
  ]
  expect((await sumReceipts(stream(receipts)))?.feeSun).toBe(12n)
})

it('days are named from here', () => {
  const now = new Date(2026, 10, 27, 9).getTime()
  const at = (days: number): number => new Date(2026, 10, 27 - days, 23).getTime()
  expect([at(0), at(1)].map((ms) => sayDay(ms, now))).toEqual(['Today', 'Yesterday'])
  expect(sayDay(at(2), now)).toContain('25')
})
