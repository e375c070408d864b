/** A seller that cheats, on a bare wire, against the real engine, exchange and account. The buyer's loss is nothing. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { testWallet } from '../../payments/testing/accounts.ts'
import type { PeerKey } from '../../torrent/index.ts'
import { BLOCK_BYTES, priceOf, toAmount } from '../../units/index.ts'
import {
  type BuyerWorld,
  type CheatingSeller,
  createBuyerWorld,
  honestBlock,
  PIECES,
} from '../testing/buyer-world.ts'
import type { RawPeer } from '../testing/raw-wire.ts'
import { ASK, PIECE, PIECE_PRICE } from '../testing/seller-world.ts'

const CHANNEL = `0x${'c1'.repeat(32)}` as const
let world: BuyerWorld
let joined = 0
let aheadMs = 0

beforeEach(async () => {
  joined = 0
  aheadMs = 0
  world = await createBuyerWorld()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await world.close()
})

const sumOf = (values: readonly bigint[]): bigint => values.reduce((sum, each) => sum + each, 0n)

/** What the payer spent is what these sellers got. */
async function paymentsHaveCome(sellers: readonly CheatingSeller[]): Promise<void> {
  const got = (): bigint => sumOf(sellers.flatMap(({ payments }) => payments.map(({ amount }) => amount)))
  await expect.poll(() => world.payer.getFigures().spent - got()).toBe(0n)
}

async function joinAndBePaid(seller: CheatingSeller): Promise<RawPeer> {
  const peer = await joinOnly(seller)
  await world.pay()
  await peer.hear('seat')
  return peer
}

/** For the engine, whose clock is the page's. */
function passAMinute(): void {
  if (aheadMs === 0) {
    const nowMs = performance.now.bind(performance)
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs() + aheadMs)
  }
  aheadMs += 60_000
}

/** Until its price was heard. */
async function joinOnly(seller: CheatingSeller): Promise<RawPeer> {
  const peer = await seller.join()
  const keys = (): readonly PeerKey[] =>
    world.engine.getSnapshot(world.infoHash)?.peers.map(({ peerKey }) => peerKey) ?? []
  await expect
    .poll(() => keys().filter((key) => world.exchange.getPeerMoney(key).status !== 'free').length)
    .toBe(++joined)
  return peer
}

