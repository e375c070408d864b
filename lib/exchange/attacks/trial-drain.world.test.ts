/**
 * The attack: before a buyer's first voucher a seller serves two pieces on trial, up to 16 MiB in a seat. Whoever knows somebody
 * else's seat (it stands in the opening's note) comes on many wires and drains that trial, so that its payer is turned away.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RawPeer } from '../testing/raw-wire.ts'
import {
  ASK,
  createSellerWorld,
  PIECE,
  PIECE_PRICE,
  roundTrips,
  type SellerWorld,
} from '../testing/seller-world.ts'

const WIRES = 40
let world: SellerWorld
beforeEach(async () => {
  world = await createSellerWorld()
})
afterEach(() => world.close())

test('a seat gives nothing to wires that its signer did not prove, and all of its trial to the one that it did', async () => {
  const purse = await world.makePurse()
  const thief = await world.makePurse()
  const shows: ((peer: RawPeer) => Promise<`0x${string}`>)[] = [
    async () => `0x${'00'.repeat(65)}`,
    (peer) => thief.prove(peer, 'serve', { channelId: purse.seat.channelId }),
    (peer) => purse.prove(peer, 'serve', { nonce: `0x${'11'.repeat(32)}` }),
    (peer) => purse.prove(peer, 'release'),
  ]
  let taken = 0
  for (let wire = 0; wire < WIRES; wire++) {
    const peer = await world.join()
    const proof = await (shows[wire % shows.length] as (typeof shows)[0])(peer)
    peer.say({ type: 'seat', seat: purse.seat, proof })
    peer.say({ type: 'bid', ratePerMiB: ASK })
    for (let index = 0; index < 4; index++) peer.takePiece(index, PIECE)
    await peer.whenClosed()
    taken += peer.receivedBytes
  }
  expect(taken).toBe(0)
  expect(world.drops).toEqual(Array(WIRES).fill('bad-proof'))

  const honest = await world.joinAndBid(purse)
  honest.takePiece(0, PIECE)
  honest.takePiece(1, PIECE)
  await expect.poll(() => honest.receivedBytes, { interval: 5 }).toBe(2 * PIECE)
  const since = honest.heard.length
  honest.say(await purse.pay(PIECE_PRICE))
  expect(await honest.hear('ack', since)).toMatchObject({ windowBytes: 4 * PIECE })
  await roundTrips(honest)
  expect(world.payee.getTotals().earned).toBe(PIECE_PRICE)
})
