/** The whole exchange over joined wires. Long on purpose: every case shares one small world, and reads as one list of behaviours. */
import { describe, expect, test } from 'vitest'
import { BLOCK_BYTES, priceOf, toAmount } from '../units/index.ts'
import { createExchange, type Exchange } from './exchange.ts'
import type { Selling } from './seller/quotes.ts'
import {
  ASK,
  createFakeClock,
  createFakePayee,
  createFakePayer,
  DOMAIN,
  FAKE_SELLER,
  fakeAddress,
  fakeHash,
  fakeSeat,
  INFO_HASH,
  joinWires,
  PAYEE,
  proveFakeSeat,
} from './testing/world.ts'
import { encodeMessage } from './wire/codec.ts'

const PIECE = 262_144
const BTT = 10n ** 18n
const SELLING: Selling = { askPerMiB: ASK, freeAllowanceBytes: 0, freeBytesPerSec: 0, relayFrom: null }

function createWorld(
  options: { cap?: bigint; maxAsk?: bigint; selling?: Selling | null; domain?: typeof DOMAIN } = {},
) {
  const clock = createFakeClock()
  const payee = createFakePayee(PAYEE)
  const payer = createFakePayer(
    [fakeSeat(PAYEE, toAmount(options.cap ?? 100n * BTT))],
    toAmount(options.maxAsk ?? ASK),
  )
  const base = {
    domain: DOMAIN,
    torrentName: () => 'film',
    clock,
  }
  const seller = createExchange({
    ...base,
    payer: null,
    payee,
    selling: options.selling === undefined ? SELLING : options.selling,
  })
  const buyer = createExchange({
    ...base,
    payer,
    payee: null,
    selling: null,
    domain: options.domain ?? DOMAIN,
  })
  return { clock, payee, payer, seller, buyer }
}

async function joined(buyer: Exchange, seller: Exchange) {
  const wires = joinWires(buyer, seller)
  await wires.settle()
  return wires
}

describe('a paid piece', () => {
  test('is paid once verified, and both sides count the same', async () => {
    const { payee, payer, buyer, seller } = createWorld()
    const wires = await joined(buyer, seller)
    for (const piece of [0, 1, 2, 3, 4, 5]) {
      wires.requestPiece(piece)
      await wires.settle()
    }
    expect(wires.drops).toEqual([])
    expect(wires.verifiedPieces()).toEqual([0, 1, 2, 3, 4, 5])
    expect(payee.total()).toBe(6n * priceOf(PIECE, ASK))
    expect(payer.vouchers.map(({ reason }) => reason.pieceIndex)).toEqual([0, 1, 2, 3, 4, 5])
    expect(payee.received.map(({ reason }) => reason)).toEqual(payer.vouchers.map(({ reason }) => reason))
    expect(buyer.getPeerMoney(wires.sellerKey)).toMatchObject({
      status: 'paying',
      paid: payee.total(),
      paidPieces: 6,
      paidBytes: 6 * PIECE,
    })
    expect(seller.getPeerMoney(wires.buyerKey)).toEqual({
      status: 'buyer',
      earned: payee.total(),
      paidBytes: 6 * PIECE,
      unpaidBytes: 0,
    })
  })

  test('flows with as many under way as the window allows', async () => {
    const { payee, buyer, seller } = createWorld()
    const wires = await joined(buyer, seller)
    wires.requestPiece(0)
    await wires.settle()
    expect(wires.buyer.maxPaidPiecesUnderWay()).toBe(3)
    for (const piece of [1, 2, 3]) wires.requestPiece(piece)
    await wires.settle()
    expect(wires.verifiedPieces()).toHaveLength(4)
    expect(payee.total()).toBe(4n * priceOf(PIECE, ASK))
  })

  test('that fails its hash is not paid, whatever else its wire had delivered', async () => {
    const { payee, buyer, seller } = createWorld()
    const wires = await joined(buyer, seller)
    wires.requestPiece(0)
    await wires.settle()
    wires.requestPiece(1, true)
    await wires.settle()
    expect(wires.verifiedPieces()).toEqual([0])
    expect(payee.total()).toBe(priceOf(PIECE, ASK))
    expect(wires.drops).toEqual([])
  })
})

