import { expect, it, vi } from 'vitest'
import type { Hex } from '../base/index.ts'
import { toAmount } from '../units/index.ts'
import { createSeatLooks, type SeatKey, type SeatLook } from './seat-looks.ts'

const key = (serial: number): SeatKey => ({
  channelId: `0x${serial.toString(16).padStart(64, '0')}` as Hex,
  payee: null,
})
const lookAt = ({ channelId }: SeatKey): SeatLook => ({
  channel: { status: 'unknown' },
  cap: toAmount(BigInt(channelId)),
  claimed: toAmount(0n),
})

it('asks once for all that is asked in one turn, and answers each its own', async () => {
  const ask = vi.fn(async (keys: readonly SeatKey[]) => keys.map(lookAt))
  const look = createSeatLooks(ask)
  const looks = await Promise.all(Array.from({ length: 450 }, (_, serial) => look(key(serial))))
  expect(looks.map(({ cap }) => Number(cap))).toEqual(Array.from({ length: 450 }, (_, serial) => serial))
  expect(ask.mock.calls.map(([keys]) => keys.length)).toEqual([200, 200, 50])
  await look(key(7))
  expect(ask).toHaveBeenCalledTimes(4)
})

it('fails those that shared a failed call, and asks anew the next time', async () => {
  const ask = vi
    .fn(async (keys: readonly SeatKey[]) => keys.map(lookAt))
    .mockRejectedValueOnce(new Error('away'))
  const look = createSeatLooks(ask)
  const both = await Promise.allSettled([look(key(1)), look(key(2))])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect((await look(key(1))).cap).toBe(1n)
})
