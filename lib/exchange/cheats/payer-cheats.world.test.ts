/** A payer that cheats, on a bare wire, against the real engine, exchange and account. What it gains is bounded. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BLOCK_BYTES, toAmount } from '../../units/index.ts'
import type { RawPeer } from '../testing/raw-wire.ts'
import {
  ASK,
  createSellerWorld,
  PIECE,
  PIECE_PRICE,
  type Purse,
  roundTrips,
  SELLING,
  type SellerWorld,
} from '../testing/seller-world.ts'

const MIB = 1_048_576
const WINDOW = 4 * PIECE
let world: SellerWorld

beforeEach(async () => {
  world = await createSellerWorld()
})
afterEach(() => world.close())

function takePieces(peer: RawPeer, pieces: number): void {
  for (let index = 0; index < pieces; index++) peer.takePiece(index, PIECE)
}

/** Bytes that come until the seller holds. */
async function takeAll(peer: RawPeer, pieces: number, expected: number): Promise<void> {
  for (let index = 0; index < pieces; index++) peer.takePiece(index % 16, PIECE)
  await expect.poll(() => peer.receivedBytes, { interval: 5 }).toBeGreaterThanOrEqual(expected)
  await roundTrips(peer)
}

async function payPieces(peer: RawPeer, purse: Purse, count: number): Promise<bigint> {
  let cumulative = 0n
  for (let index = 0; index < count; index++) {
    const before = peer.receivedBytes
    peer.takePiece(index % 16, PIECE)
    await expect.poll(() => peer.receivedBytes, { interval: 5 }).toBe(before + PIECE)
    cumulative += PIECE_PRICE
    const since = peer.heard.length
    peer.say(await purse.pay(cumulative))
    await peer.hear('ack', since)
  }
  return cumulative
}

describe('a false voucher', () => {
  test('that equals the last one pays for nothing', async () => {
    const purse = await world.makePurse()
    const peer = await world.joinAndBid(purse)
    const paid = await payPieces(peer, purse, 1)
    await takeAll(peer, 8, PIECE + WINDOW)
    const since = peer.heard.length
    peer.say(await purse.pay(paid))
    expect((await peer.hear('reject', since)).code).toBe('underpaid')
    await roundTrips(peer)
    expect(peer.receivedBytes).toBe(PIECE + WINDOW)
    expect(world.payee.getTotals().earned).toBe(paid)
  })

  test('that is below the last one pays for nothing', async () => {
    const purse = await world.makePurse()
    const peer = await world.joinAndBid(purse)
    const paid = await payPieces(peer, purse, 2)
    const since = peer.heard.length
    peer.say(await purse.pay(1n))
    expect((await peer.hear('reject', since)).code).toBe('underpaid')
    expect((await peer.hear('ack', since)).cumulative).toBe(paid)
    expect(world.payee.getTotals().earned).toBe(paid)
  })

  test('that is over the cap is refused and never kept', async () => {
    const purse = await world.makePurse({ cap: 3n * PIECE_PRICE })
    const peer = await world.joinAndBid(purse)
    peer.say(await purse.pay(3n * PIECE_PRICE + 1n))
    expect((await peer.hear('reject')).code).toBe('over-cap')
    expect(world.payee.getTotals().earned).toBe(0n)
  })

  test.each<[string, (purse: Purse) => ReturnType<Purse['pay']>]>([
    [
      'signed by a stranger',
      async (purse) => ({
        ...(await purse.pay(PIECE_PRICE)),
        signature: (await (await world.makePurse()).pay(PIECE_PRICE)).signature,
      }),
    ],
    ['signed for another amount', async (purse) => ({ ...(await purse.pay(1n)), cumulative: PIECE_PRICE })],
    [
      'signed for another chain',
      (purse) => purse.pay(PIECE_PRICE, {}, { ...world.chain.network, chainId: 728_126_428 }),
    ],
    [
      'signed for another contract',
      (purse) => purse.pay(PIECE_PRICE, {}, { ...world.chain.network, contract: world.payee.payee }),
    ],
  ])('%s drops the peer', async (_, cheat) => {
    const purse = await world.makePurse()
    const peer = await world.joinAndBid(purse)
    peer.say(await cheat(purse))
    await peer.whenClosed()
    expect(world.drops).toContain('bad-signature')
    expect(world.payee.getTotals().earned).toBe(0n)
  })

  test('of a channel that was not shown on the wire is refused', async () => {
    const purse = await world.makePurse()
    const other = await world.makePurse()
    const peer = await world.joinAndBid(purse)
    peer.say(await other.pay(PIECE_PRICE))
    expect((await peer.hear('reject')).code).toBe('not-open')
    expect(world.payee.getTotals().earned).toBe(0n)
  })

  test('sent a hundred times counts once', async () => {
    const purse = await world.makePurse()
    const peer = await world.joinAndBid(purse)
    const paid = await payPieces(peer, purse, 1)
    await takeAll(peer, 8, PIECE + WINDOW)
    const again = await purse.pay(paid + PIECE_PRICE)
    for (let i = 0; i < 100; i++) peer.say(again)
    await expect.poll(() => peer.receivedBytes).toBe(2 * PIECE + WINDOW)
    await roundTrips(peer)
    expect(peer.receivedBytes).toBe(2 * PIECE + WINDOW)
    expect(world.payee.getTotals().earned).toBe(paid + PIECE_PRICE)
  })
})

