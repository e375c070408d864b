import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressFromBytes } from '../tron/index.ts'
import { toAmount } from '../units/index.ts'
import { type LockedByKey, type LockedChannel, sumLocked } from './find-locked.ts'
import { planRecovery } from './plan-recovery.ts'

const NOW = 1_000_000n
const signer = addressFromBytes(new Uint8Array(20).fill(9))

const anyChannel = fc
  .record({
    total: fc.bigInt(1n, 10n ** 30n),
    claimedShare: fc.bigInt(0n, 100n),
    closeAtSec: fc.option(fc.bigInt(NOW - 10_000n, NOW + 10_000n)),
    serial: fc.nat(),
  })
  .map(({ total, claimedShare, closeAtSec, serial }) => {
    const channel = {
      payer: signer,
      signer,
      total: toAmount(total),
      closeDelaySec: 3_600,
      root: '0x',
      salt: '0x',
    }
    const claimed = toAmount((total * claimedShare) / 100n)
    return {
      channelId: `0x${serial}`,
      channel,
      leaves: [],
      note: '0x',
      closeAtSec,
      claimed,
    } as unknown as LockedChannel
  })
const anyGroup = fc.record({
  signer: fc.constant(signer),
  purse: fc.bigInt(0n, 10n ** 30n).map(toAmount),
  channels: fc.array(anyChannel, { maxLength: 12 }),
  unreadable: fc.constant([]),
})

test('the steps bring every coin once, now or when its delay is over', () => {
  fc.assert(
    fc.property(anyGroup, (group: LockedByKey) => {
      const steps = planRecovery(group, NOW)
      expect(steps.reduce((sum, { amount }) => sum + amount, 0n)).toBe(sumLocked(group))
      for (const [i, { channel, channelId, closeAtSec }] of group.channels.entries()) {
        const own = steps.filter(({ call }) =>
          call.kind === 'closeOut'
            ? call.settlements.some((settlement) => settlement.channel === channel)
            : call.channel === channel,
        )
        expect(own.map(({ call }) => call.kind)).toEqual(
          closeAtSec === null ? ['startClose', 'closeOut'] : ['closeOut'],
        )
        const at = own.at(-1)?.sendableAtSec
        if (closeAtSec !== null && closeAtSec <= NOW) expect(at).toBeNull()
        else expect(at).toBe(closeAtSec ?? NOW + 3_600n)
        expect(
          own.every(({ channelIds }) => channelIds.includes(channelId)),
          String(i),
        ).toBe(true)
      }
    }),
  )
})

test('nothing locked is nothing to do', () => {
  expect(planRecovery({ signer, purse: toAmount(0n), channels: [], unreadable: [] }, NOW)).toEqual([])
})
