/**
 * The attack: somebody sits between two honest sides and passes everything on, handshakes, quotes, proofs and payments, but keeps the
 * blocks. To the seller it is a proven buyer, to the buyer the seller. It gains at most the trial of one wire each time, and the buyer pays nothing.
 */

import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BLOCK_BYTES } from '../../units/index.ts'
import { createPairWorld, type PairWorld } from '../testing/pair-world.ts'
import { makePeerId } from '../testing/raw-wire.ts'
import { PIECE } from '../testing/seller-world.ts'

const PIECES = 8
const HANDSHAKE_BYTES = 68
const REQUEST_FRAME = 6
const PIECE_FRAME = 7
const FRAME_HEAD_BYTES = 13
/** Two pieces on trial, as much of what was asked for free before the bid, and one that is forgiven as lost on the way. */
const MOST = 5 * PIECE

let world: PairWorld
const sockets: Socket[] = []
beforeEach(async () => {
  world = await createPairWorld(PIECES * PIECE)
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await world.close()
})

/** Connects, and resolves once the other side's handshake is here: frames before it would find nobody. */
function greet(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      const reserved = Buffer.from([0, 0, 0, 0, 0, 0x10, 0, 0x04])
      const head = Buffer.from([19, ...Buffer.from('BitTorrent protocol')])
      const names = Buffer.from(world.infoHash + makePeerId(), 'hex')
      socket.write(Buffer.concat([head, reserved, names]))
    })
    const look = (): void => {
      const handshake: unknown = socket.read(HANDSHAKE_BYTES)
      if (handshake === null) return
      socket.off('readable', look)
      resolve(socket)
    }
    socket.on('readable', look)
    socket.once('error', reject)
    sockets.push(socket)
  })
}

/** Passes whole frames on; `keep` may hold one back. */
function pass(from: Socket, to: Socket, keep: (id: number, frame: Buffer) => boolean): void {
  let pending = Buffer.alloc(0)
  from.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32BE(0)) {
      const end = 4 + pending.readUInt32BE(0)
      const frame = pending.subarray(0, end)
      pending = pending.subarray(end)
      if (!keep(frame[4] ?? -1, frame)) to.write(frame)
    }
  })
  from.on('close', () => to.destroy())
  from.on('error', () => to.destroy())
}

/** A thief asks the seller for all that there is, in the class that the buyer's bid gave the wire. */
function askForAll(toSeller: Socket): void {
  for (let at = 0; at < PIECES * PIECE; at += BLOCK_BYTES) {
    const request = Buffer.alloc(17)
    request.writeUInt32BE(13, 0)
    request[4] = REQUEST_FRAME
    request.writeUInt32BE(Math.floor(at / PIECE), 5)
    request.writeUInt32BE(at % PIECE, 9)
    request.writeUInt32BE(BLOCK_BYTES, 13)
    toSeller.write(request)
  }
}

/** Sits between the two; bytes of blocks that the seller sent it, which it keeps or not. */
async function sitBetween(isThief: boolean): Promise<{ passed(): number; toSeller: Socket }> {
  let keptBytes = 0
  const [toSeller, toBuyer] = [await greet(world.seller.getPort()), await greet(world.buyer.getPort())]
  pass(toBuyer, toSeller, () => false)
  pass(toSeller, toBuyer, (id, frame) => {
    if (id !== PIECE_FRAME) return false
    keptBytes += frame.length - FRAME_HEAD_BYTES
    return isThief
  })
  return { passed: () => keptBytes, toSeller }
}

test('one that keeps the blocks gets the trial of two pieces, and no coin moves', async () => {
  const { passed: kept, toSeller } = await sitBetween(true)
  await world.whenQuoted()
  await world.pay()
  await expect.poll(kept, { timeout: 15_000, interval: 20 }).toBeGreaterThan(0)
  askForAll(toSeller)
  await expect.poll(kept, { timeout: 15_000, interval: 20 }).toBeGreaterThanOrEqual(2 * PIECE - BLOCK_BYTES)
  askForAll(toSeller)
  // The seller's own count of the wire: it stands at the trial, and stays there.
  await expect.poll(() => world.getUnpaidBytes(), { interval: 20 }).toBe(2 * PIECE)
  for (let look = 0; look < 40; look++) {
    await world.advance(1_000)
    askForAll(toSeller)
    await new Promise((resolve) => setTimeout(resolve, 25))
    expect(kept()).toBeLessThanOrEqual(MOST)
  }
  expect(world.payer.getFigures().spent).toBe(0n)
  expect(world.payee.getTotals().earned).toBe(0n)
}, 30_000)

test('one that passes all on is a wire like any other: the seller is paid for each piece, it for none', async () => {
  const { passed } = await sitBetween(false)
  await world.whenQuoted()
  await world.pay()
  await expect
    .poll(() => world.buyer.getSnapshot(world.infoHash)?.state.status, { timeout: 15_000 })
    .toBe('seeding')
  expect(passed()).toBeGreaterThanOrEqual(PIECES * PIECE)
  const { spent } = world.payer.getFigures()
  expect(spent).toBeGreaterThan(0n)
  await expect.poll(() => world.payee.getTotals().earned).toBe(spent)
  expect(world.drops).toEqual([])
}, 30_000)
