/** Asks the payee about an offered seat until the chain knows it, opening it ourselves where we said that we would. */
import type { Clock } from '../payments/clock.ts'
import type { OfferedSeat, Payee, SeatVerdict } from '../payments/ports.ts'
import { AppError } from '../units/index.ts'

/** Broadcasts `open` with the signer's signature; resolves once the node took it. */
export type RelayOpen = (seat: OfferedSeat) => Promise<void>

const FIRST_RETRY_MS = 1_000
const MAX_RETRY_MS = 2_000
/** A block each 3 s and a slow node: after this it is not coming. */
const GIVE_UP_MS = 60_000

type Settled = Exclude<SeatVerdict, { readonly status: 'pending' }>

/** Resolves with the verdict; 'not-open' after 60 s of 'pending'; null when `isOver` said so. */
export async function checkSeat(options: {
  readonly payee: Payee
  readonly seat: OfferedSeat
  readonly clock: Clock
  readonly relayOpen: RelayOpen | null
  readonly isOver: () => boolean
}): Promise<Settled | null> {
  const { payee, seat, clock, isOver } = options
  const startedAtMs = clock.nowMs()
  let delayMs = FIRST_RETRY_MS
  let mayRelay = options.relayOpen !== null && seat.opening !== null
  while (!isOver()) {
    const verdict = await payee.acceptSeat(seat)
    const isUnsettled =
      verdict.status === 'pending' || (verdict.status === 'refused' && verdict.code === 'chain-unreachable')
    if (!isUnsettled) return verdict
    if (mayRelay && verdict.status === 'pending') {
      mayRelay = false
      try {
        await options.relayOpen?.(seat)
        continue
      } catch (error) {
        // Somebody else may have opened it first, or the node is away: the chain's word decides below.
        if (!(error instanceof AppError)) throw error
      }
    }
    if (clock.nowMs() - startedAtMs >= GIVE_UP_MS) {
      return { status: 'refused', code: verdict.status === 'pending' ? 'not-open' : 'chain-unreachable' }
    }
    await new Promise<void>((resolve) => clock.schedule(delayMs, resolve))
    delayMs = Math.min(MAX_RETRY_MS, delayMs + 500)
  }
  return null
}
