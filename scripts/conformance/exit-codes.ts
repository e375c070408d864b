/** How a run ends. An operator's script asks the number, a person the word; `--help` lists both. */
import { AppError } from '../../lib/base/index.ts'

export const EXIT_CODES = {
  /** Everything was done, and all of it as on our devnet. */
  ok: 0,
  /** Money or words were not as they must be: do not use this network. */
  failed: 1,
  /** All money is right, but a probe or an energy is not what our devnet knows. */
  different: 2,
  /** The close delay runs: the same command goes on after it. */
  waiting: 3,
  /** Bad options, a bad key, or a network that was not agreed to. */
  'bad-arguments': 4,
  /** The account has too little TRX for what is left to do. */
  'not-affordable': 5,
  /** The node fell silent: the same command goes on where this one stopped. */
  unreachable: 6,
  /** Nobody agreed to the cost. */
  declined: 7,
} as const

export type Ending = keyof typeof EXIT_CODES

/** Ends the run in a way of its own; the message is the reason that people read. */
export class ConformanceStop extends AppError {
  override readonly name = 'ConformanceStop'
  readonly ending: Ending
  constructor(ending: Ending, message: string, options?: ErrorOptions) {
    super(ending, message, options)
    this.ending = ending
  }
}

/** Something is not as it must be. */
export function fail(message: string, cause?: unknown): ConformanceStop {
  return new ConformanceStop('failed', message, { cause })
}
