/** Asks a person at the terminal. */
import { createInterface } from 'node:readline/promises'
import { ProgramError } from '../../lib/base/index.ts'

/** What a person types; null when there is no terminal. Throws AppError when it is interrupted. */
export async function ask(question: string, signal: AbortSignal): Promise<string | null> {
  if (!process.stdin.isTTY) return null
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const interrupted = new AbortController()
  // While a line is read, the terminal takes Ctrl-C for itself.
  terminal.once('SIGINT', () => interrupted.abort())
  try {
    return await terminal.question(question, { signal: AbortSignal.any([signal, interrupted.signal]) })
  } catch (cause) {
    throw new ProgramError('interrupted', 'interrupted: nothing was sent', { cause })
  } finally {
    terminal.close()
  }
}
