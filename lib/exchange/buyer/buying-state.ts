/**
 * How we stand towards the seller of one wire. Exactly one of these at any time; an event that a state does not know
 * leaves it as it is, for a peer's messages come when they like. A lifecycle of one seat is in `shown-seat-state.ts`.
 */
import type { SellerId } from '../../payments/index.ts'
import type { Amount } from '../../units/index.ts'
import type { QuoteTerms } from '../wire/message.ts'

/** A quote whose seller was proven; null: it takes no money, or did not prove who takes it. */
export type ProvenQuote = Omit<QuoteTerms, 'seller'> & { readonly seller: SellerId | null }

interface Standing<Quote = ProvenQuote> {
  readonly quote: Quote
  /** Why the seller takes no payment now, in words; null: it did not refuse any. */
  readonly refusal: string | null
}

export type BuyingState =
  /** No quote that holds has come. */
  | (Standing<null> & { readonly status: 'unquoted' })
  /** We ask for free blocks. */
  | (Standing & { readonly status: 'idle' })
  /** Our bid holds: each request after it is of a paid block. */
  | (Standing & { readonly status: 'bidding'; readonly ratePerMiB: Amount })
  /** The seller took our bid for too low; nothing is bid before it quotes anew. */
  | (Standing & { readonly status: 'underbid' })
  /** It took a bid and sent nothing: we ask for free blocks for a while, then go on as `next`. */
  | (Standing & { readonly status: 'stalled'; readonly next: 'idle' | 'underbid' })
  /** The wire is gone. What was verified on it may still be paid. */
  | (Standing<ProvenQuote | null> & { readonly status: 'closed' })

export type BuyingEvent =
  /** A quote came that is open or well sealed. */
  | { readonly kind: 'quoted'; readonly quote: ProvenQuote }
  /** A quote came whose seal or endorsement does not hold. */
  | { readonly kind: 'quoteUnproven' }
  /** We send a bid. */
  | { readonly kind: 'bid'; readonly ratePerMiB: Amount }
  /** Nothing may be paid now. */
  | { readonly kind: 'stopped' }
  /** The seller rejected our bid. */
  | { readonly kind: 'bidRejected' }
  /** The seller acknowledged a seat or a payment; the window is the credit that it gives there. */
  | { readonly kind: 'acknowledged'; readonly windowBytes: number }
  /** The seller rejected a seat that was shown to it. */
  | { readonly kind: 'seatRejected'; readonly words: string }
  /** A rejected seat is shown again. */
  | { readonly kind: 'seatRetried' }
  /** Paid blocks were asked for, and less than a trickle came. */
  | { readonly kind: 'stalled' }
  /** The pause after a stall is over. */
  | { readonly kind: 'stallOver' }
  | { readonly kind: 'closed' }

export const UNQUOTED: BuyingState = { status: 'unquoted', quote: null, refusal: null }

const UNPROVEN = 'its payee’s word for it is out of date, or a clock is wrong'
const NO_CREDIT = 'this seller gives no more credit in this seat'

/** The next state; the same object where the event means nothing in this one. */
export function reduceBuying(state: BuyingState, event: BuyingEvent): BuyingState {
  if (state.status === 'closed') return state
  switch (event.kind) {
    case 'quoted':
      return takeQuote(state, event.quote)
    case 'quoteUnproven':
      return { ...state, refusal: UNPROVEN }
    case 'closed':
      return { status: 'closed', quote: state.quote, refusal: state.refusal }
    default:
      return state.status === 'unquoted' ? state : reduceQuoted(state, event)
  }
}

/** True when the step ends a bid that the seller still takes for ours: it has to be told. */
export function endsBid(before: BuyingState, after: BuyingState): boolean {
  return before.status === 'bidding' && after.status !== 'bidding' && after.status !== 'closed'
}

/** A seller that stops selling keeps its address: pieces under way are still paid. */
function takeQuote(
  state: Exclude<BuyingState, { readonly status: 'closed' }>,
  terms: ProvenQuote,
): BuyingState {
  const { refusal } = state
  const quote = { ...terms, seller: terms.seller ?? state.quote?.seller ?? null }
  if (state.status === 'bidding') return { ...state, quote }
  if (state.status === 'stalled') return { ...state, quote, next: 'idle' }
  return { status: 'idle', quote, refusal }
}

function reduceQuoted(
  state: Exclude<BuyingState, { readonly status: 'closed' | 'unquoted' }>,
  event: Exclude<BuyingEvent, { readonly kind: 'quoted' | 'quoteUnproven' | 'closed' }>,
): BuyingState {
  const { status, quote, refusal } = state
  switch (event.kind) {
    case 'bid':
      if ((status !== 'idle' && status !== 'bidding') || !quote.seller) return state
      return { status: 'bidding', ratePerMiB: event.ratePerMiB, quote, refusal }
    case 'stopped':
      return status === 'bidding' ? { status: 'idle', quote, refusal } : state
    case 'bidRejected':
      if (status === 'stalled') return { ...state, next: 'underbid' }
      return status === 'underbid' ? state : { status: 'underbid', quote, refusal }
    case 'acknowledged':
      return { ...state, refusal: event.windowBytes === 0 ? NO_CREDIT : null }
    case 'seatRejected':
      if (status === 'bidding') return { status: 'idle', quote, refusal: event.words }
      return { ...state, refusal: event.words }
    case 'seatRetried':
      return { ...state, refusal: null }
    case 'stalled':
      return status === 'bidding' ? { status: 'stalled', next: 'idle', quote, refusal } : state
    case 'stallOver':
      return status === 'stalled' ? { status: state.next, quote, refusal } : state
    default:
      return event satisfies never
  }
}
