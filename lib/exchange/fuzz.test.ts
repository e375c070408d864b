/**
 * Mutated messages through the decoder and both sides of a wire: whatever comes, nothing throws past the session, a
 * wire that is dropped says why, and nothing is paid or earned by it. `npm run test:fuzz` sends a million.
 */
import { expect, test } from 'vitest'
import { WireError } from '../base/index.ts'
import { toAmount } from '../units/index.ts'
import { createExchange } from './exchange.ts'
import {
  ASK,
  createFakeClock,
  createFakePayee,
  createFakePayer,
  DOMAIN,
  FIXED,
  fakeHash,
  fakeSeat,
  fixedProof,
  fixedQuote,
  joinWires,
  PAYEE,
} from './testing/world.ts'
import { decodeMessage, encodeMessage } from './wire/codec.ts'
import type { WireMessage } from './wire/message.ts'

const MESSAGES = Number(process.env.FUZZ_MESSAGES ?? 5_000)
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_121)
/** Of what cannot be decoded, so many times less is sent to a wire: the first ends it. */
const MALFORMED_SHARE = 200
/** A wire lives this many messages, unless one drops it. */
const MESSAGES_A_WIRE = 400
const MAX_GROWTH_BYTES = 64 * 1_048_576

const channelId = fakeHash(1)
const signature = `0x${'55'.repeat(65)}` as const
const one = toAmount(10n ** 18n)
const SEEDS: readonly WireMessage[] = [
  fixedQuote({ relayFrom: toAmount(1n) }),
  { type: 'seat', seat: fakeSeat(PAYEE, toAmount(100n * one)), proof: fixedProof(channelId, 'serve') },
  {
    type: 'seat',
    seat: { ...fakeSeat(PAYEE, one, 2), opening: { signature, note: `0x${'07'.repeat(72)}` } },
    proof: fixedProof(fakeHash(2), 'serve'),
  },
  { type: 'bid', ratePerMiB: ASK },
  { type: 'bid', ratePerMiB: toAmount(0n) },
  {
    type: 'pay',
    channelId,
    cumulative: one,
    signature,
    amount: one,
    lengthBytes: 65_536,
    pieceIndex: 3,
    tipMemo: null,
  },
  {
    type: 'pay',
    channelId,
    cumulative: one,
    signature,
    amount: one,
    lengthBytes: 0,
    pieceIndex: null,
    tipMemo: 'thanks ✓',
  },
  { type: 'ack', channelId, cumulative: toAmount(0n), paidBytes: 0, windowBytes: 1_048_576 },
  { type: 'releaseRequest', channelId, proof: fixedProof(channelId, 'release'), latest: null },
  {
    type: 'releaseRequest',
    channelId,
    proof: fixedProof(channelId, 'release'),
    latest: { cumulative: one, signature },
  },
  { type: 'release', channelId, cumulative: one, signature },
  { type: 'reject', code: 'closing', words: 'over', channelId },
]
const ENCODED = SEEDS.map(encodeMessage)
const TOKENS = ['d', 'e', 'l', 'i-1e', 'i0e', '0:', '1:t', '99999999999:', 'i9007199254740993e', 'i00e']

/** The same numbers for the same seed (mulberry32). */
function createDice(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

/** From a sound message: bytes flipped, cut, doubled, swapped with another’s, tokens put in; sometimes left as it is. */
function mutate(dice: (below: number) => number): Uint8Array {
  const pick = (): Uint8Array => ENCODED[dice(ENCODED.length)] ?? new Uint8Array(0)
  let bytes = Uint8Array.from(pick())
  for (let changes = dice(4); changes > 0; changes--) {
    const at = dice(bytes.length + 1)
    const to = Math.min(bytes.length, at + dice(40))
    switch (dice(7)) {
      case 0:
        if (at < bytes.length) bytes[at] = dice(256)
        break
      case 1:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << dice(8))
        break
      case 2:
        bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(to)])
        break
      case 3:
        bytes = Uint8Array.from([...bytes.subarray(0, to), ...bytes.subarray(at)])
        break
      case 4: {
        const other = pick()
        bytes = Uint8Array.from([...bytes.subarray(0, at), ...other.subarray(dice(other.length))])
        break
      }
      case 5: {
        const token = new TextEncoder().encode(TOKENS[dice(TOKENS.length)])
        bytes = Uint8Array.from([...bytes.subarray(0, at), ...token, ...bytes.subarray(at)])
        break
      }
      default:
        if (at < bytes.length) bytes[at] = 0x30 + dice(10)
    }
  }
  return bytes
}

function isSound(payload: Uint8Array): boolean {
  try {
    return decodeMessage(payload) !== null
  } catch {
    return false
  }
}

async function fuzzOneWire(
  dice: (below: number) => number,
  count: number,
): Promise<{ readonly sent: number; readonly drops: readonly string[] }> {
  const clock = createFakeClock()
  const errors: unknown[] = []
  const payee = createFakePayee(PAYEE)
  const payer = createFakePayer([fakeSeat(PAYEE, toAmount(100n * one))])
  const base = {
    ...FIXED,
    domain: DOMAIN,
    torrentName: () => 'film',
    onError: (error: unknown) => void errors.push(error),
    clock,
  }
  const selling = { askPerMiB: ASK, freeAllowanceBytes: 0, freeBytesPerSec: 0, relayFrom: toAmount(1n) }
  const seller = createExchange({ ...base, payer: null, payee, selling, relayOpen: async () => undefined })
  const buyer = createExchange({ ...base, payer, payee: null, selling: null })
  const wires = joinWires(buyer, seller)
  await wires.settle()
  let sent = 0
  while (sent < count && wires.drops.length === 0) {
    const payload = mutate(dice)
    if (!isSound(payload) && dice(MALFORMED_SHARE) > 0) continue
    sent += 1
    const side = dice(2) === 0 ? wires.seller : wires.buyer
    side.onMessage(payload)
    if (dice(20) === 0) {
      clock.advance(dice(3_000))
      await wires.settle()
    }
  }
  await wires.settle()
  wires.close()
  expect(errors).toEqual([])
  expect(payer.vouchers).toEqual([])
  expect(payee.total()).toBe(0n)
  return { sent, drops: wires.drops }
}

test('the decoder answers every message with a value, nothing, or a WireError', () => {
  const dice = createDice(SEED)
  let decoded = 0
  const before = process.memoryUsage().heapUsed
  for (let sent = 0; sent < MESSAGES; sent++) {
    const payload = mutate(dice)
    try {
      if (decodeMessage(payload)) decoded += 1
    } catch (error) {
      if (!(error instanceof WireError)) throw error
    }
  }
  expect(decoded).toBeGreaterThan(MESSAGES / 20)
  expect(decoded).toBeLessThan(MESSAGES)
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(MAX_GROWTH_BYTES)
}, 600_000)

test('both sides of a wire take every message without an error that escapes, and no money moves by it', async () => {
  const dice = createDice(SEED + 1)
  const drops = new Map<string, number>()
  const before = process.memoryUsage().heapUsed
  let left = MESSAGES
  while (left > 0) {
    const { sent, drops: found } = await fuzzOneWire(dice, Math.min(left, MESSAGES_A_WIRE))
    for (const drop of found) drops.set(drop, (drops.get(drop) ?? 0) + 1)
    left -= sent
  }
  expect([...drops.keys()].some((drop) => drop.endsWith('malformed'))).toBe(true)
  expect([...drops.keys()].filter((drop) => drop.endsWith('exchange-failed'))).toEqual([])
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(MAX_GROWTH_BYTES)
}, 3_600_000)
