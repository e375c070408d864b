/** Ledger values as JSON: a bigint is `{"$n": "<decimal>"}`, everything else plain. */
const DECIMAL = /^-?\d+$/

/** JSON text of a plain value that may hold bigints. */
export function encodeLedgerJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'bigint' ? { $n: part.toString() } : part,
  )
}

/** The value of `encodeLedgerJson`'s text. Throws SyntaxError on anything else. The caller vouches for the type. */
export function decodeLedgerJson<T>(text: string): T {
  return JSON.parse(text, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || !('$n' in part)) return part
    if (typeof part.$n !== 'string' || !DECIMAL.test(part.$n)) throw new SyntaxError('a broken number')
    return BigInt(part.$n)
  }) as T
}
