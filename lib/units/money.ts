/**
 * Money of any token. Invariant: a non-negative bigint of the token's base units, never a float; money of one token is no money of
 * another, for the compiler too.
 */
import { formatDecimal, parseDecimal } from './decimal.ts'

declare const tokenBrand: unique symbol

/** Base units of the token with that symbol. */
export type Money<Symbol extends string> = bigint & { readonly [tokenBrand]: Symbol }

/** A token as data. */
export interface Token<Symbol extends string> {
  readonly symbol: Symbol
  /** Digits after the point of one whole token. */
  readonly decimals: number
}

/** What a person typed, as money; null as `parseDecimal` says. */
export function parseMoney<Symbol extends string>(text: string, token: Token<Symbol>): Money<Symbol> | null {
  return parseDecimal(text, token.decimals) as Money<Symbol> | null
}

/** "1,250.5 BTT": truncated to `maxFraction` digits, never rounded up. */
export function formatMoney<Symbol extends string>(
  money: Money<Symbol>,
  token: Token<Symbol>,
  maxFraction = 2,
): string {
  return `${formatDecimal(money, token.decimals, maxFraction)} ${token.symbol}`
}

/** Every digit, without separators or symbol: for receipts, CSV and command lines. */
export function formatExact<Symbol extends string>(
  money: Money<Symbol>,
  { decimals }: Token<Symbol>,
): string {
  return formatDecimal(money, decimals, decimals).replaceAll(',', '')
}
