import { expect, test } from 'vitest'
import type { WatchSnapshot } from '@/lib/features/library/index.ts'
import { toAmount } from '@/lib/units/index.ts'
import { canTip, findThanked } from './peer-words.ts'

const figures = { askPerMiB: toAmount(1n), tipped: toAmount(0n), paidPieces: 1, paidBytes: 1 }

function row(payee: string, paid: bigint, remaining: bigint) {
  const money = {
    status: 'exhausted',
    payee,
    paid: toAmount(paid),
    remaining: toAmount(remaining),
    ...figures,
  }
  return { peerKey: `${payee}/${paid}`, money }
}

const film = (verifiedBytes: number, peers: readonly object[]) =>
  ({ lengthBytes: 10, verifiedBytes, peers }) as unknown as WatchSnapshot

test('who was paid is thanked once an account, when all is here, and only out of what its seat still covers', () => {
  const free = { peerKey: 'free', money: { status: 'free' } }
  const peers = [row('TA', 5n, 3n), row('TA', 2n, 3n), row('TB', 5n, 0n), row('TC', 0n, 9n), free]
  expect(findThanked(film(9, peers))).toEqual([])
  expect(findThanked(film(10, peers)).map(({ peerKey }) => peerKey)).toEqual(['TA/5'])
})

test('a tip needs a seat with something left in it', () => {
  expect(canTip({ status: 'free' })).toBe(false)
  expect(canTip({ status: 'buyer', earned: toAmount(1n), paidBytes: 1, unpaidBytes: 0 })).toBe(false)
})
