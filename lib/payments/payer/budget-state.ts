/** One budget's life, from the wallet's first signature to the settlement. Exactly one of these at any time. */
import { ChannelError } from '../../base/index.ts'
import type { SettleSummary } from './settle-outcome.ts'

export type SessionState =
  /** Approving or funding; a transaction may be under way. */
  | { readonly status: 'starting' }
  | { readonly status: 'paying' }
  /** Stopped by the user or by a reload; the money stays locked. */
  | { readonly status: 'stopped' }
  /** `closeAtSec` is set when the close delay had been started before. */
  | { readonly status: 'settling'; readonly closeAtSec: bigint | null }
  /** Some seats are not released: `finish` settles them after this time. */
  | { readonly status: 'closing'; readonly closeAtSec: bigint }
  | { readonly status: 'settled'; readonly summary: SettleSummary }
  /** Nothing was funded. */
  | { readonly status: 'failed'; readonly reason: string }

export type SessionEvent =
  | { readonly kind: 'funded' }
  | { readonly kind: 'startFailed'; readonly reason: string }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'settleBegun' }
  | { readonly kind: 'settleFailed' }
  | { readonly kind: 'closeStarted'; readonly closeAtSec: bigint }
  | { readonly kind: 'settled'; readonly summary: SettleSummary }

/** The next state. Throws ChannelError 'bad-transition' on an event that the state does not know. */
export function reduceSession(state: SessionState, event: SessionEvent): SessionState {
  const refuse = (): never => {
    throw new ChannelError('bad-transition', `a session that is ${state.status} cannot take ${event.kind}`)
  }
  switch (event.kind) {
    case 'funded':
      return state.status === 'starting' ? { status: 'paying' } : refuse()
    case 'startFailed':
      return state.status === 'starting' ? { status: 'failed', reason: event.reason } : refuse()
    case 'stopped':
      return state.status === 'paying' || state.status === 'stopped' ? { status: 'stopped' } : refuse()
    case 'resumed':
      return state.status === 'paying' || state.status === 'stopped' ? { status: 'paying' } : refuse()
    case 'settleBegun':
      if (state.status === 'paying' || state.status === 'stopped')
        return { status: 'settling', closeAtSec: null }
      return state.status === 'closing' || state.status === 'settling'
        ? { status: 'settling', closeAtSec: state.closeAtSec }
        : refuse()
    case 'settleFailed':
      if (state.status !== 'settling') return refuse()
      return state.closeAtSec === null
        ? { status: 'stopped' }
        : { status: 'closing', closeAtSec: state.closeAtSec }
    case 'closeStarted':
      return state.status === 'settling' ? { status: 'closing', closeAtSec: event.closeAtSec } : refuse()
    case 'settled':
      return state.status === 'settling' ? { status: 'settled', summary: event.summary } : refuse()
    default:
      return event satisfies never
  }
}

/** Whether money of this session may still be on the chain under our key. */
export function isLocked(state: SessionState): boolean {
  return state.status !== 'settled' && state.status !== 'failed'
}