describe('the credit window', () => {
  test('holds blocks once unpaid credit reaches two pieces before the first voucher', async () => {
    const { buyer, seller } = createWorld()
    const wires = await joined(buyer, seller)
    let served = 0
    while (wires.seller.gate({ blockClass: 'paid', lengthBytes: BLOCK_BYTES }) === 'serve' && served < 1000) {
      wires.seller.onBlockSent({ blockClass: 'paid', lengthBytes: BLOCK_BYTES })
      served += 1
    }
    expect(served * BLOCK_BYTES).toBe(2 * PIECE)
  })

  test('is four pieces after a voucher, and a buyer that stops paying gets no more', async () => {
    const { buyer, seller, clock } = createWorld()
    const wires = await joined(buyer, seller)
    wires.requestPiece(0)
    await wires.settle()
    let served = 0
    while (wires.seller.gate({ blockClass: 'paid', lengthBytes: BLOCK_BYTES }) === 'serve' && served < 1000) {
      wires.seller.onBlockSent({ blockClass: 'paid', lengthBytes: BLOCK_BYTES })
      served += 1
    }
    expect(served * BLOCK_BYTES).toBe(4 * PIECE)
    for (let round = 0; round < 10; round++) {
      clock.advance(2_500)
      while (
        wires.seller.gate({ blockClass: 'paid', lengthBytes: BLOCK_BYTES }) === 'serve' &&
        served < 1000
      ) {
        wires.seller.onBlockSent({ blockClass: 'paid', lengthBytes: BLOCK_BYTES })
        served += 1
      }
    }
    expect(served * BLOCK_BYTES).toBeLessThanOrEqual(5 * PIECE + PIECE / 16)
  })

  test('gives no credit to who comes back again and again without paying', async () => {
    const { buyer, seller } = createWorld()
    let taken = 0
    for (let visit = 0; visit < 60; visit++) {
      const wires = await joined(buyer, seller)
      for (let block = 0; block < 32; block++) {
        if (wires.seller.gate({ blockClass: 'paid', lengthBytes: BLOCK_BYTES }) === 'hold') break
        wires.seller.onBlockSent({ blockClass: 'paid', lengthBytes: BLOCK_BYTES })
        taken += BLOCK_BYTES
      }
      wires.close()
    }
    expect(taken).toBeLessThanOrEqual(16 * 1_048_576 + 2 * PIECE)
  })
})

