/**
 * Money. Invariant: an `Amount` is a non-negative bigint of BTT base units (18 decimals), a `FeeSun` a
 * non-negative bigint of sun (6 decimals of a TRX). Neither is ever a float.
 */

declare const amountBrand: unique symbol
declare const feeBrand: unique symbol

/** BTT base units: 1 BTT = 10^18. */
export type Amount = bigint & { readonly [amountBrand]: 'BTT' }
/** TRX base units: 1 TRX = 10^6 sun. */
export type FeeSun = bigint & { readonly [feeBrand]: 'sun' }

export const BTT_DECIMALS = 18
export const TRX_DECIMALS = 6
export const BYTES_PER_MIB = 1_048_576n

/** Brands a bigint as BTT base units. Throws RangeError when negative. */
export function toAmount(value: bigint): Amount {
  if (value < 0n) throw new RangeError('an amount cannot be negative')
  return value as Amount
}

/** Brands a bigint as sun. Throws RangeError when negative. */
export function toFeeSun(value: bigint): FeeSun {
  if (value < 0n) throw new RangeError('a fee cannot be negative')
  return value as FeeSun
}

export const ZERO_AMOUNT = toAmount(0n)

/** Price of bytes at a rate per MiB. Rounds up to the base unit, in the seeder's favour. */
export function priceOf(lengthBytes: number, amountPerMiB: Amount): Amount {
  return toAmount((BigInt(lengthBytes) * amountPerMiB + BYTES_PER_MIB - 1n) / BYTES_PER_MIB)
}

/** Parses what a person typed ("1,250.5") into base units; null when it is not a plain non-negative number. */
export function parseDecimal(text: string, decimals: number): bigint | null {
  const cleaned = text.trim().replaceAll(',', '')
  const match = /^(\d{0,30})(?:\.(\d*))?$/.exec(cleaned)
  if (!match || cleaned === '' || cleaned === '.') return null
  const [, whole = '', fraction = ''] = match
  if (fraction.length > decimals) return null
  return BigInt((whole || '0') + fraction.padEnd(decimals, '0'))
}

/**
 * Writes base units for people: thousands separated, at most `maxFraction` digits, truncated (never
 * rounded up: a balance is never shown larger than it is). A positive value too small to show is "<0.01".
 */
export function formatDecimal(value: bigint, decimals: number, maxFraction = 2): string {
  const unit = 10n ** BigInt(decimals)
  const whole = value / unit
  const fraction = (value % unit).toString().padStart(decimals, '0').slice(0, maxFraction).replace(/0+$/, '')
  if (whole === 0n && fraction === '' && value > 0n) return `<0.${'0'.repeat(Math.max(0, maxFraction - 1))}1`
  const grouped = whole.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return fraction === '' ? grouped : `${grouped}.${fraction}`
}

/** "1,250.5 BTT". */
export function formatAmount(amount: Amount, maxFraction = 2): string {
  return `${formatDecimal(amount, BTT_DECIMALS, maxFraction)} BTT`
}

/** Every digit of an amount, without separators or unit: for receipts and CSV. */
export function formatAmountExact(amount: Amount): string {
  return formatDecimal(amount, BTT_DECIMALS, BTT_DECIMALS).replaceAll(',', '')
}

/** "4.2 TRX". */
export function formatTrx(feeSun: FeeSun, maxFraction = 2): string {
  return `${formatDecimal(feeSun, TRX_DECIMALS, maxFraction)} TRX`
}

/** Parses a decimal string of base units from the wire or JSON; null unless canonical and within uint128. */
export function decodeAmount(text: unknown): Amount | null {
  if (typeof text !== 'string' || !/^(0|[1-9]\d{0,38})$/.test(text)) return null
  const value = BigInt(text)
  return value < 1n << 128n ? toAmount(value) : null
}

/** The wire and JSON form of an amount: a canonical decimal string. */
export function encodeAmount(amount: Amount): string {
  return amount.toString()
}
