/**
 * Looks offered seats up on the chain, for all wires together. Invariant: whatever strangers send, unknown seats cost the node one
 * call a round; seats that we know come first, wires take turns, and each has a few places.
 */
import type { Clock } from '../../base/index.ts'
import { AppError } from '../../base/index.ts'
import type { OfferedSeat, Payee, SeatVerdict } from '../../payments/index.ts'
import type { PeerKey } from '../../torrent/index.ts'

/** Broadcasts `open` with the signer's signature; resolves once the node took it. */
export type RelayOpen = (seat: OfferedSeat) => Promise<void>

export interface LookupRequest {
  readonly payee: Payee
  readonly seat: OfferedSeat
  readonly wire: PeerKey
  /** null where we do not open this one. */
  readonly relayOpen: RelayOpen | null
  readonly isOver: () => boolean
}

type Settled = Exclude<SeatVerdict, { readonly status: 'pending' }>

export interface SeatLookups {
  /**
   * Resolves with the verdict: 'busy' at once when this wire's places are taken, 'not-open' or 'chain-unreachable' after 60 s without
   * one, null when `isOver` said so.
   */
  find(request: LookupRequest): Promise<Settled | null>
}

interface Entry {
  readonly request: LookupRequest
  readonly isKnown: boolean
  readonly startedAtMs: number
  dueAtMs: number
  mayRelay: boolean
  readonly resolve: (verdict: Settled | null) => void
  readonly reject: (error: unknown) => void
}

/** Calls of a round are gathered into one by the chain client: one a second, after a few at once. */
const ROUND_MS = 1_000
const BURST_ROUNDS = 5
const MAX_UNKNOWN_PER_ROUND = 64
/** A page shows a budget's channel and a top-up; more unknown ones at once are nobody's budget. */
const MAX_UNKNOWN_PER_WIRE = 4
/** A block each 3 s and a slow node: after this it is not coming. */
const GIVE_UP_MS = 60_000
const FIRST_RETRY_MS = 1_000
const MAX_RETRY_MS = 8_000
/** Each look waits longer by this share of the time since the first. */
const BACK_OFF_SHARE = 4

export function createSeatLookups(clock: Clock): SeatLookups {
  const waiting = new Set<Entry>()
  /** Unknown seats of a wire that wait or are being asked for. */
  const places = new Map<PeerKey, number>()
  /** In which round a wire had its last turn; only of wires that have places. */
  const turns = new Map<PeerKey, number>()
  let roundNumber = 0
  /** Rounds that may still be held now; one comes back each second. */
  let rounds = BURST_ROUNDS
  let roundsAtMs = clock.nowMs()
  let cancelRound: (() => void) | null = null

  function takePlace(wire: PeerKey, change: 1 | -1): void {
    const count = (places.get(wire) ?? 0) + change
    if (count > 0) places.set(wire, count)
    else {
      places.delete(wire)
      turns.delete(wire)
    }
  }

  function end(entry: Entry, verdict: Settled | null): void {
    if (!entry.isKnown) takePlace(entry.request.wire, -1)
    entry.resolve(verdict)
  }

  async function look(entry: Entry): Promise<void> {
    const { payee, seat, relayOpen, isOver } = entry.request
    const verdict = await payee.acceptSeat(seat)
    if (isOver()) return end(entry, null)
    const isSilent = verdict.status === 'refused' && verdict.code === 'chain-unreachable'
    if (verdict.status !== 'pending' && !isSilent) return end(entry, verdict)
    if (entry.mayRelay && !isSilent) {
      entry.mayRelay = false
      try {
        await relayOpen?.(seat)
        return await look(entry)
      } catch (error) {
        // Somebody else may have opened it first, or the node is away: the chain's word decides below.
        if (!(error instanceof AppError)) throw error
      }
    }
    const elapsedMs = clock.nowMs() - entry.startedAtMs
    if (elapsedMs >= GIVE_UP_MS)
      return end(entry, { status: 'refused', code: isSilent ? 'chain-unreachable' : 'not-open' })
    const delayMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS + elapsedMs / BACK_OFF_SHARE)
    entry.dueAtMs = Math.min(clock.nowMs() + delayMs, entry.startedAtMs + GIVE_UP_MS)
    waiting.add(entry)
    schedule()
  }

  function run(entry: Entry): void {
    waiting.delete(entry)
    look(entry).catch((error: unknown) => {
      if (!entry.isKnown) takePlace(entry.request.wire, -1)
      entry.reject(error)
    })
  }

  /** Wires take turns: each gives one of its seats before any gives a second, and who waited longest for a turn comes first. */
  function chooseUnknown(due: readonly Entry[]): readonly Entry[] {
    const given = new Map<PeerKey, number>()
    const ranked = due.map((entry) => {
      const { wire } = entry.request
      const nth = given.get(wire) ?? 0
      given.set(wire, nth + 1)
      return { entry, nth, lastTurn: turns.get(wire) ?? 0 }
    })
    ranked.sort((a, b) => a.nth - b.nth || a.lastTurn - b.lastTurn || a.entry.dueAtMs - b.entry.dueAtMs)
    return ranked.slice(0, MAX_UNKNOWN_PER_ROUND).map(({ entry }) => entry)
  }

  function round(): void {
    cancelRound = null
    rounds = countRounds() - 1
    roundsAtMs = clock.nowMs()
    for (const entry of waiting) {
      if (!entry.request.isOver()) continue
      waiting.delete(entry)
      end(entry, null)
    }
    const due = [...waiting].filter(({ dueAtMs }) => dueAtMs <= clock.nowMs())
    for (const entry of due) if (entry.isKnown) run(entry)
    roundNumber += 1
    for (const entry of chooseUnknown(due.filter(({ isKnown }) => !isKnown))) {
      turns.set(entry.request.wire, roundNumber)
      run(entry)
    }
    schedule()
  }

  function countRounds(): number {
    return Math.min(BURST_ROUNDS, rounds + (clock.nowMs() - roundsAtMs) / ROUND_MS)
  }

  function schedule(): void {
    cancelRound?.()
    cancelRound = null
    if (waiting.size === 0) return
    const dueAtMs = [...waiting].reduce((soonest, entry) => Math.min(soonest, entry.dueAtMs), Infinity)
    const waitMs = Math.max(0, (1 - countRounds()) * ROUND_MS)
    const atMs = Math.max(dueAtMs, clock.nowMs() + waitMs)
    if (atMs <= clock.nowMs()) round()
    else cancelRound = clock.schedule(atMs - clock.nowMs(), round)
  }

  return {
    find: (request) =>
      new Promise((resolve, reject) => {
        const nowMs = clock.nowMs()
        const isKnown = request.payee.getSeat(request.seat.channelId) !== null
        const mayRelay = request.relayOpen !== null && request.seat.opening !== null
        const entry = { request, isKnown, startedAtMs: nowMs, dueAtMs: nowMs, mayRelay, resolve, reject }
        if (isKnown) return run(entry)
        if ((places.get(request.wire) ?? 0) >= MAX_UNKNOWN_PER_WIRE)
          return resolve({ status: 'refused', code: 'busy' })
        takePlace(request.wire, 1)
        waiting.add(entry)
        schedule()
      }),
  }
}
