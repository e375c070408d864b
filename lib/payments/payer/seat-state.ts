/** One payee's seat as its payer sees it. Invariants: the voucher only rises; it never passes the cap; none after a release. */

import { ChannelError } from '../../base/index.ts'
import type { SignedRelease, SignedVoucher } from '../../channels/index.ts'
import { type Amount, ZERO_AMOUNT } from '../../units/index.ts'

export type PayerSeatState =
  /** Its channel is not on the chain yet. */
  | { readonly status: 'planned' }
  | { readonly status: 'open'; readonly voucher: SignedVoucher | null }
  /** The voucher equals the cap. */
  | { readonly status: 'exhausted'; readonly voucher: SignedVoucher }
  /** The payee signed its final figure. */
  | {
      readonly status: 'released'
      readonly voucher: SignedVoucher | null
      readonly release: SignedRelease
    }

export type PayerSeatEvent =
  | { readonly kind: 'opened' }
  | { readonly kind: 'paid'; readonly voucher: SignedVoucher }
  | { readonly kind: 'released'; readonly release: SignedRelease }

/** The next state of a seat of `cap`. Throws ChannelError: 'bad-transition', 'over-cap', 'not-rising', 'over-promised'. */
export function reducePayerSeat(state: PayerSeatState, event: PayerSeatEvent, cap: Amount): PayerSeatState {
  const refuse = (): never => {
    throw new ChannelError('bad-transition', `a ${state.status} seat cannot take ${event.kind}`)
  }
  switch (event.kind) {
    case 'opened':
      return state.status === 'planned' ? { status: 'open', voucher: null } : state
    case 'paid': {
      if (state.status !== 'open') return refuse()
      const { voucher } = event
      if (voucher.cumulative > cap) throw new ChannelError('over-cap', 'a voucher above the seat’s cap')
      if (voucher.cumulative <= promisedOf(state)) {
        throw new ChannelError('not-rising', 'a voucher must be above the one before')
      }
      return voucher.cumulative === cap ? { status: 'exhausted', voucher } : { status: 'open', voucher }
    }
    case 'released':
      if (state.status === 'planned') return refuse()
      if (event.release.cumulative > promisedOf(state)) {
        throw new ChannelError('over-promised', 'a release above what we promised')
      }
      return { status: 'released', voucher: state.voucher, release: event.release }
    default:
      return event satisfies never
  }
}

/** What the highest voucher promises. */
export function promisedOf(state: PayerSeatState): Amount {
  return state.status === 'planned' ? ZERO_AMOUNT : (state.voucher?.cumulative ?? ZERO_AMOUNT)
}