describe('a seller that sends', () => {
  test('garbage is blamed alone, never paid, dropped and refused for the session; an honest one finishes', async () => {
    const liar = world.makeSeller({
      block: (_index, _offset, lengthBytes) => new Uint8Array(lengthBytes),
    })
    const peer = await joinAndBePaid(liar)
    await peer.whenClosed()
    expect(world.drops).toEqual(['bad-piece'])
    expect(liar.payments).toEqual([])
    await expect
      .poll(() => world.engine.getSnapshot(world.infoHash)?.bannedPeers?.map(({ code }) => code))
      .toEqual(['bad-piece'])
    expect(world.payer.getFigures().spent).toBe(0n)
    await (await liar.join()).whenClosed()
    const honest = world.makeSeller({ fill: 40 })
    await honest.join()
    await world.whenQuoted(1)
    // It gives nothing for free either: a seat on trial, once nobody delivers.
    for (let turn = 0; turn < 6; turn++) await world.clock.advance(1_000)
    await world.whenDone()
    await paymentsHaveCome([honest])
    expect(world.drops).toEqual(['bad-piece'])
    expect(liar.payments).toEqual([])
  })

  test('each block twice, and blocks that nobody asked for, is paid for each piece once', async () => {
    const seller = world.makeSeller({
      after: (peer, message) => {
        if (message.type === 'bid') peer.wire.piece(3, 0, honestBlock(3, 0, BLOCK_BYTES))
      },
    })
    const peer = await joinAndBePaid(seller)
    peer.wire.on('request', (index: number, offset: number, lengthBytes: number) => {
      peer.wire.piece(index, offset, honestBlock(index, offset, lengthBytes))
      peer.wire.piece((index + 1) % PIECES, offset, honestBlock((index + 1) % PIECES, offset, lengthBytes))
    })
    await world.whenDone()
    const paidBytes = [...world.verified.values()].reduce((sum, each) => sum + each, 0)
    await expect
      .poll(() => seller.payments.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0))
      .toBe(paidBytes)
    const indexes = seller.payments.flatMap(({ pieceIndex }) => pieceIndex ?? [])
    expect(new Set(indexes).size).toBe(indexes.length)
    expect(sumOf(seller.payments.map(({ amount }) => amount))).toBe(
      sumOf(seller.payments.map(({ lengthBytes }) => priceOf(lengthBytes, ASK))),
    )
    expect(paidBytes).toBeLessThanOrEqual(PIECES * PIECE)
  })

  test('what was cancelled is not paid for it, though the block is used', async () => {
    const bids: bigint[] = []
    let asked = 0
    const seller = world.makeSeller({
      block: (index, offset, lengthBytes) => {
        asked += 1
        return bids.at(-1) === 0n ? honestBlock(index, offset, lengthBytes) : null
      },
      after: (_peer, message) => {
        if (message.type === 'bid') bids.push(message.ratePerMiB)
      },
    })
    const peer = await joinAndBePaid(seller)
    let cancelled = 0
    peer.wire.on('cancel', (index: number, offset: number, lengthBytes: number) => {
      if (bids.at(-1) !== 0n) return
      cancelled += 1
      peer.wire.piece(index, offset, honestBlock(index, offset, lengthBytes))
    })
    await expect.poll(() => asked).toBeGreaterThan(0)
    passAMinute()
    for (let check = 0; check < 7; check++) await world.clock.advance(2_000)
    await world.whenDone()
    expect(bids).toEqual([ASK, 0n])
    expect(cancelled).toBeGreaterThan(0)
    expect(seller.payments).toEqual([])
    expect(world.payer.getFigures().spent).toBe(0n)
    expect(world.drops).toEqual([])
  })

  test('half a piece and then goes loses it to another, who alone is paid for it', async () => {
    const held: { readonly index: number; send(): void }[] = []
    const slow: CheatingSeller = world.makeSeller({
      fill: 30,
      block: (index, offset, lengthBytes) => {
        const bytes = honestBlock(index, offset, lengthBytes)
        if (offset < PIECE / 2) return bytes
        held.push({ index, send: () => leaving.wire.piece(index, offset, bytes) })
        return null
      },
    })
    const quick = world.makeSeller({ fill: 40 })
    const leaving = await joinOnly(slow)
    const staying = await joinOnly(quick)
    await world.pay()
    await expect.poll(() => held.length).toBeGreaterThan(0)
    const taken = new Set(held.map(({ index }) => index))
    leaving.wire.choke()
    await expect
      .poll(() => {
        passAMinute()
        staying.wire.have(0) // Makes the engine look at its wires again.
        return world.engine.getSnapshot(world.infoHash)?.state.status
      })
      .toBe('seeding')
    for (const { send } of held) send()
    await paymentsHaveCome([slow, quick])
    const all = [...slow.payments, ...quick.payments]
    const paidBytes = all.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0)
    expect(paidBytes).toBe([...world.verified.values()].reduce((sum, each) => sum + each, 0))
    expect(paidBytes).toBe(PIECES * PIECE)
    for (const { amount, lengthBytes } of all) expect(amount).toBe(priceOf(lengthBytes, ASK))
    for (const { pieceIndex } of slow.payments) expect(taken).not.toContain(pieceIndex)
    expect(world.drops).toEqual([])
  })

  test('nothing after it took payments is paid no more and asked for free blocks', async () => {
    let hasNotBeenPaid = true
    const seller = world.makeSeller({
      block: (index, offset, lengthBytes) =>
        hasNotBeenPaid ? honestBlock(index, offset, lengthBytes) : null,
      after: (_peer, message) => {
        if (message.type === 'pay') hasNotBeenPaid = false
      },
    })
    const peer = await joinAndBePaid(seller)
    const first = await peer.hear('pay')
    passAMinute()
    const since = peer.heard.length
    for (let check = 0; check < 7; check++) await world.clock.advance(2_000)
    expect((await peer.hear('bid', since)).ratePerMiB).toBe(0n)
    expect(first.amount).toBe(priceOf(first.lengthBytes, ASK))
    await paymentsHaveCome([seller])
    for (const { amount, lengthBytes } of seller.payments) expect(amount).toBe(priceOf(lengthBytes, ASK))
  })
})