describe('money that ends or never comes', () => {
  test('a seat too small for another piece turns the wire free, and the last piece is paid', async () => {
    const { payee, buyer, seller } = createWorld({ cap: 2n * priceOf(PIECE, ASK) })
    const wires = await joined(buyer, seller)
    for (const piece of [0, 1]) {
      wires.requestPiece(piece)
      await wires.settle()
    }
    expect(wires.buyer.getDownloadClass()).toBe('free')
    expect(wires.seller.getUploadClass()).toBe('free')
    expect(payee.total()).toBe(2n * priceOf(PIECE, ASK))
    expect(buyer.getPeerMoney(wires.sellerKey)).toMatchObject({ status: 'exhausted', paidPieces: 2 })
  })

  test('a seat that just covers the last piece buys it, whatever blocks were wasted on the way', async () => {
    const price = priceOf(PIECE, ASK)
    const { clock, payee, buyer, seller } = createWorld({ cap: toAmount(2n * price + price / 5n) })
    const wires = await joined(buyer, seller)
    wires.requestPiece(0)
    await wires.settle()
    for (let block = 0; block < 4; block++) {
      wires.seller.onBlockSent({ blockClass: 'paid', lengthBytes: BLOCK_BYTES })
    }
    wires.requestPiece(1)
    await wires.settle()
    expect(wires.heldBlocks()).toBe(1)
    clock.advance(4_000)
    await wires.settle()
    expect(payee.total()).toBe(2n * price)
    expect(buyer.getPeerMoney(wires.sellerKey).status).toBe('exhausted')
  })

  test('goes on in the next seat when the payer has one', async () => {
    const { payee, payer, buyer, seller } = createWorld({ cap: priceOf(PIECE, ASK) })
    const wires = await joined(buyer, seller)
    wires.requestPiece(0)
    await wires.settle()
    payer.addSeat(fakeSeat(PAYEE, toAmount(50n * BTT), 2))
    await wires.settle()
    wires.requestPiece(1)
    await wires.settle()
    expect(payee.total()).toBe(2n * priceOf(PIECE, ASK))
    expect(wires.drops).toEqual([])
  })

  test('a seller that takes the bid and sends nothing is asked for free blocks, and bid to again later', async () => {
    const { clock, payee, buyer, seller } = createWorld({
      selling: { ...SELLING, freeAllowanceBytes: 2 * PIECE },
    })
    const wires = await joined(buyer, seller)
    // The trial of two pieces, and the one that is forgiven.
    for (let block = 0; block < (3 * PIECE) / BLOCK_BYTES; block++) {
      wires.seller.onBlockSent({ blockClass: 'paid', lengthBytes: BLOCK_BYTES })
    }
    wires.requestPiece(0)
    await wires.settle()
    expect(wires.heldBlocks()).toBeGreaterThan(0)
    wires.silentMs = 11_000
    for (let check = 0; check < 5; check++) {
      expect(buyer.getPeerMoney(wires.sellerKey).status).toBe('paying')
      clock.advance(2_000)
      await wires.settle()
    }
    expect(buyer.getPeerMoney(wires.sellerKey).status).toBe('stalled')
    expect(wires.verifiedPieces()).toEqual([0])
    expect(payee.total()).toBe(0n)
    expect(wires.buyer.getDownloadClass()).toBe('free')
    clock.advance(30_000)
    await wires.settle()
    expect(wires.buyer.getDownloadClass()).toBe('paid')
    expect(wires.drops).toEqual([])
  })

  test('a wire that lost its first piece on the way, before any voucher, gets it all the same', async () => {
    const { clock, payee, buyer, seller } = createWorld()
    const wires = await joined(buyer, seller)
    for (let block = 0; block < (3 * PIECE) / 2 / BLOCK_BYTES; block++) {
      wires.seller.onBlockSent({ blockClass: 'paid', lengthBytes: BLOCK_BYTES })
    }
    wires.requestPiece(0)
    await wires.settle()
    expect(wires.heldBlocks()).toBeGreaterThan(0)
    clock.advance(2_000)
    await wires.settle()
    expect(payee.total()).toBe(priceOf(PIECE, ASK))
    expect(wires.drops).toEqual([])
  })

  test('a seller that drips a block now and then is asked for free blocks all the same', async () => {
    const { clock, payee, buyer, seller } = createWorld()
    const wires = await joined(buyer, seller)
    for (let block = 0; block < (3 * PIECE) / BLOCK_BYTES - 4; block++) {
      wires.seller.onBlockSent({ blockClass: 'paid', lengthBytes: BLOCK_BYTES })
    }
    wires.requestPiece(0)
    await wires.settle()
    wires.silentMs = 1
    for (let check = 0; check < 6; check++) {
      clock.advance(2_000)
      await wires.settle()
    }
    expect(buyer.getPeerMoney(wires.sellerKey).status).toBe('stalled')
    expect(wires.buyer.getDownloadClass()).toBe('free')
    expect(payee.total()).toBe(0n)
  })

  test('the payer’s own account is named, forgotten as a seller and paid no more; another one pays again', async () => {
    const { payer, payee, buyer, seller } = createWorld()
    const wires = await joined(buyer, seller)
    payer.setAccount(PAYEE)
    await wires.settle()
    expect(buyer.getPeerMoney(wires.sellerKey)).toEqual({ status: 'own', payee: PAYEE })
    expect(payer.offers.at(-1)).toBe(`forget ${PAYEE}`)
    wires.requestPiece(0)
    await wires.settle()
    expect(payee.total()).toBe(0n)
    payer.setAccount(fakeAddress(50))
    await wires.settle()
    wires.requestPiece(1)
    await wires.settle()
    expect(payee.total()).toBe(priceOf(PIECE, ASK))
    expect(wires.drops).toEqual([])
  })

  test('a seller above the maximum is shown as too dear and never paid', async () => {
    const { payee, payer, buyer, seller } = createWorld({ maxAsk: ASK - 1n })
    const wires = await joined(buyer, seller)
    expect(buyer.getPeerMoney(wires.sellerKey)).toEqual({
      status: 'quoted',
      payee: PAYEE,
      askPerMiB: ASK,
      tooDear: true,
    })
    expect(wires.buyer.getDownloadClass()).toBe('free')
    expect(payer.offers).toEqual([])
    expect(payee.total()).toBe(0n)
  })

  test('stop paying makes the next requests free and still pays what was verified', async () => {
    const { payer, buyer, seller } = createWorld()
    const wires = await joined(buyer, seller)
    expect(wires.buyer.getDownloadClass()).toBe('paid')
    payer.setPaying(false)
    expect(wires.buyer.getDownloadClass()).toBe('free')
    await wires.settle()
    expect(wires.seller.getUploadClass()).toBe('free')
  })

  test('a peer on another contract is an ordinary free peer', async () => {
    const { buyer, seller } = createWorld({ domain: { chainId: 1, contract: fakeAddress(9) } })
    const wires = await joined(buyer, seller)
    expect(wires.buyer.getDownloadClass()).toBe('free')
    expect(buyer.getPeerMoney(wires.sellerKey).status).toBe('refused')
    expect(wires.drops).toEqual([])
  })
})

