/** What this browser remembers of a person's choices. Small, not secret, and gone without harm: localStorage. */

const PREFIX = 'piecemeal.'

/** The value under a key; null when there is none, or storage is forbidden. Whoever reads checks its shape. */
export function readMemory(key: string): unknown {
  try {
    return JSON.parse(globalThis.localStorage?.getItem(PREFIX + key) ?? 'null')
  } catch {
    return null // Storage is forbidden or holds something else: as if nothing were remembered.
  }
}

/** Remembers a JSON value; null forgets it. */
export function writeMemory(key: string, value: unknown): void {
  try {
    if (value === null) globalThis.localStorage?.removeItem(PREFIX + key)
    else globalThis.localStorage?.setItem(PREFIX + key, JSON.stringify(value))
  } catch {
    return // A private window may forbid it: the choice then lasts as long as the page.
  }
}
