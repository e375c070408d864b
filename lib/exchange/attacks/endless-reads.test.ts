/**
 * The attack: strangers show seats of channels that nobody opened, so that the seller asks its node again and again. (Before: 48
 * messages made 1,456 reads, and a public gateway would have shut the seller out.)
 */
import { expect, test } from 'vitest'
import type { Hex } from '../../base/index.ts'
import type { ChannelState } from '../../channels/index.ts'
import { createSeatLooks } from '../../channels/seat-looks.ts'
import type { OfferedSeat, Payee, SeatVerdict } from '../../payments/index.ts'
import { settleTasks, testClock } from '../../payments/testing/accounts.ts'
import type { PeerKey } from '../../torrent/index.ts'
import { toAmount, ZERO_AMOUNT } from '../../units/index.ts'
import { createSeatLookups } from '../seller/seat-lookups.ts'
import { ASK, fakeSeat, PAYEE } from '../testing/world.ts'

const WIRES = 100
const SEATS_A_WIRE = 48
const MINUTE_SEC = 60

/** A payee over a node whose calls are counted; it knows some seats already, and the chain knows some channels. */
function makePayee(known: ReadonlySet<Hex>, open: ReadonlySet<Hex>) {
  const calls: number[] = []
  const look = createSeatLooks(async (keys) => {
    calls.push(keys.length)
    return keys.map(({ channelId }) => {
      const isOpen = open.has(channelId)
      const channel: ChannelState = isOpen ? { status: 'open', signer: PAYEE } : { status: 'unknown' }
      return { channel, cap: ZERO_AMOUNT, claimed: ZERO_AMOUNT }
    })
  })
  const payee = {
    getSeat: (channelId: Hex) => (known.has(channelId) ? fakeSeat(PAYEE, ASK) : null),
    async acceptSeat({ channelId }: OfferedSeat): Promise<SeatVerdict> {
      const { channel } = await look({ channelId, payee: PAYEE })
      return channel.status === 'open'
        ? { status: 'accepted', cumulative: toAmount(0n) }
        : { status: 'pending' }
    },
  } as Payee
  return { payee, calls }
}

const wire = (serial: number): PeerKey => `wire-${serial}` as PeerKey
const seatOf = (serial: number): OfferedSeat => ({
  ...fakeSeat(PAYEE, ASK),
  channelId: `0x${serial.toString(16).padStart(64, '0')}`,
})

test('4,800 seats that no chain knows cost a node one call a second, and an honest new buyer waits seconds', async () => {
  const clock = testClock()
  const honest = seatOf(1_000_001)
  const regular = seatOf(1_000_002)
  const { payee, calls } = makePayee(
    new Set([regular.channelId]),
    new Set([honest.channelId, regular.channelId]),
  )
  const lookups = createSeatLookups(clock)
  const find = (seat: OfferedSeat, on: number) =>
    lookups.find({ payee, seat, wire: wire(on), relayOpen: null, isOver: () => false })
  const verdicts = new Map<string, number>()
  const strangers = Array.from({ length: WIRES * SEATS_A_WIRE }, async (_, serial) => {
    const verdict = await find(seatOf(serial), serial % WIRES)
    const said = verdict?.status === 'refused' ? verdict.code : 'none'
    verdicts.set(said, (verdicts.get(said) ?? 0) + 1)
  })
  await settleTasks()
  const startedAtMs = clock.nowMs()
  let honestAfterMs = Number.POSITIVE_INFINITY
  let regularAfterMs = Number.POSITIVE_INFINITY
  const served = Promise.all([
    find(honest, WIRES + 1).then((verdict) => {
      expect(verdict).toMatchObject({ status: 'accepted' })
      honestAfterMs = clock.nowMs() - startedAtMs
    }),
    find(regular, WIRES + 2).then((verdict) => {
      expect(verdict).toMatchObject({ status: 'accepted' })
      regularAfterMs = clock.nowMs() - startedAtMs
    }),
  ])
  await new Promise((resolve) => setTimeout(resolve, 5))
  await settleTasks()
  for (let second = 0; second < MINUTE_SEC + 10; second++) {
    await clock.advance(1_000)
    await new Promise((resolve) => setTimeout(resolve, 1))
    await settleTasks()
  }
  await Promise.all([...strangers, served])
  // A known seat is asked for at once, an unknown one in its turn.
  expect(regularAfterMs).toBe(0)
  expect(honestAfterMs).toBeLessThanOrEqual(3_000)
  // Four of each wire were looked up for a minute, the others were told to come again.
  expect(verdicts).toEqual(
    new Map([
      ['busy', WIRES * (SEATS_A_WIRE - 4)],
      ['not-open', WIRES * 4],
    ]),
  )
  // Five at once, one a second, and the regular's own.
  expect(calls.length).toBeLessThanOrEqual(5 + MINUTE_SEC + 10 + 1)
  expect(Math.max(...calls)).toBeLessThanOrEqual(200)
})
