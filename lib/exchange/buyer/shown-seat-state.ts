/** A seat as its buyer stands with one seller on one wire. Exactly one of these; a seat not shown yet has none. */
export type ShownSeat =
  /** `seat` was sent. */
  | 'presented'
  /** The seller acknowledged it: it may be paid and bid in. */
  | 'ready'
  /** Rejected or released: nothing more is paid in it on this wire, unless it is shown again. */
  | 'refused'

export type ShownSeatEvent = 'acknowledged' | 'rejected' | 'released'

/** The next state. A refused seat takes a late acknowledgement for what it is: late. */
export function reduceShownSeat(state: ShownSeat, event: ShownSeatEvent): ShownSeat {
  switch (event) {
    case 'acknowledged':
      return state === 'presented' ? 'ready' : state
    case 'rejected':
    case 'released':
      return 'refused'
    default:
      return event satisfies never
  }
}