describe('a seller whose price', () => {
  test('is above the maximum is never shown a seat nor paid', async () => {
    const seller = world.makeSeller({ servesFree: true, quote: { askPerMiB: toAmount(2n * ASK + 1n) } })
    const peer = await joinOnly(seller)
    await world.pay()
    await world.whenDone()
    expect(peer.heard).toEqual([])
    expect(seller.payments).toEqual([])
  })

  test('rises under way is paid the old one for the window that was under way', async () => {
    const seller = world.makeSeller({
      after: (peer, message) => {
        if (message.type === 'bid' && message.ratePerMiB === ASK) {
          peer.say(seller.quote(peer, { askPerMiB: toAmount(2n * ASK) }))
        }
      },
    })
    await joinAndBePaid(seller)
    await world.whenDone()
    await expect.poll(() => seller.payments.length).toBeGreaterThan(6)
    const amounts = seller.payments.map(({ amount }) => amount)
    expect(amounts.slice(0, 4)).toEqual(Array(4).fill(PIECE_PRICE))
    expect(Math.max(...amounts.map(Number))).toBe(Number(2n * PIECE_PRICE))
  })

  test('rises above the maximum is paid for what was under way and no more', async () => {
    const seller = world.makeSeller({
      after: (peer, message) => {
        if (message.type === 'pay') peer.say(seller.quote(peer, { askPerMiB: toAmount(3n * ASK) }))
      },
    })
    const peer = await joinAndBePaid(seller)
    await world.whenDone()
    await expect
      .poll(() => peer.heard.findLast(({ type }) => type === 'bid'))
      .toMatchObject({ ratePerMiB: 0n })
    for (const { amount, lengthBytes } of seller.payments) expect(amount).toBe(priceOf(lengthBytes, ASK))
    expect(seller.payments.length).toBeLessThan(PIECES)
  })
})

