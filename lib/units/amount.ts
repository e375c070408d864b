/** BTT, which pieces are paid in, and TRX, which the network's fees are paid in. */
import { formatExact, formatMoney, type Money, type Token } from './money.ts'

/** The token of the network's config; 1 BTT = 10^18 base units. */
export const BTT: Token<'BTT'> = { symbol: 'BTT', decimals: 18 }
/** 1 TRX = 10^6 sun. */
export const TRX: Token<'TRX'> = { symbol: 'TRX', decimals: 6 }

/** BTT as it was until January 2022, a TRC-10: one of it became 1,000 BTT. */
export const BTTOLD: Token<'BTTOLD'> = { symbol: 'BTTOLD', decimals: 6 }

/** BTT base units. */
export type Amount = Money<'BTT'>
/** Sun. */
export type FeeSun = Money<'TRX'>

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

/** "1,250.5 BTT". */
export function formatAmount(amount: Amount, maxFraction = 2): string {
  return formatMoney(amount, BTT, maxFraction)
}

/** Every digit of an amount, without separators or unit: for receipts and CSV. */
export function formatAmountExact(amount: Amount): string {
  return formatExact(amount, BTT)
}

/** "4.2 TRX". */
export function formatTrx(feeSun: FeeSun, maxFraction = 2): string {
  return formatMoney(feeSun, TRX, maxFraction)
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
