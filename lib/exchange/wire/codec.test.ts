import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BencodeInput, bytesToHex, encodeBencode, WireError } from '../../base/index.ts'
import type { RejectCode } from '../../payments/index.ts'
import { addressFromBytes } from '../../tron/index.ts'
import { MAX_MEMO_LENGTH, toAmount } from '../../units/index.ts'
import { decodeMessage, encodeMessage } from './codec.ts'
import type { WireMessage } from './message.ts'
import { encodeQuoteTerms } from './quote-terms.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const hex = (length: number) => bytes(length).map(bytesToHex)
const address = bytes(20).map(addressFromBytes)
const amount = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map(toAmount)
const count = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const pieceIndex = fc.integer({ min: 0, max: 0x7fffffff })
const code = fc.constantFrom<RejectCode>('bad-proof', 'stale', 'closing', 'chain-unreachable')
const text = (maxLength: number) =>
  fc.string({ maxLength, unit: 'grapheme' }).filter((value) => value.length <= maxLength)

const message: fc.Arbitrary<WireMessage> = fc.oneof(
  fc
    .record({
      askPerMiB: amount,
      windowBytes: count,
      freeAllowanceBytes: count,
      step: amount,
      relayFrom: fc.option(amount),
      seller: fc.option(
        fc.record({ payee: address, publicKey: hex(33), untilSec: count, endorsement: hex(65) }),
      ),
    })
    .chain((terms) =>
      fc.record({
        type: fc.constant('quote' as const),
        terms: fc.constant(terms),
        termsBytes: fc.constant(encodeQuoteTerms(terms)),
        mac: fc.option(bytes(32)),
      }),
    ),
  fc.record({
    type: fc.constant('seat' as const),
    seat: fc.record({
      channelId: hex(32),
      channel: fc.record({
        payer: address,
        signer: address,
        root: hex(32),
        total: amount,
        closeDelaySec: fc.integer({ min: 3_600, max: 2_592_000 }),
        salt: hex(32),
      }),
      leaf: fc.record({ payee: address, delegate: address, cap: amount }),
      path: fc.array(
        fc.record({ hash: hex(32), sum: amount, side: fc.constantFrom('left' as const, 'right' as const) }),
        { maxLength: 4 },
      ),
      opening: fc.option(fc.record({ signature: hex(65), note: hex(72) })),
    }),
    proof: hex(65),
  }),
  fc.record({ type: fc.constant('bid' as const), ratePerMiB: amount }),
  fc.record({
    type: fc.constant('pay' as const),
    channelId: hex(32),
    cumulative: amount,
    signature: hex(65),
    amount,
    lengthBytes: count,
    pieceIndex: fc.option(pieceIndex),
    tipMemo: fc.option(text(MAX_MEMO_LENGTH)),
  }),
  fc.record({
    type: fc.constant('ack' as const),
    channelId: hex(32),
    cumulative: amount,
    paidBytes: count,
    windowBytes: count,
  }),
  fc.record({
    type: fc.constant('releaseRequest' as const),
    channelId: hex(32),
    proof: hex(65),
    latest: fc.option(fc.record({ cumulative: amount, signature: hex(65) })),
  }),
  fc.record({
    type: fc.constant('release' as const),
    channelId: hex(32),
    cumulative: amount,
    signature: hex(65),
  }),
  fc.record({ type: fc.constant('reject' as const), code, words: text(300), channelId: fc.option(hex(32)) }),
)

/** The message, or the error, which must be a WireError. */
function decodeOrError(payload: Uint8Array): WireMessage | null | WireError {
  try {
    return decodeMessage(payload)
  } catch (error) {
    expect(error).toBeInstanceOf(WireError)
    return error as WireError
  }
}

