/** Whether a seller gives credit in a seat. Exactly one of these; only 'open' is served. docs/state/exchange.md has the picture. */
export type SeatCredit =
  /** The chain said open, last at `confirmedAtMs`. */
  | { readonly status: 'open'; readonly confirmedAtMs: number }
  /** The chain has not said so for too long (it is away), or does not know the channel any more (a reorganisation). */
  | { readonly status: 'doubtful' }
  /** The chain said closing or settled. */
  | { readonly status: 'closing' }
  /** We signed the final figure. */
  | { readonly status: 'released' }

export type SeatCreditEvent =
  | { readonly kind: 'openSeen'; readonly atMs: number }
  | { readonly kind: 'nothingSeen'; readonly atMs: number }
  | { readonly kind: 'goneSeen' }
  | { readonly kind: 'closeSeen' }
  | { readonly kind: 'released' }

/** Two looks at the chain may fail. Far below the shortest close delay: a voucher can still be redeemed. */
const MAX_UNCONFIRMED_MS = 150_000

/** The next state; each event is known in each state. Closing and released are never left for credit again. */
export function reduceSeatCredit(state: SeatCredit, event: SeatCreditEvent): SeatCredit {
  switch (event.kind) {
    case 'openSeen':
      return state.status === 'open' || state.status === 'doubtful'
        ? { status: 'open', confirmedAtMs: event.atMs }
        : state
    case 'nothingSeen':
      return state.status === 'open' && event.atMs - state.confirmedAtMs >= MAX_UNCONFIRMED_MS
        ? { status: 'doubtful' }
        : state
    case 'goneSeen':
      return state.status === 'open' ? { status: 'doubtful' } : state
    case 'closeSeen':
      return state.status === 'released' ? state : { status: 'closing' }
    case 'released':
      return { status: 'released' }
    default:
      return event satisfies never
  }
}