describe('a seat that is no money', () => {
  test('because its channel was never opened gets no credit and is refused after a minute', async () => {
    const purse = await world.makePurse({ isOpen: false })
    const peer = await world.join()
    peer.say(await purse.show(peer))
    peer.say({ type: 'bid', ratePerMiB: ASK })
    await peer.hear('reject')
    peer.takePiece(0, PIECE)
    await roundTrips(peer)
    const since = peer.heard.length
    for (let second = 0; second < 65; second++) await world.advance(1_000)
    expect(await peer.hear('reject', since)).toMatchObject({ code: 'not-open' })
    expect(peer.heard.filter(({ type }) => type === 'ack')).toEqual([])
    expect(peer.receivedBytes).toBe(0)
  })

  test('because its channel is closing is refused', async () => {
    const purse = await world.makePurse()
    const { channel } = purse.seat
    await world.chain.send(
      { kind: 'startClose', channel },
      { address: channel.payer, signTransaction: async (one) => one },
    )
    const peer = await world.join()
    peer.say(await purse.show(peer))
    expect((await peer.hear('reject')).code).toBe('closing')
  })

  test('because it is another seller’s is refused', async () => {
    const purse = await world.makePurse({ payee: world.chain.network.token })
    const peer = await world.join()
    peer.say(await purse.show(peer))
    expect((await peer.hear('reject')).code).toBe('wrong-payee')
  })

  test('because its proof leads elsewhere is refused', async () => {
    const purse = await world.makePurse()
    const other = await world.makePurse({ cap: 500n * PIECE_PRICE })
    const peer = await world.join()
    const bent = { ...purse.seat, path: other.seat.path, leaf: other.seat.leaf }
    peer.say({ ...(await purse.show(peer)), seat: bent })
    expect((await peer.hear('reject')).code).toBe('bad-proof')
  })

  test('as the chain no longer knows its channel gets no more credit, and gets it back when it is there again', async () => {
    const purse = await world.makePurse()
    const peer = await world.joinAndBid(purse)
    await payPieces(peer, purse, 1)
    const { getChannel } = world.chain
    world.chain.getChannel = async () => ({ status: 'unknown' })
    await world.advance(60_000)
    await expect.poll(() => peer.heard.at(-1)).toMatchObject({ type: 'reject', code: 'not-open' })
    const before = peer.receivedBytes
    peer.takePiece(3, PIECE)
    await roundTrips(peer)
    expect(peer.receivedBytes).toBe(before)
    world.chain.getChannel = getChannel
    await world.advance(60_000)
    await expect.poll(() => peer.receivedBytes).toBe(before + PIECE)
  })
})

describe('a payer that never means to pay', () => {
  test('and comes back under new ids gets two pieces each time, until the seat’s bound', async () => {
    const purse = await world.makePurse()
    for (let visit = 0; visit < 4; visit++) {
      const peer = await world.joinAndBid(purse)
      takePieces(peer, 6)
      await expect.poll(() => peer.receivedBytes, { interval: 5 }).toBe(2 * PIECE)
      await roundTrips(peer)
      expect(peer.receivedBytes).toBe(2 * PIECE)
      await peer.close()
    }
  })

  test('and comes on many wires at once gets no more than the seat’s bound', async () => {
    const purse = await world.makePurse()
    const first = await world.joinAndBid(purse)
    const paid = await payPieces(first, purse, 1)
    const voucher = await purse.pay(paid, { amount: toAmount(0n), lengthBytes: 0 })
    let taken = 0
    const boundBytes = 16 * MIB + PIECE / 16
    const wires = 24
    while (taken < boundBytes - BLOCK_BYTES) {
      const peers = await Promise.all(Array.from({ length: wires }, () => world.joinAndBid(purse)))
      for (const peer of peers) {
        peer.say(voucher)
        takePieces(peer, 6)
      }
      const sum = (): number => peers.reduce((total, { receivedBytes }) => total + receivedBytes, 0)
      const expected = Math.min(wires * WINDOW, boundBytes - BLOCK_BYTES - taken)
      await expect.poll(sum, { timeout: 20_000 }).toBeGreaterThanOrEqual(expected)
      taken += sum()
      await Promise.all(peers.map((peer) => peer.close()))
    }
    // A block may be on its way on each wire when the bound is reached.
    expect(taken).toBeLessThanOrEqual(boundBytes + wires * BLOCK_BYTES)
    const late = await world.joinAndBid(purse)
    late.say(voucher)
    takePieces(late, 2)
    await roundTrips(late, 20)
    expect(late.receivedBytes).toBeLessThanOrEqual(BLOCK_BYTES)
  }, 60_000)
})

