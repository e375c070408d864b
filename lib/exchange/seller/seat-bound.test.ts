/** What a payer gains that never means to pay: over any number of wires, one after the other or at once, it is bounded. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BLOCK_BYTES, priceOf, toAmount } from '../../units/index.ts'
import { createExchange, type Exchange } from '../exchange.ts'
import {
  ASK,
  createFakeClock,
  createFakePayee,
  createFakePayer,
  DOMAIN,
  FAKE_SELLER,
  fakeSeat,
  joinWires,
  PAYEE,
  type WirePair,
} from '../testing/world.ts'
import type { Selling } from './quotes.ts'

const PIECE = 262_144
const BOUND = 16 * 1_048_576
const SELLING: Selling = { askPerMiB: ASK, freeAllowanceBytes: 0, freeBytesPerSec: 0, relayFrom: null }
const seat = fakeSeat(PAYEE, toAmount(1_000n * ASK))

let clock: ReturnType<typeof createFakeClock>
let payer: ReturnType<typeof createFakePayer>
let buyer: Exchange
let seller: Exchange
const open: WirePair[] = []

beforeEach(() => {
  clock = createFakeClock()
  payer = createFakePayer([seat])
  const base = { domain: DOMAIN, torrentName: () => 'film', clock }
  seller = createExchange({ ...base, payer: null, payee: createFakePayee(PAYEE), selling: SELLING })
  buyer = createExchange({ ...base, payer, payee: null, selling: null })
})
afterEach(() => {
  for (const wires of open.splice(0)) wires.close()
})

async function join(): Promise<WirePair> {
  const wires = joinWires(buyer, seller)
  open.push(wires)
  await wires.settle()
  return wires
}

/** Takes blocks of a class without paying until the seller holds. */
function takeUnpaid({ seller: session }: WirePair, blockClass: 'paid' | 'free', mostBlocks = 1_000): number {
  const block = { blockClass, lengthBytes: BLOCK_BYTES }
  let blocks = 0
  while (blocks < mostBlocks && session.gate(block) === 'serve') {
    session.onBlockSent(block)
    blocks += 1
  }
  return blocks * BLOCK_BYTES
}

async function buyOnePiece(): Promise<WirePair> {
  const wires = await join()
  wires.requestPiece(0)
  await wires.settle()
  return wires
}

describe('the bytes that a seat’s payer may leave unpaid', () => {
  test('are sixteen mebibytes over all visits of one that never paid', async () => {
    let taken = 0
    for (let visit = 0; visit < 60; visit++) {
      const wires = await join()
      taken += takeUnpaid(wires, 'paid')
      wires.close()
    }
    expect(taken).toBe(BOUND)
  })

  test('are the same over many wires at once', async () => {
    await buyOnePiece()
    let taken = 0
    for (let wire = 0; wire < 30; wire++) taken += takeUnpaid(await join(), 'paid')
    expect(taken).toBe(BOUND + PIECE / 16)
  })

  test('include what it was forgiven', async () => {
    await buyOnePiece()
    let taken = 0
    let forgivenBytes = 0
    for (let visit = 0; visit < 40; visit++) {
      const wires = await join()
      const first = takeUnpaid(wires, 'paid')
      clock.advance(2_500)
      forgivenBytes += takeUnpaid(wires, 'paid')
      taken += first
      wires.close()
    }
    expect(forgivenBytes).toBeGreaterThan(0)
    expect(taken + forgivenBytes).toBe(BOUND + PIECE / 16)
  })

  test('include the free requests that its first bid let pass', async () => {
    let taken = 0
    for (let visit = 0; visit < 40; visit++) {
      const wires = joinWires(buyer, seller)
      open.push(wires)
      for (let request = 0; request < 64; request++) wires.seller.onRequest('free')
      await wires.settle()
      taken += takeUnpaid(wires, 'free')
      wires.close()
    }
    expect(taken).toBe(BOUND)
  })

  test('fall by money that came without its bytes', async () => {
    await buyOnePiece()
    for (let visit = 0; visit < 60; visit++) {
      const wires = await join()
      takeUnpaid(wires, 'paid')
      wires.close()
    }
    expect(takeUnpaid(await join(), 'paid')).toBe(0)
    const lost = {
      infoHash: 'ab'.repeat(20),
      torrentName: 'film',
      pieceIndex: 1,
      lengthBytes: PIECE,
      memo: null,
    }
    await payer.pay(FAKE_SELLER, priceOf(PIECE, ASK), lost)
    expect(takeUnpaid(await join(), 'paid')).toBe(PIECE)
  })
})

describe('free allowances', () => {
  test('come out of one reserve, whoever asks under however many ids', async () => {
    seller.setSelling({ ...SELLING, freeAllowanceBytes: PIECE })
    buyer.setPayer(null)
    let taken = 0
    for (let visit = 0; visit < 100; visit++) {
      const wires = await join()
      taken += takeUnpaid(wires, 'free')
      wires.close()
    }
    expect(taken).toBe(16 * PIECE)
    clock.advance(30_000)
    for (let visit = 0; visit < 10; visit++) taken += takeUnpaid(await join(), 'free')
    expect(taken).toBe(19 * PIECE)
  })
})
