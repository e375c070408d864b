/** What a command came to, from what it threw: a request that the user declined is a cancelled action, not a failure. */
import { WalletError } from '../base/index.ts'
import { describeError } from './describe-error.ts'
import type { Outcome } from './problem.ts'

export function toOutcome(error: unknown): Exclude<Outcome, { readonly status: 'done' }> {
  const isCancelled = error instanceof WalletError && error.code === 'rejected'
  return isCancelled ? { status: 'cancelled' } : { status: 'failed', problem: describeError(error) }
}