describe('the seat', () => {
  test('is checked again while the chain does not know it, and refused after a minute', async () => {
    const { clock, payee, buyer, seller } = createWorld()
    payee.chain = 'pending'
    const wires = await joined(buyer, seller)
    expect(buyer.getPeerMoney(wires.sellerKey).status).toBe('opening')
    for (let second = 0; second < 70; second++) {
      clock.advance(1_000)
      await wires.settle()
      if (second === 55) expect(buyer.getPeerMoney(wires.sellerKey).status).toBe('opening')
    }
    expect(buyer.getPeerMoney(wires.sellerKey)).toMatchObject({ status: 'refused' })
    payee.chain = 'accepted'
    clock.advance(16_000)
    await wires.settle()
    expect(buyer.getPeerMoney(wires.sellerKey).status).toBe('paying')
  })

  test('that starts closing gets no more credit', async () => {
    const { clock, payee, buyer, seller } = createWorld()
    const wires = await joined(buyer, seller)
    expect(wires.seller.gate({ blockClass: 'paid', lengthBytes: BLOCK_BYTES })).toBe('serve')
    payee.chain = 'closing'
    clock.advance(60_000)
    await wires.settle()
    expect(wires.seller.gate({ blockClass: 'paid', lengthBytes: BLOCK_BYTES })).toBe('hold')
    expect(buyer.getPeerMoney(wires.sellerKey).status).toBe('refused')
    expect(wires.buyer.getDownloadClass()).toBe('free')
  })

  test('that a reorganisation took away gets no more credit until it is on the chain again', async () => {
    const { clock, payee, buyer, seller } = createWorld()
    const wires = await joined(buyer, seller)
    const gate = () => wires.seller.gate({ blockClass: 'paid', lengthBytes: BLOCK_BYTES })
    payee.chain = 'gone'
    clock.advance(60_000)
    await wires.settle()
    expect(gate()).toBe('hold')
    expect(buyer.getPeerMoney(wires.sellerKey).status).toBe('refused')
    payee.chain = 'accepted'
    clock.advance(16_000)
    await wires.settle()
    expect(buyer.getPeerMoney(wires.sellerKey).status).toBe('paying')
    expect(gate()).toBe('serve')
    wires.requestPiece(0)
    await wires.settle()
    expect(payee.total()).toBe(priceOf(PIECE, ASK))
  })

  test('is agreed by the highest voucher after a lost wire', async () => {
    const { payee, payer, buyer, seller } = createWorld()
    const price = priceOf(PIECE, ASK)
    await payer.pay(FAKE_SELLER, price, {
      infoHash: INFO_HASH,
      torrentName: 'film',
      pieceIndex: 0,
      lengthBytes: PIECE,
      memo: null,
    })
    const wires = await joined(buyer, seller)
    expect(payee.total()).toBe(price)
    wires.requestPiece(1)
    await wires.settle()
    expect(payee.total()).toBe(2n * price)
  })
})

describe('a seat that is not on the chain yet', () => {
  test('is opened once by a seller that relays, then paid', async () => {
    const clock = createFakeClock()
    const payee = createFakePayee(PAYEE)
    payee.chain = 'pending'
    const payer = createFakePayer([
      {
        ...fakeSeat(PAYEE, toAmount(100n * BTT)),
        opening: { signature: `0x${'11'.repeat(65)}`, note: '0x' },
      },
    ])
    const opened: string[] = []
    const base = { domain: DOMAIN, torrentName: () => 'film', clock }
    const seller = createExchange({
      ...base,
      payer: null,
      payee,
      selling: { ...SELLING, relayFrom: toAmount(1n) },
      relayOpen: async ({ channelId }) => {
        opened.push(channelId)
        payee.chain = 'accepted'
      },
    })
    const buyer = createExchange({ ...base, payer, payee: null, selling: null })
    const wires = await joined(buyer, seller)
    expect(opened).toEqual([fakeHash(1)])
    wires.requestPiece(0)
    await wires.settle()
    expect(payee.total()).toBe(priceOf(PIECE, ASK))
  })
})

