/**
 * The attack: vouchers that each add one base unit. Every one costs the seller a signature check, a write to its disk and a receipt.
 * (Before: 1.8 kB a voucher, without end.) `lib/payments/payee/dust-vouchers.test.ts` holds what the disk makes of those that are taken.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toAmount } from '../../units/index.ts'
import {
  createSellerWorld,
  PIECE,
  PIECE_PRICE,
  roundTrips,
  type SellerWorld,
} from '../testing/seller-world.ts'

const DUST = 500
const MOST_SMALL = 16
let world: SellerWorld
beforeEach(async () => {
  world = await createSellerWorld()
})
afterEach(() => world.close())

test('of 500 vouchers of one unit sixteen are kept over all wires, and an honest buyer is served among them', async () => {
  const commits = world.countCommits()
  const purse = await world.makePurse()
  const honestPurse = await world.makePurse()
  const honest = await world.joinAndBid(honestPurse)
  let sent = 0n
  for (const wires of [0, 1]) {
    const duster = await world.joinAndBid(purse)
    for (let i = 0; i < DUST / 2; i++) {
      sent += 1n
      duster.say(await purse.pay(sent, { amount: toAmount(0n), lengthBytes: 0, pieceIndex: null }))
    }
    await roundTrips(duster)
    const refused = duster.heard.filter((each) => each.type === 'reject' && each.code === 'too-small')
    expect(refused).toHaveLength(DUST / 2 - (wires === 0 ? MOST_SMALL : 0))
    expect(duster.isClosed).toBe(false)
  }
  honest.takePiece(0, PIECE)
  await expect.poll(() => honest.receivedBytes, { interval: 5 }).toBe(PIECE)
  const since = honest.heard.length
  honest.say(await honestPurse.pay(PIECE_PRICE))
  expect(await honest.hear('ack', since)).toMatchObject({ cumulative: PIECE_PRICE })
  expect(world.payee.getTotals().earned).toBe(PIECE_PRICE + BigInt(MOST_SMALL))
  // Two seats, sixteen grains, one honest voucher.
  expect(commits()).toBe(2 + MOST_SMALL + 1)
})

test('a last piece that is small is taken', async () => {
  const purse = await world.makePurse()
  const peer = await world.joinAndBid(purse)
  peer.wire.request(0, 0, 1_000, () => undefined)
  await expect.poll(() => peer.receivedBytes, { interval: 5 }).toBe(1_000)
  const price = toAmount((PIECE_PRICE * 1_000n + BigInt(PIECE) - 1n) / BigInt(PIECE))
  const since = peer.heard.length
  peer.say(await purse.pay(price, { amount: price, lengthBytes: 1_000 }))
  expect(await peer.hear('ack', since)).toMatchObject({ cumulative: price, paidBytes: 1_000 })
})
