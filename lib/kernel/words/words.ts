/** What people read when something goes wrong: what happened, what it means for their money, what to do next. */
import type { Problem } from '../problem.ts'

export interface Words extends Omit<Problem, 'code'> {
  /** The error's own message tells more than the title: it follows it. */
  readonly showsMessage?: true
}

export const NO_MONEY = 'No money was involved.'
export const NOTHING_SPENT = 'Nothing was signed and nothing was spent.'
export const VOUCHERS_SAFE = 'Your payments so far and your locked budget are saved in this browser.'
