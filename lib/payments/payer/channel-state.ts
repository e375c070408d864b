/** A channel's life as its payer sees it. Exactly one of these at any time; docs/state/payer.md has the picture. */
import { ChannelError, type Hex } from '../../base/index.ts'

export type ChannelLifecycle =
  /** Prepared out of the purse and signed; not on the chain. Its total is set aside already. */
  | { readonly status: 'planned' }
  /** Our own transaction is to open it, or did until a reorganisation took that back. */
  | { readonly status: 'opening'; readonly txId: Hex | null }
  | { readonly status: 'open' }
  /** `startClose` is on the chain; seats without a release end at `closeAtSec`. */
  | { readonly status: 'closing'; readonly closeAtSec: bigint }
  | { readonly status: 'settling'; readonly txId: Hex | null; readonly closeAtSec: bigint | null }
  | { readonly status: 'settled' }
  /** It never opened. Its total is in the purse again. */
  | { readonly status: 'failed'; readonly reason: string }

export type ChannelEvent =
  | { readonly kind: 'openSent'; readonly txId: Hex | null }
  /** The chain says open: by our transaction, a seller's, or one that we had given up. */
  | { readonly kind: 'openSeen' }
  | { readonly kind: 'openFailed'; readonly reason: string }
  /** The chain does not know it any more: a reorganisation took its opening back. */
  | { readonly kind: 'droppedSeen'; readonly hasSignature: boolean }
  /** The chain says open again: a reorganisation took `startClose` back. */
  | { readonly kind: 'closeDropped' }
  | { readonly kind: 'closeSeen'; readonly closeAtSec: bigint }
  | { readonly kind: 'settleSent'; readonly txId: Hex | null }
  | { readonly kind: 'settleFailed' }
  | { readonly kind: 'settledSeen' }

/** The next state. Throws ChannelError 'bad-transition' on an event that the state does not know. */
export function reduceChannel(state: ChannelLifecycle, event: ChannelEvent): ChannelLifecycle {
  const refuse = (): never => {
    throw new ChannelError('bad-transition', `a ${state.status} channel cannot take ${event.kind}`)
  }
  switch (event.kind) {
    case 'openSent':
      return state.status === 'planned' || state.status === 'opening'
        ? { status: 'opening', txId: event.txId }
        : refuse()
    case 'openSeen':
      if (state.status === 'open') return state
      return state.status === 'planned' || state.status === 'opening' || state.status === 'failed'
        ? { status: 'open' }
        : refuse()
    case 'openFailed':
      return state.status === 'planned' || state.status === 'opening'
        ? { status: 'failed', reason: event.reason }
        : refuse()
    case 'droppedSeen':
      if (state.status !== 'open') return refuse()
      // With its signature it can be opened again; else only the same transaction can bring it back.
      return event.hasSignature ? { status: 'planned' } : { status: 'opening', txId: null }
    case 'closeDropped':
      return state.status === 'closing' ? { status: 'open' } : refuse()
    case 'closeSeen':
      return state.status === 'open' || state.status === 'closing'
        ? { status: 'closing', closeAtSec: event.closeAtSec }
        : refuse()
    case 'settleSent':
      if (state.status === 'open') return { status: 'settling', txId: event.txId, closeAtSec: null }
      return state.status === 'closing' || state.status === 'settling'
        ? { status: 'settling', txId: event.txId, closeAtSec: state.closeAtSec }
        : refuse()
    case 'settleFailed':
      if (state.status !== 'settling') return refuse()
      return state.closeAtSec === null
        ? { status: 'open' }
        : { status: 'closing', closeAtSec: state.closeAtSec }
    case 'settledSeen':
      return state.status === 'planned' || state.status === 'failed' ? refuse() : { status: 'settled' }
    default:
      return event satisfies never
  }
}

/** Whether its total is out of the purse, or promised to be. */
export function isReserved(state: ChannelLifecycle): boolean {
  return state.status !== 'failed'
}

/** Whether it holds money on the chain now, as far as we know. */
export function isLive(state: ChannelLifecycle): boolean {
  return state.status === 'open' || state.status === 'closing' || state.status === 'settling'
}
