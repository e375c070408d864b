/** Comparing what a chain says with what it must say. */
import { fail } from './exit-codes.ts'

/** Throws ConformanceStop 'failed', which names both. */
export function expectSame(what: string, actual: bigint | string, wanted: bigint | string): void {
  if (actual !== wanted) throw fail(`${what} is ${actual}, and must be ${wanted}`)
}

/** Whether two values hold the same data: plain objects, arrays, bigints. */
export function isEqual(a: unknown, b: unknown): boolean {
  return toText(a) === toText(b)
}

/** Bigints as text, keys in their order. */
function toText(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'bigint') return part.toString()
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