describe('several wires of one seat', () => {
  test('share its money, and vouchers that overtake each other pay for their own bytes', async () => {
    const { payee, payer, buyer, seller } = createWorld()
    const wires = await Promise.all([1, 2, 3].map(() => joined(buyer, seller)))
    for (const piece of [0, 1, 2, 3]) {
      for (const wire of wires) wire.requestPiece(piece)
      await Promise.all(wires.map((wire) => wire.settle()))
    }
    expect(wires.flatMap(({ drops }) => drops)).toEqual([])
    expect(payee.total()).toBe(12n * priceOf(PIECE, ASK))
    expect(payer.vouchers).toHaveLength(12)
    for (const wire of wires) {
      expect(seller.getPeerMoney(wire.buyerKey)).toMatchObject({ paidBytes: 4 * PIECE, unpaidBytes: 0 })
    }
  })

  test('that is used up stops all of them, and nothing spins', async () => {
    const { payee, buyer, seller } = createWorld({ cap: 4n * priceOf(PIECE, ASK) })
    const wires = await Promise.all([1, 2, 3].map(() => joined(buyer, seller)))
    for (const piece of [0, 1, 2]) {
      for (const wire of wires) wire.requestPiece(piece)
      await Promise.all(wires.map((wire) => wire.settle()))
    }
    expect(payee.total()).toBe(4n * priceOf(PIECE, ASK))
    expect(wires.map(({ buyer: session }) => session.getDownloadClass())).toEqual(['free', 'free', 'free'])
  })
})

