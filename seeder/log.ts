/** Log lines: one JSON object a line, so that machines read them as well. */

/** A thing that happened; `at` is added. Bigints become decimal strings. */
type LogEvent = Readonly<Record<string, unknown>> & { readonly event: string }
export type Log = (event: LogEvent) => void

/** JSON with bigints as decimal strings. */
export function toJsonText(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_, part: unknown) => (typeof part === 'bigint' ? part.toString() : part),
    indent,
  )
}

/** Writes events to a stream as JSON lines. */
export function createJsonLog(write: (line: string) => void): Log {
  return (event) => write(`${toJsonText({ at: new Date().toISOString(), ...event })}\n`)
}

/** What to log of an error: its code and words, never its stack or cause. */
export function describeFailure(error: unknown): { readonly code: string; readonly message: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unexpected'
  return { code, message: error instanceof Error ? error.message : String(error) }
}
