import { expect, test } from 'vitest'
import type { WatchSnapshot } from '@/lib/features/library/index.ts'
import { toAmount } from '@/lib/units/index.ts'
import { findOffer, isTooSmall } from './offer.ts'

const MIB = 1_048_576
const BTT = 10n ** 18n

function torrent(verifiedBytes: number, asks: readonly bigint[], lengthBytes = 8 * MIB): WatchSnapshot {
  const peers = asks.map((ask) => ({
    money: ask === 0n ? { status: 'free' } : { status: 'quoted', askPerMiB: toAmount(ask), tooDear: false },
  }))
  return { lengthBytes, verifiedBytes, peers, pieceLengthBytes: MIB } as unknown as WatchSnapshot
}

test('nothing is offered without a torrent, before its contents are known, when all of it is here, or nobody sells', () => {
  expect(findOffer(null, false)).toEqual({ status: 'noTorrent' })
  expect(findOffer(null, true)).toEqual({ status: 'unknown' })
  expect(findOffer(torrent(0, [BTT], 0), true)).toEqual({ status: 'unknown' })
  expect(findOffer(torrent(8 * MIB, [BTT]), true)).toEqual({ status: 'complete' })
  expect(findOffer(torrent(0, [0n, 0n]), true)).toEqual({ status: 'noSeller' })
})

test('what is still to come is priced at the highest ask in sight', () => {
  expect(findOffer(torrent(2 * MIB, [3n * BTT, 4n * BTT, 0n]), true)).toEqual({
    status: 'open',
    missingBytes: 6 * MIB,
    askPerMiB: 4n * BTT,
    rest: 24n * BTT,
  })
})

test('a budget that buys not one piece of the cheapest seeder in sight is too small', () => {
  const film = torrent(0, [3n * BTT, 4n * BTT, 0n])
  expect(isTooSmall(toAmount(3n * BTT - 1n), film)).toBe(true)
  expect(isTooSmall(toAmount(3n * BTT), film)).toBe(false)
  expect(isTooSmall(toAmount(1n), torrent(0, [0n]))).toBe(false)
})