describe('tips and settlement', () => {
  test('pieces under way are paid before releases are asked for, and no voucher follows', async () => {
    const { clock, payee, payer, buyer, seller } = createWorld()
    const wires = await joined(buyer, seller)
    wires.requestPiece(0)
    const finishing = buyer.finishPieces(5_000)
    expect(wires.buyer.maxPaidPiecesUnderWay()).toBe(0)
    await wires.settle()
    clock.advance(50)
    await finishing
    expect(payee.total()).toBe(priceOf(PIECE, ASK))

    const collecting = buyer.collectReleases([fakeHash(1)], 5_000)
    wires.requestPiece(1)
    await Promise.all([collecting, wires.settle()])
    expect(payer.releases).toEqual([fakeHash(1)])
    expect(payer.vouchers).toHaveLength(1)
    expect(payee.total()).toBe(priceOf(PIECE, ASK))
  })

  test('a piece that never comes whole holds no settlement up', async () => {
    const { clock, payee, buyer, seller } = createWorld()
    const wires = await joined(buyer, seller)
    payee.chain = 'closing'
    clock.advance(60_000)
    await wires.settle()
    wires.requestPiece(0)
    let isOver = false
    const finishing = buyer.finishPieces(3_000).then(() => {
      isOver = true
    })
    await wires.settle()
    expect(isOver).toBe(false)
    clock.advance(3_000)
    await finishing
    expect(isOver).toBe(true)
  })

  test('a tip is paid with its memo and covers no bytes', async () => {
    const { payee, buyer, seller } = createWorld()
    const wires = await joined(buyer, seller)
    expect(await buyer.tip(wires.sellerKey, toAmount(5n * BTT), 'thank you')).toEqual({ status: 'sent' })
    await wires.settle()
    expect(payee.received.at(-1)).toMatchObject({
      delta: 5n * BTT,
      reason: { memo: 'thank you', pieceIndex: null, lengthBytes: 0 },
    })
    expect(buyer.getPeerMoney(wires.sellerKey)).toMatchObject({ tipped: 5n * BTT, paid: 0n })
    expect(await buyer.tip(wires.sellerKey, toAmount(1000n * BTT), '')).toMatchObject({ code: 'too-little' })
  })

  test('release comes back for each channel and ends the credit', async () => {
    const { payer, buyer, seller, clock } = createWorld()
    const wires = await joined(buyer, seller)
    wires.requestPiece(0)
    await wires.settle()
    await Promise.all([buyer.collectReleases([fakeHash(1)], 5_000), wires.settle()])
    expect(payer.releases).toEqual([fakeHash(1)])
    expect(wires.seller.gate({ blockClass: 'paid', lengthBytes: BLOCK_BYTES })).toBe('hold')
    const waiting = buyer.collectReleases([fakeHash(9)], 5_000)
    clock.advance(5_000)
    await waiting
  })

  test('a release that was lost on the way comes again, also when the payer promised more since', async () => {
    const { payee, payer, buyer, seller } = createWorld()
    const wires = await joined(buyer, seller)
    wires.requestPiece(0)
    await wires.settle()
    const { acceptVoucher } = payee
    payee.acceptVoucher = async (voucher, reason) => {
      const verdict = await acceptVoucher(voucher, reason)
      return verdict.status === 'accepted'
        ? { status: 'refused', code: 'closing', cumulative: verdict.cumulative }
        : verdict
    }
    await payer.pay(FAKE_SELLER, toAmount(1n), {
      infoHash: INFO_HASH,
      torrentName: 'film',
      pieceIndex: 1,
      lengthBytes: 1,
      memo: null,
    })
    await Promise.all([buyer.collectReleases([fakeHash(1)], 5_000), wires.settle()])
    expect(payer.releases).toEqual([fakeHash(1)])
  })

  test('a stranger cannot ask for a release', async () => {
    const { buyer, seller } = createWorld()
    const wires = await joined(buyer, seller)
    wires.requestPiece(0)
    await wires.settle()
    const proof = proveFakeSeat({
      channelId: fakeHash(1),
      ...FAKE_SELLER,
      infoHash: INFO_HASH,
      nonce: fakeHash(3),
      purpose: 'release',
    })
    const request = { type: 'releaseRequest', channelId: fakeHash(1), proof, latest: null } as const
    wires.seller.onMessage(encodeMessage(request))
    await wires.settle()
    expect(wires.drops).toEqual(['seller: bad-proof'])
    const later = await joined(buyer, seller)
    expect(later.seller.gate({ blockClass: 'paid', lengthBytes: BLOCK_BYTES })).toBe('serve')
  })
})

describe('a peer of another version', () => {
  test.each([
    [1, { status: 'free' }],
    [3, { status: 'refused', payee: null, reason: expect.stringContaining('reload the page') }],
  ])('%i is served free, and a later one says that this page is old', async (v, money) => {
    const { buyer } = createWorld()
    const link = {
      ...{ peerKey: 'other' as never, infoHash: INFO_HASH, pieceLengthBytes: () => PIECE },
      ...{ send: () => undefined, drop: () => expect.unreachable(), wakeUploads: () => undefined },
      ...{ silentMs: () => 0, ownedPieces: () => 0, receivedBytes: () => 0, recallRequests: () => undefined },
    }
    const session = buyer.extension.attach(link)
    session.onHandshake({ v, chain: DOMAIN.chainId, contract: new Uint8Array(20), hubs: ['later'] })
    expect(buyer.getPeerMoney(link.peerKey)).toEqual(money)
    expect(session.getUploadClass()).toBe('free')
  })
})

describe('rules of the wire', () => {
  const cases: [string, 'buyer' | 'seller', Uint8Array, string][] = [
    ['a malformed message', 'seller', new TextEncoder().encode('d1:t3:paye'), 'malformed'],
    [
      'an ack above what we promised',
      'buyer',
      encodeMessage({
        type: 'ack',
        channelId: fakeHash(1),
        cumulative: toAmount(1n),
        paidBytes: 0,
        windowBytes: 1,
      }),
      'bogus-ack',
    ],
    [
      'a payment for bytes never sent',
      'seller',
      encodeMessage({
        type: 'pay',
        channelId: fakeHash(1),
        cumulative: toAmount(1n),
        signature: `0x${'00'.repeat(65)}`,
        amount: toAmount(1n),
        lengthBytes: 2 ** 40,
        pieceIndex: 0,
        tipMemo: null,
      }),
      'bytes-not-served',
    ],
    [
      'a voucher that somebody else signed',
      'seller',
      encodeMessage({
        type: 'pay',
        channelId: fakeHash(1),
        cumulative: toAmount(1n),
        signature: `0x${'00'.repeat(65)}`,
        amount: toAmount(1n),
        lengthBytes: 0,
        pieceIndex: null,
        tipMemo: null,
      }),
      'bad-signature',
    ],
  ]
  test.each(cases)('%s drops the %s’s peer', async (_, side, payload, code) => {
    const { buyer, seller } = createWorld()
    const wires = await joined(buyer, seller)
    wires[side].onMessage(payload)
    await wires.settle()
    expect(wires.drops).toEqual([`${side}: ${code}`])
  })

  test('a flood drops the peer', async () => {
    const { buyer, seller } = createWorld()
    const wires = await joined(buyer, seller)
    const payload = new TextEncoder().encode('d1:t3:yope')
    for (let i = 0; i < 1_100; i++) wires.seller.onMessage(payload)
    expect(wires.drops).toEqual(['seller: flood'])
  })
})

