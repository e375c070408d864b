/** Decimal numbers as people write them, to base units and back. */

/** Separators of thousands that mean nothing else: a comma, and the spaces that books and other locales use. */
const GROUPED = /^[1-9]\d{0,2}(?:(,)\d{3}(?:,\d{3})*|([ \u00a0\u202f])\d{3}(?:\2\d{3})*)$/
const PLAIN = /^\d{1,30}$/
const MAX_DIGITS = 30

/**
 * Parses what a person typed ("1,250.5") into base units. null when it is no plain non-negative number, has more digits than the
 * token, or could mean two things: a comma or space counts only between groups of three digits after a first that is no 0, so
 * that "0,5" is never 5 and "1.000,50" never 1.0005.
 */
export function parseDecimal(text: string, decimals: number): bigint | null {
  const [, whole = '', fraction] = /^([^.]*)(?:\.(\d*))?$/.exec(text.trim()) ?? []
  if (whole === '' && !fraction) return null
  const isGrouped = GROUPED.test(whole)
  if (whole !== '' && !isGrouped && !PLAIN.test(whole)) return null
  const digits = isGrouped ? whole.replaceAll(/\D/g, '') : whole
  if (digits.length > MAX_DIGITS || (fraction ?? '').length > decimals) return null
  return BigInt((digits || '0') + (fraction ?? '').padEnd(decimals, '0'))
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
