/** Our own price rule: rare pieces earn more. Everything in whole numbers. */
import { type Amount, toAmount } from '../units/index.ts'

/** Fraction bits of the fixed-point logarithm. */
const FRACTION_BITS = 16n
const ONE = 1n << FRACTION_BITS
const MAX_FACTOR = 4n * ONE
const RARITY = 16n

/** log2 of a fixed-point number of at least one, by repeated squaring; rounds down. */
function log2Fixed(value: bigint): bigint {
  let scaled = value
  let result = 0n
  while (scaled >= 2n * ONE) {
    scaled >>= 1n
    result += ONE
  }
  for (let bit = ONE >> 1n; bit > 0n; bit >>= 1n) {
    scaled = (scaled * scaled) >> FRACTION_BITS
    if (scaled >= 2n * ONE) {
      scaled >>= 1n
      result += bit
    }
  }
  return result
}

/**
 * `base × clamp(log2(1 + 16 / replicas), 1, 4)`: four times the base for a file that nobody else has, the base itself
 * from 16 replicas on. Rounds up to the base unit, in the seeder's favour. `replicas` below 1 counts as 1.
 */
export function askFor(base: Amount, replicas: number): Amount {
  const count = BigInt(Math.max(1, Math.floor(Number.isFinite(replicas) ? replicas : 1)))
  const factor = log2Fixed(ONE + (RARITY * ONE) / count)
  const clamped = factor < ONE ? ONE : factor > MAX_FACTOR ? MAX_FACTOR : factor
  return toAmount((base * clamped + ONE - 1n) / ONE)
}