describe('who does not pay', () => {
  test('gets the allowance, then the trickle, and is never cut off', async () => {
    const { clock, seller } = createWorld({
      selling: { ...SELLING, freeAllowanceBytes: PIECE, freeBytesPerSec: 65_536 },
    })
    const stock = createExchange({
      domain: { chainId: 1, contract: fakeAddress(1) },
      payer: null,
      payee: null,
      selling: null,
      torrentName: () => '',
      clock,
    })
    const wires = await joined(stock, seller)
    for (const piece of [0, 1, 2, 3]) wires.requestPiece(piece)
    await wires.settle()
    expect(wires.verifiedPieces()).toEqual([0])
    const heldAtFirst = wires.heldBlocks()
    expect(heldAtFirst).toBeGreaterThan(0)
    for (let second = 0; second < 4; second++) {
      clock.advance(1_000)
      await wires.settle()
    }
    const trickledBytes = (heldAtFirst - wires.heldBlocks()) * BLOCK_BYTES
    expect(trickledBytes).toBeGreaterThanOrEqual(3 * 65_536)
    expect(trickledBytes).toBeLessThanOrEqual(4 * 65_536 + 131_072)
    expect(wires.drops).toEqual([])
  })

  test('is served everything where nothing is sold', async () => {
    const { buyer, seller } = createWorld({ selling: null })
    const wires = await joined(buyer, seller)
    for (const piece of [0, 1, 2, 3]) wires.requestPiece(piece)
    await wires.settle()
    expect(wires.verifiedPieces()).toHaveLength(4)
    expect(buyer.getPeerMoney(wires.sellerKey)).toEqual({ status: 'free' })
  })
})

describe('wallets that come later', () => {
  test('a seller that starts selling quotes on living wires, and a payer that comes later pays', async () => {
    const { payer, payee, buyer, seller } = createWorld({ selling: null })
    buyer.setPayer(null)
    const wires = await joined(buyer, seller)
    seller.setSelling(SELLING)
    await wires.settle()
    expect(buyer.getPeerMoney(wires.sellerKey)).toMatchObject({ status: 'quoted', tooDear: false })
    buyer.setPayer(payer)
    await wires.settle()
    wires.requestPiece(0)
    await wires.settle()
    expect(payee.total()).toBe(priceOf(PIECE, ASK))
    // Once met, and once it had delivered.
    expect(payer.offers).toEqual([`offer ${PAYEE} ${ASK}`, `offer ${PAYEE} ${ASK}`])
    wires.close()
    expect(payer.offers.at(-1)).toBe(`forget ${PAYEE}`)
  })

  test('a dearer quote within the maximum is bid anew, and pieces under way keep their price', async () => {
    const { payee, buyer, seller } = createWorld({ maxAsk: 3n * ASK })
    const wires = await joined(buyer, seller)
    wires.requestPiece(0)
    await wires.settle()
    seller.setSelling({ ...SELLING, askPerMiB: toAmount(2n * ASK) })
    await wires.settle()
    for (const piece of [1, 2, 3, 4, 5]) {
      wires.requestPiece(piece)
      await wires.settle()
    }
    expect(wires.drops).toEqual([])
    // The window of four pieces at the old price, then the new one.
    expect(payee.total()).toBe(5n * priceOf(PIECE, ASK) + priceOf(PIECE, toAmount(2n * ASK)))
  })
})
