/**
 * The attack: a co-seller, or anybody who read the opening's note on the chain, knows a rival's seat. It shows the seat to the
 * rival and asks for its release at 0, which would end the seat and take the rival out of the budget.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toAmount } from '../../units/index.ts'
import type { RawPeer } from '../testing/raw-wire.ts'
import {
  createSellerWorld,
  PIECE,
  PIECE_PRICE,
  type Purse,
  type SellerWorld,
} from '../testing/seller-world.ts'

let world: SellerWorld
beforeEach(async () => {
  world = await createSellerWorld()
})
afterEach(() => world.close())

/** Buys a piece on a wire that bids. */
async function buyPiece(peer: RawPeer, purse: Purse, index: number): Promise<void> {
  const before = peer.receivedBytes
  peer.takePiece(index, PIECE)
  await expect.poll(() => peer.receivedBytes, { interval: 5 }).toBe(before + PIECE)
  const since = peer.heard.length
  peer.say(await purse.pay(PIECE_PRICE * BigInt(index + 1), { pieceIndex: index }))
  await peer.hear('ack', since)
}

test.each<[string, (rival: RawPeer, purse: Purse, honest: RawPeer) => Promise<`0x${string}`>]>([
  ['no proof', async () => `0x${'00'.repeat(65)}`],
  ['a proof by another signer', async (rival) => (await world.makePurse()).prove(rival, 'release')],
  ['a proof that was given on another wire', (_, purse, honest) => purse.prove(honest, 'release')],
  ['a proof that serves', (rival, purse) => purse.prove(rival, 'serve')],
  [
    'a proof for another torrent',
    (rival, purse) => purse.prove(rival, 'release', { infoHash: 'cd'.repeat(20) }),
  ],
  [
    'a proof for another delegate',
    (rival, purse) => purse.prove(rival, 'release', { delegate: purse.seat.leaf.payee }),
  ],
])('a release is not to be had with %s: the seat lives, and its payer buys on', async (_, forge) => {
  const purse = await world.makePurse()
  const honest = await world.joinAndBid(purse)
  await buyPiece(honest, purse, 0)
  const rival = await world.join()
  const latest = await purse.pay(PIECE_PRICE)
  rival.say({
    type: 'releaseRequest',
    channelId: purse.seat.channelId,
    proof: await forge(rival, purse, honest),
    // Even the highest voucher, which a forwarder would know, ends nothing.
    latest: { cumulative: latest.cumulative, signature: latest.signature },
  })
  await rival.whenClosed()
  expect(world.drops).toEqual(['bad-proof'])
  expect(rival.heard.some(({ type }) => type === 'release')).toBe(false)
  await buyPiece(honest, purse, 1)
  expect(world.payee.getTotals()).toMatchObject({ earned: 2n * PIECE_PRICE, redeemable: 2n * PIECE_PRICE })
})

test('a seat that was never paid in is not released at 0 to a stranger either', async () => {
  const purse = await world.makePurse()
  const honest = await world.joinAndBid(purse)
  const rival = await world.join()
  const other = await world.makePurse()
  rival.say(await other.show(rival))
  await rival.hear('ack')
  const { channelId } = purse.seat
  const proof = await other.prove(rival, 'release', { channelId })
  rival.say({ type: 'releaseRequest', channelId, proof, latest: null })
  await rival.whenClosed()
  expect(rival.heard.some(({ type }) => type === 'release')).toBe(false)
  await buyPiece(honest, purse, 0)
  expect(world.payee.getTotals().earned).toBe(PIECE_PRICE)
})

test('its own payer ends it on any wire, and the figure is what it promised', async () => {
  const purse = await world.makePurse()
  const peer = await world.joinAndBid(purse)
  await buyPiece(peer, purse, 0)
  peer.say({ type: 'bid', ratePerMiB: toAmount(0n) })
  const late = await world.join()
  const { channelId } = purse.seat
  const proof = await purse.prove(late, 'release')
  late.say({ type: 'releaseRequest', channelId, proof, latest: null })
  expect(await late.hear('release')).toMatchObject({ channelId, cumulative: PIECE_PRICE })
})
