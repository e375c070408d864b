import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Amount,
  BTT,
  decodeAmount,
  encodeAmount,
  type FeeSun,
  formatAmount,
  formatAmountExact,
  formatTrx,
  priceOf,
  TRX,
  toAmount,
  toFeeSun,
} from './amount.ts'
import { formatBytes, formatRate } from './bytes.ts'
import { formatDecimal, parseDecimal } from './decimal.ts'
import { formatExact, formatMoney, parseMoney } from './money.ts'
import { formatPosition } from './time.ts'

const MAX_UINT128 = (1n << 128n) - 1n
const amounts = fc.bigInt({ min: 0n, max: MAX_UINT128 }).map(toAmount)
/** What fits into the 30 digits that a person may type. */
const typeable = fc.bigInt({ min: 0n, max: 10n ** 30n - 1n })
const decimals = fc.integer({ min: 0, max: 18 })

describe('a decimal', () => {
  it('comes back from how it is written, with all its digits', () => {
    fc.assert(
      fc.property(typeable, decimals, (value, digits) => {
        const whole = formatDecimal(value, digits, digits)
        expect(parseDecimal(whole, digits)).toBe(value)
        expect(parseDecimal(whole.replaceAll(',', ''), digits)).toBe(value)
        expect(parseDecimal(whole.replaceAll(',', '\u202f'), digits)).toBe(value)
        expect(parseDecimal(` ${whole} `, digits)).toBe(value)
      }),
    )
  })

  it('is never shown larger than it is', () => {
    fc.assert(
      fc.property(typeable, decimals, fc.integer({ min: 0, max: 18 }), (value, digits, maxFraction) => {
        const shown = formatDecimal(value, digits, maxFraction)
        if (shown.startsWith('<')) return
        const parsed = parseDecimal(shown, digits)
        expect(parsed).not.toBeNull()
        expect(parsed ?? 0n).toBeLessThanOrEqual(value)
        expect(value - (parsed ?? 0n)).toBeLessThan(10n ** BigInt(digits))
      }),
    )
  })

  it.each([
    ['0', 0n],
    ['00.5', 5n * 10n ** 17n],
    ['.5', 5n * 10n ** 17n],
    ['5.', 5n * 10n ** 18n],
    ['1,250.5', 12505n * 10n ** 17n],
    ['1 250 000', 1_250_000n * 10n ** 18n],
    ['1\u00a0250', 1250n * 10n ** 18n],
    ['1.250', 125n * 10n ** 16n],
  ])('is read: “%s”', (text, value) => {
    expect(parseDecimal(text, 18)).toBe(value)
  })

  it.each([
    ...['', '.', ',', ' ', '-0', '-1', '+1', '1e3', '0x10', '1_000', 'NaN', 'Infinity', '½', '１２', '1.2.3'],
    ...['0,5', '0,500', ',5', '1,2', '1,23', '1,2,3', '12,34', '1234,567', '1,0000', '1.000,50', '1.000.000'],
    ...['1 2', '1 000,5', '1,000 000', '1  000', '0 500', '1.5 BTT', 'about 5', '1.0000000000000000001'],
    '1'.repeat(31),
  ])('that means nothing, or two things, is refused: “%s”', (text) => {
    expect(parseDecimal(text, 18)).toBeNull()
  })

  it('with a comma is never a smaller number than its digits say, nor a larger one', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9., ]{0,24}$/), (text) => {
        const value = parseDecimal(text, 18)
        if (value === null) return
        const plain = text.trim().replaceAll(/[, ]/g, '')
        expect(value).toBe(parseDecimal(plain, 18))
        const [whole = ''] = text.trim().split('.')
        for (const group of whole.split(/[, ]/).slice(1)) expect(group).toHaveLength(3)
      }),
    )
  })
})

