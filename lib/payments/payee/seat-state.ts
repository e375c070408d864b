/** A seat as its payee sees it. Invariants: credit only while 'accepted'; the voucher only rises; none after a release. */

import { ChannelError } from '../../base/index.ts'
import type { SignedRelease } from '../../channels/index.ts'

export type PayeeSeatState =
  /** Its proof holds; the chain has not been asked. */
  | { readonly status: 'offered' }
  /** The chain does not know it yet, or does not answer. */
  | { readonly status: 'pending' }
  /** The chain said open. Vouchers are good, so is credit. */
  | { readonly status: 'accepted' }
  /** The chain said closing: no more credit; vouchers can be redeemed until it is settled. */
  | { readonly status: 'stale' }
  /** We signed the final figure. */
  | { readonly status: 'released'; readonly release: SignedRelease }
  /** The channel is settled: what the chain paid is what there is. */
  | { readonly status: 'redeemed'; readonly release: SignedRelease | null }

export type PayeeSeatEvent =
  | { readonly kind: 'asked' }
  | { readonly kind: 'openSeen' }
  | { readonly kind: 'closeSeen' }
  | { readonly kind: 'released'; readonly release: SignedRelease }
  | { readonly kind: 'settledSeen' }
  /** The chain says open or closing of a channel that it had called settled. */
  | { readonly kind: 'unsettledSeen' }

/** The next state. Throws ChannelError 'bad-transition' on an event that the state does not know. */
export function reducePayeeSeat(state: PayeeSeatState, event: PayeeSeatEvent): PayeeSeatState {
  const refuse = (): never => {
    throw new ChannelError('bad-transition', `a ${state.status} seat cannot take ${event.kind}`)
  }
  switch (event.kind) {
    case 'asked':
      return state.status === 'offered' ? { status: 'pending' } : state
    case 'openSeen':
      // A node may be behind: a seat once seen closing or released stays so.
      return state.status === 'offered' || state.status === 'pending' ? { status: 'accepted' } : state
    case 'closeSeen':
      // The same object where nothing changes: whoever asks again and again must not have it written each time.
      return state.status === 'accepted' || state.status === 'offered' || state.status === 'pending'
        ? { status: 'stale' }
        : state
    case 'released':
      return state.status === 'accepted' || state.status === 'stale'
        ? { status: 'released', release: event.release }
        : refuse()
    case 'settledSeen':
      if (state.status === 'redeemed') return state
      return { status: 'redeemed', release: state.status === 'released' ? state.release : null }
    case 'unsettledSeen':
      if (state.status !== 'redeemed') return state
      // A node lied, or a block is gone: what we hold can be redeemed again, but such a chain earns no credit.
      return state.release ? { status: 'released', release: state.release } : { status: 'stale' }
    default:
      return event satisfies never
  }
}
