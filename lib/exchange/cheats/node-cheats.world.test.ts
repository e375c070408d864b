/** A chain node that lies, lags, is silent or changes its mind, under a seller that serves a payer on a bare wire. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ChainError } from '../../base/index.ts'
import { toAmount } from '../../units/index.ts'
import {
  ASK,
  createSellerWorld,
  PIECE,
  PIECE_PRICE,
  roundTrips,
  type SellerWorld,
} from '../testing/seller-world.ts'

let world: SellerWorld

beforeEach(async () => {
  world = await createSellerWorld()
})
afterEach(() => world.close())

/** The node's answers about channels from now on. */
function answer(getChannel: SellerWorld['chain']['getChannel']): () => void {
  const honest = world.chain.getChannel
  world.chain.getChannel = getChannel
  return () => {
    world.chain.getChannel = honest
  }
}

const away = async (): Promise<never> => {
  throw new ChainError('unreachable', 'away')
}

test.each<[string, SellerWorld['chain']['getChannel']]>([
  ['is away', away],
  ['never answers', () => new Promise(() => undefined)],
  ['lags behind the opening', async () => ({ status: 'unknown' })],
  ['talks nonsense', async () => ({ status: 'open', signer: 'nobody' }) as never],
  ['names another signer', async () => ({ status: 'open', signer: world.payee.payee })],
])('a node that %s gives nobody credit', async (_, lie) => {
  const purse = await world.makePurse()
  answer(lie)
  const peer = await world.join()
  peer.say(await purse.show(peer))
  peer.say({ type: 'bid', ratePerMiB: ASK })
  peer.takePiece(0, PIECE)
  await roundTrips(peer)
  for (let second = 0; second < 10; second++) await world.advance(1_000)
  await roundTrips(peer)
  expect(peer.heard.some(({ type }) => type === 'ack')).toBe(false)
  expect(peer.receivedBytes).toBe(0)
})

test('a node that comes back gives the credit that it kept back', async () => {
  const purse = await world.makePurse()
  const heal = answer(away)
  const peer = await world.join()
  peer.say(await purse.show(peer))
  await roundTrips(peer)
  heal()
  for (let second = 0; second < 10; second++) await world.advance(1_000)
  expect((await peer.hear('ack')).windowBytes).toBe(2 * PIECE)
})

test('a node that is away for two looks stops nobody, for longer it stops the credit until it is back', async () => {
  const purse = await world.makePurse()
  const peer = await world.joinAndBid(purse)
  peer.takePiece(0, PIECE)
  await expect.poll(() => peer.receivedBytes).toBe(PIECE)
  const heal = answer(away)
  for (let look = 0; look < 2; look++) await world.advance(60_000)
  peer.say(await purse.pay(PIECE_PRICE))
  expect((await peer.hear('ack', 2)).windowBytes).toBe(4 * PIECE)
  await world.advance(60_000)
  await expect.poll(() => peer.heard.at(-1)).toMatchObject({ type: 'ack', windowBytes: 0 })
  heal()
  await world.advance(60_000)
  await expect.poll(() => peer.heard.at(-1)).toMatchObject({ type: 'ack', windowBytes: 4 * PIECE })
})

test('a node that calls a closing channel open again brings no credit back, and the voucher stays redeemable', async () => {
  const purse = await world.makePurse()
  const peer = await world.joinAndBid(purse)
  peer.takePiece(0, PIECE)
  await expect.poll(() => peer.receivedBytes).toBe(PIECE)
  peer.say(await purse.pay(PIECE_PRICE))
  await peer.hear('ack', 2)
  const { signer } = purse.seat.channel
  const heal = answer(async () => ({ status: 'closing', signer, closeAtSec: 9_999_999_999n }))
  await world.advance(60_000)
  expect((await peer.hear('reject')).code).toBe('closing')
  heal()
  await world.advance(60_000)
  peer.takePiece(1, PIECE)
  await roundTrips(peer)
  expect(peer.receivedBytes).toBe(PIECE)
  expect(world.payee.getTotals().redeemable).toBe(PIECE_PRICE)
})

test('a node that calls an open channel settled loses no voucher: it is due again when the truth is told', async () => {
  const purse = await world.makePurse()
  const peer = await world.joinAndBid(purse)
  peer.takePiece(0, PIECE)
  await expect.poll(() => peer.receivedBytes).toBe(PIECE)
  peer.say(await purse.pay(PIECE_PRICE))
  await peer.hear('ack', 2)
  const heal = answer(async () => ({ status: 'settled' }))
  await world.advance(60_000)
  await roundTrips(peer)
  heal()
  const due = await world.payee.listRedeemable()
  expect(due.map((seat) => seat.due)).toEqual([toAmount(PIECE_PRICE)])
})
