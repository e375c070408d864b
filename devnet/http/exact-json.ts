/** JSON whose 64-bit integers keep their digits: bigint beyond 2^53 both ways, where JavaScript's own would round. */

/** `JSON.rawJSON` and the reviver's third argument, which TypeScript's library has not yet. */
interface ExactJson {
  rawJSON(text: string): unknown
  parse(
    text: string,
    reviver: (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown
}
const exactJson = JSON as unknown as ExactJson

/** Parses JSON; a whole number that a double cannot hold becomes a bigint. Throws SyntaxError. */
export function parseExactJson(text: string): unknown {
  return exactJson.parse(text, (_key, value, { source }) => {
    const isRounded = typeof value === 'number' && !Number.isSafeInteger(value)
    return isRounded && source !== undefined && /^-?\d{1,40}$/.test(source) ? BigInt(source) : value
  })
}

/** Prints bigints as numbers with all their digits, or in quotes, as java-tron does for `int64_as_string`. */
export function stringifyExactJson(value: unknown, int64AsString = false): string {
  return JSON.stringify(value, (_key, each) => {
    if (typeof each !== 'bigint') return each
    return int64AsString ? each.toString() : exactJson.rawJSON(each.toString())
  })
}