describe('a seller that says false things', () => {
  const acks: [string, (latest: bigint) => { cumulative: bigint; paidBytes: number }][] = [
    ['that more was promised', (latest) => ({ cumulative: latest + 1n, paidBytes: 0 })],
    ['that more bytes were paid', (latest) => ({ cumulative: latest, paidBytes: 1_000 * PIECE })],
  ]
  test.each(acks)('%s is dropped', async (_, lie) => {
    const seller = world.makeSeller({
      after: (peer, message) => {
        if (message.type !== 'pay') return
        const { cumulative, paidBytes } = lie(message.cumulative + 1_000n * PIECE_PRICE)
        peer.say({
          type: 'ack',
          channelId: message.channelId,
          cumulative: toAmount(paidBytes > 0 ? 0n : cumulative),
          paidBytes,
          windowBytes: 4 * PIECE,
        })
      },
    })
    await (await joinAndBePaid(seller)).whenClosed()
    expect(world.drops).toEqual(['bogus-ack'])
  })

  test('of a seat that it was never shown is dropped', async () => {
    const seller = world.makeSeller()
    const peer = await joinAndBePaid(seller)
    peer.say({ type: 'ack', channelId: CHANNEL, cumulative: toAmount(0n), paidBytes: 0, windowBytes: PIECE })
    await peer.whenClosed()
    expect(world.drops).toEqual(['bogus-ack'])
  })

  test('that changes its payee under way is dropped', async () => {
    const seller = world.makeSeller()
    const other = world.makeSeller({ fill: 41 })
    const peer = await joinAndBePaid(seller)
    peer.say(other.quote(peer))
    await peer.whenClosed()
    expect(world.drops).toEqual(['payee-changed'])
  })

  test('a release that nobody asked for changes nothing, one above the promise drops it', async () => {
    const seller = world.makeSeller({
      after: (peer, message) => {
        if (message.type !== 'releaseRequest') return
        const cumulative = toAmount((message.latest?.cumulative ?? 0n) + 1n)
        peer.say({
          type: 'release',
          channelId: message.channelId,
          cumulative,
          signature: `0x${'55'.repeat(65)}`,
        })
      },
    })
    const peer = await joinAndBePaid(seller)
    const { channelId } = await peer.hear('pay')
    peer.say({ type: 'release', channelId, cumulative: toAmount(1n), signature: `0x${'55'.repeat(65)}` })
    await world.whenDone()
    const collected = world.exchange.collectReleases([channelId], 5_000)
    await peer.whenClosed()
    await world.clock.advance(5_000)
    await collected
    expect(world.drops).toEqual(['bogus-release'])
  })

  test('a release that it did not sign is not taken', async () => {
    const seller = world.makeSeller({
      after: (peer, message) => {
        if (message.type !== 'releaseRequest') return
        const { channelId, latest } = message
        const cumulative = latest?.cumulative ?? toAmount(0n)
        peer.say({
          type: 'release',
          channelId,
          cumulative,
          signature: latest?.signature ?? `0x${'55'.repeat(65)}`,
        })
      },
    })
    const { channelId } = await (await joinAndBePaid(seller)).hear('pay')
    await world.whenDone()
    await world.exchange.collectReleases([channelId], 5_000)
    expect(world.payer.getOpenChannelIds()).toEqual([channelId])
    const outcome = await world.payer.settle({
      wallet: testWallet(1),
      collectReleases: async () => undefined,
    })
    expect(outcome.status).toBe('closing')
  })

  test.each<[string, Uint8Array]>([
    ['words without sense', new TextEncoder().encode('d1:t5:quote3:ask1:-e')],
    ['an ask of 40 digits', new TextEncoder().encode(`d3:ask40:${'9'.repeat(40)}1:t5:quotee`)],
    ['17 KiB', new Uint8Array(17_408)],
  ])('in %s is dropped', async (_, payload) => {
    const seller = world.makeSeller()
    const peer = await joinAndBePaid(seller)
    peer.say(payload)
    await peer.whenClosed()
    expect(world.drops).toEqual(['malformed'])
  })

  test('too often is dropped', async () => {
    const seller = world.makeSeller()
    const peer = await joinAndBePaid(seller)
    const again = seller.quote(peer)
    for (let i = 0; i < 1_200; i++) peer.say(again)
    await peer.whenClosed()
    expect(world.drops).toEqual(['flood'])
  })
})

describe('several sellers at once', () => {
  test('are each paid for exactly the verified bytes that they sent', async () => {
    const sellers = [30, 40, 50].map((fill) => world.makeSeller({ fill }))
    for (const seller of sellers) await joinOnly(seller)
    await world.pay()
    await world.whenDone()
    const paidBytes = (payments: (typeof sellers)[number]['payments']): number =>
      payments.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0)
    const verified = [...world.verified.values()].sort((a, b) => a - b)
    await expect
      .poll(() => sellers.map(({ payments }) => paidBytes(payments)).sort((a, b) => a - b))
      .toEqual([...Array(sellers.length - verified.length).fill(0), ...verified])
    const all = sellers.flatMap(({ payments }) => payments)
    const indexes = all.map(({ pieceIndex }) => pieceIndex)
    expect(new Set(indexes).size).toBe(indexes.length)
    for (const { amount, lengthBytes } of all) expect(amount).toBe(priceOf(lengthBytes, ASK))
    await paymentsHaveCome(sellers)
    expect(paidBytes(all)).toBeGreaterThan(0)
  })
})