describe('money', () => {
  it('of a token is written with its symbol and read with its digits', () => {
    fc.assert(
      fc.property(typeable, (value) => {
        const trx = toFeeSun(value)
        expect(parseMoney(formatExact(trx, TRX), TRX)).toBe(trx)
        expect(formatMoney(trx, TRX)).toBe(formatTrx(trx))
        expect(formatMoney(toAmount(value), BTT)).toBe(formatAmount(toAmount(value)))
      }),
    )
    expect(formatMoney(toAmount(12505n * 10n ** 17n), BTT)).toBe('1,250.5 BTT')
    expect(formatMoney(toAmount(1n), BTT)).toBe('<0.01 BTT')
  })

  it('of one token is no money of another', () => {
    const fee: FeeSun = toFeeSun(1n)
    // @ts-expect-error sun are no BTT
    const amount: Amount = fee
    // @ts-expect-error nor is a bare number
    const bare: Amount = 1n
    expect([amount, bare]).toEqual([1n, 1n])
  })

  it('is never negative', () => {
    expect(() => toAmount(-1n)).toThrow(RangeError)
    expect(() => toFeeSun(-1n)).toThrow(RangeError)
  })

  it('comes back from the wire’s form; what is not canonical is nobody’s', () => {
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(decodeAmount(encodeAmount(amount))).toBe(amount)
        expect(decodeAmount(`0${encodeAmount(amount)}`)).toBeNull()
        expect(parseDecimal(formatAmountExact(amount), 18) ?? amount).toBe(amount)
      }),
    )
    for (const bad of ['', '-1', '01', '1.0', ' 1', `${MAX_UINT128 + 1n}`, 1, null, undefined])
      expect(decodeAmount(bad)).toBeNull()
  })

  it('for bytes rounds up, by less than one base unit a price', () => {
    const MIB = 1_048_576n
    fc.assert(
      fc.property(fc.nat(2 ** 31), amounts, (lengthBytes, rate) => {
        const price = priceOf(lengthBytes, rate)
        expect(price * MIB).toBeGreaterThanOrEqual(BigInt(lengthBytes) * rate)
        expect(price * MIB).toBeLessThan(BigInt(lengthBytes) * rate + MIB)
      }),
    )
  })
})

describe('bytes and times', () => {
  it('are short for people, whatever their size, and grow with it', () => {
    const UNITS = ['B', 'KB', 'MB', 'GB', 'TB']
    const rank = (text: string): number => {
      const [number = '', unit = ''] = text.split(' ')
      return UNITS.indexOf(unit) * 10_000 + Number(number)
    }
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.nat(2 ** 31), (a, b) => {
        const [small, large] = a < b ? [a, b] : [b, a]
        expect(formatBytes(a)).toMatch(/^\d{1,4}(\.\d)? (B|KB|MB|GB|TB)$/)
        expect(rank(formatBytes(small))).toBeLessThanOrEqual(rank(formatBytes(large)))
      }),
    )
    expect([0, 999, 1000, 8_100_000, 5 * 10 ** 12].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 KB',
      '8.1 MB',
      '5.0 TB',
    ])
    expect([999_950, 999.6, 999_499_999].map(formatBytes)).toEqual(['1.0 MB', '1.0 KB', '999 MB'])
    expect([-1, Number.NaN, Number.POSITIVE_INFINITY].map(formatBytes)).toEqual(['—', '—', '—'])
    expect(formatRate(1_200_000)).toBe('1.2 MB/s')
  })

  it('say a position that can be read back to its second', () => {
    fc.assert(
      fc.property(fc.nat(400_000), (position) => {
        const parts = formatPosition(position).split(':').map(Number)
        expect(parts.reduce((sum, part) => sum * 60 + part, 0)).toBe(position)
      }),
    )
    expect([-3, 0, 64, 3723].map(formatPosition)).toEqual(['0:00', '0:00', '1:04', '1:02:03'])
    expect([Number.NaN, Number.POSITIVE_INFINITY].map(formatPosition)).toEqual(['0:00', '0:00'])
  })
})