describe('a price that is too low', () => {
  test('bid first does not make what a good bid asks for cheap', async () => {
    const purse = await world.makePurse()
    const peer = await world.joinAndBid(purse, 1n)
    peer.say({ type: 'bid', ratePerMiB: ASK })
    await takeAll(peer, 1, PIECE)
    const since = peer.heard.length
    peer.say(await purse.pay(1n, { amount: toAmount(1n) }))
    expect((await peer.hear('reject', since)).code).toBe('underpaid')
  })

  test('is not bought by paying before any bid', async () => {
    const purse = await world.makePurse()
    const peer = await world.join()
    peer.say(await purse.show(peer))
    await peer.hear('ack')
    peer.say(await purse.pay(1n, { amount: toAmount(0n), lengthBytes: WINDOW }))
    expect((await peer.hear('reject')).code).toBe('underpaid')
    peer.say({ type: 'bid', ratePerMiB: ASK })
    await takeAll(peer, 12, WINDOW)
    expect(peer.receivedBytes).toBe(WINDOW)
  })

  test('is not kept for ever by bidding again and again', async () => {
    const purse = await world.makePurse()
    const peer = await world.joinAndBid(purse)
    let cumulative = await payPieces(peer, purse, 1)
    world.sell({ ...SELLING, askPerMiB: toAmount(2n * ASK) })
    let cheap = 0
    for (let piece = 0; piece < 12; piece++) {
      peer.say({ type: 'bid', ratePerMiB: toAmount(2n * ASK + BigInt(piece % 2)) })
      const before = peer.receivedBytes
      peer.takePiece(piece, PIECE)
      await expect.poll(() => peer.receivedBytes).toBe(before + PIECE)
      const since = peer.heard.length
      peer.say(await purse.pay(cumulative + PIECE_PRICE))
      await peer.hear('ack', since)
      await roundTrips(peer, 1)
      cumulative += PIECE_PRICE
      if (peer.heard.slice(since).some((each) => each.type === 'reject' && each.code === 'underpaid')) break
      cheap += 1
    }
    // Twice the window of four pieces.
    expect(cheap).toBe(8)
  })
})

describe('a peer that floods', () => {
  test('with messages is dropped', async () => {
    const peer = await world.join()
    for (let i = 0; i < 1_200; i++) peer.say(new TextEncoder().encode('d1:t3:yope'))
    await peer.whenClosed()
    expect(world.drops).toContain('flood')
  })

  test('with seats that no chain knows has four looked up at once, and is dropped when they never come', async () => {
    const peer = await world.join()
    const busy = () => peer.heard.filter((each) => each.type === 'reject' && each.code === 'busy')
    // Never so many at once that they are a flood before they are read.
    for (const shown of [8, 17]) {
      for (let i = shown === 8 ? 0 : 8; i < shown; i++)
        peer.say(await (await world.makePurse({ isOpen: false })).show(peer))
      await expect.poll(() => busy().length).toBe(shown - 4)
    }
    for (let second = 0; second < 70; second++) await world.advance(1_000)
    await peer.whenClosed()
    expect(world.drops).toContain('missing-seats')
  })

  test.each<[string, Uint8Array]>([
    ['a message over 16 KiB', new Uint8Array(16_385).fill(0x6c)],
    ['a message over a mebibyte', new Uint8Array(1_048_577).fill(0x6c)],
    ['lists within lists', new TextEncoder().encode(`${'l'.repeat(8_000)}${'e'.repeat(8_000)}`)],
    ['a string longer than the message', new TextEncoder().encode('d1:t999999999999:pay')],
    ['a number with a leading zero', new TextEncoder().encode('d5:bytesi007e1:t3:paye')],
    ['keys out of order', new TextEncoder().encode('d1:t3:bid4:rate1:0e')],
    ['nothing', new Uint8Array(0)],
  ])('or sends %s is dropped', async (_, payload) => {
    const peer = await world.join()
    peer.say(payload)
    await peer.whenClosed()
    expect(world.drops.length).toBeGreaterThan(0)
  })
})