describe('the codec', () => {
  test('gives back each message that it wrote', () => {
    fc.assert(
      fc.property(message, (sent) => {
        expect(decodeMessage(encodeMessage(sent))).toEqual(sent)
      }),
      { numRuns: 500 },
    )
  })

  test('throws nothing but WireError on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (payload) => void decodeOrError(payload)),
      { numRuns: 2_000 },
    )
  })

  test('throws nothing but WireError on a message with a byte changed, cut or added', () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat(), (sent, at, value, cut) => {
        const payload = encodeMessage(sent)
        payload[at % payload.length] = value
        decodeOrError(payload)
        expect(decodeOrError(payload.subarray(0, cut % payload.length))).toBeInstanceOf(WireError)
        expect(decodeOrError(Uint8Array.of(...payload, value))).toBeInstanceOf(WireError)
      }),
      { numRuns: 500 },
    )
  })

  test('ignores unknown keys and unknown messages', () => {
    expect(decodeMessage(encodeBencode({ t: 'hello', x: [1, 2] }))).toBeNull()
    expect(decodeMessage(encodeBencode({ t: 'bid', rate: '5', zeal: { a: 1 } }))).toEqual({
      type: 'bid',
      ratePerMiB: 5n,
    })
  })

  const sig = new Uint8Array(65)
  const channel = new Uint8Array(32)
  test.each([
    ['a message over 16 KiB', { t: 'bid', rate: '1', pad: 'x'.repeat(16_384) }],
    ['a missing field', { t: 'bid' }],
    ['an amount with a leading zero', { t: 'bid', rate: '01' }],
    ['an amount with a sign', { t: 'bid', rate: '-1' }],
    ['an amount above uint128', { t: 'bid', rate: (1n << 128n).toString() }],
    ['an amount as an integer', { t: 'bid', rate: 5 }],
    ['a short hash', { t: 'ack', channel: new Uint8Array(31), cumulative: '0', bytes: 0, window: 0 }],
    ['negative bytes', { t: 'ack', channel, cumulative: '0', bytes: -1, window: 0 }],
    [
      'a long memo',
      { t: 'pay', channel, cumulative: '1', sig, amount: '1', bytes: 0, tip: 1, memo: 'm'.repeat(201) },
    ],
    ['a release without its signature', { t: 'release', channel, cumulative: '1' }],
    ['a quote without terms', { t: 'quote', mac: new Uint8Array(32) }],
    ['terms that are no dictionary', { t: 'quote', terms: 'i1e' }],
    [
      'a payee without a key',
      {
        t: 'quote',
        terms: encodeBencode({ ask: '1', window: 1, free: 0, step: '0', payee: new Uint8Array(20) }),
      },
    ],
    ['a seat without a proof', { t: 'seat', id: new Uint8Array(32) }],
    ['a request for a release without a proof', { t: 'release', channel: new Uint8Array(32) }],
  ])('refuses %s', (_, fields) => {
    expect(decodeOrError(encodeBencode(fields))).toBeInstanceOf(WireError)
  })

  test.each<[string, BencodeInput]>([
    ['an unknown reject code', { t: 'reject', code: 'because', words: '' }],
    ['a quote in another unit', { t: 'quote', terms: encodeBencode({ unit: 'trx/min', ask: '7' }) }],
    ['an unknown type', { t: 'transfer', id: 'x' }],
  ])('ignores %s, which a later version may say', (_, fields) => {
    expect(decodeMessage(encodeBencode(fields))).toBeNull()
  })

  test('ignores keys that it does not know, also in terms', () => {
    const terms = { ask: '1', window: 1, free: 0, step: '0', hubs: ['x'] }
    expect(decodeMessage(encodeBencode({ t: 'quote', terms: encodeBencode(terms), id: 5 }))).toMatchObject({
      terms: { askPerMiB: 1n, seller: null },
    })
  })

  test.each([
    'd-1:xe',
    'li0e',
    'i-0e',
    'i01e',
    '01:a',
    'd1:b0:1:a0:e',
    'd1:a0:1:a0:e',
    '5:ab',
    'l'.repeat(16_000),
    'i9007199254740993e',
  ])('refuses the bencoding %j', (raw) => {
    expect(decodeOrError(new TextEncoder().encode(raw))).toBeInstanceOf(WireError)
  })
})
