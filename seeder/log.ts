/** Log lines: one JSON object a line, so that machines read them as well. */

/** A thing that happened; `at` is added. Bigints become decimal strings. */
type LogEvent = Readonly<Record<string, unknown>> & { readonly event: string }
export type Log = (event: LogEvent) => void

/** What a terminal would act on, in a name that a stranger chose; JSON itself escapes only what is below a space. */
const ACTED_ON = /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu

/** JSON with bigints as decimal strings; nothing in it turns or hides text on a terminal. */
export function toJsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(
    value,
    (_, part: unknown) => (typeof part === 'bigint' ? part.toString() : part),
    indent,
  )
  return text.replace(ACTED_ON, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
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
