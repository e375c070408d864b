import { describe, expect, test } from 'vitest'
import { bytesToHex, encodeBencode, hexToBytes } from '../../base/index.ts'
import { addressFromBytes } from '../../tron/index.ts'
import { toAmount } from '../../units/index.ts'
import { readVectors } from '../testing/vectors.ts'
import { decodeMessage, encodeMessage } from './codec.ts'
import { encodeHandshake } from './handshake.ts'
import type { QuoteTerms, WireMessage } from './message.ts'
import { encodeQuoteTerms } from './quote-terms.ts'

/** The values that docs/PROTOCOL.md describes beside its vectors. */
const repeat = (byte: number, length: number) => bytesToHex(new Uint8Array(length).fill(byte))
const address = (byte: number) => addressFromBytes(new Uint8Array(20).fill(byte))
const channelId = repeat(0xc1, 32)
const signature = repeat(0x55, 65)
const btt = (value: bigint) => toAmount(value * 10n ** 18n)

const TERMS: QuoteTerms = {
  askPerMiB: btt(10n),
  windowBytes: 1_048_576,
  freeAllowanceBytes: 2_097_152,
  step: toAmount(156_250_000_000_000_000n),
  relayFrom: btt(50n),
  seller: {
    payee: address(0x0a),
    publicKey: repeat(0x02, 33),
    untilSec: 1_800_000_000,
    endorsement: signature,
  },
}
const NOTHING: QuoteTerms = {
  ...TERMS,
  askPerMiB: toAmount(0n),
  freeAllowanceBytes: 0,
  step: toAmount(0n),
  relayFrom: null,
  seller: null,
}

const MESSAGES: Readonly<Record<string, WireMessage>> = {
  quote: {
    type: 'quote',
    terms: TERMS,
    termsBytes: encodeQuoteTerms(TERMS),
    mac: new Uint8Array(32).fill(0x66),
  },
  'quote-nothing': {
    type: 'quote',
    terms: NOTHING,
    termsBytes: encodeQuoteTerms(NOTHING),
    mac: null,
  },
  seat: {
    type: 'seat',
    seat: {
      channelId,
      channel: {
        payer: address(0x01),
        signer: address(0x02),
        root: repeat(0x03, 32),
        total: btt(100n),
        closeDelaySec: 3_600,
        salt: repeat(0x04, 32),
      },
      leaf: { payee: address(0x0a), delegate: address(0x0b), cap: btt(60n) },
      path: [{ hash: repeat(0x05, 32), sum: btt(40n), side: 'right' }],
      opening: null,
    },
    proof: signature,
  },
  'seat-relayed': {
    type: 'seat',
    seat: {
      channelId,
      channel: {
        payer: address(0x01),
        signer: address(0x02),
        root: repeat(0x03, 32),
        total: btt(60n),
        closeDelaySec: 3_600,
        salt: repeat(0x04, 32),
      },
      leaf: { payee: address(0x0a), delegate: address(0x0b), cap: btt(60n) },
      path: [],
      opening: { signature, note: repeat(0x08, 72) },
    },
    proof: signature,
  },
  bid: { type: 'bid', ratePerMiB: btt(10n) },
  'bid-end': { type: 'bid', ratePerMiB: toAmount(0n) },
  pay: {
    type: 'pay',
    channelId,
    cumulative: btt(5n),
    signature,
    amount: toAmount(2_500_000_000_000_000_000n),
    lengthBytes: 262_144,
    pieceIndex: 7,
    tipMemo: null,
  },
  'pay-tip': {
    type: 'pay',
    channelId,
    cumulative: btt(8n),
    signature,
    amount: btt(3n),
    lengthBytes: 0,
    pieceIndex: null,
    tipMemo: 'Thank you ✓',
  },
  ack: { type: 'ack', channelId, cumulative: btt(8n), paidBytes: 262_144, windowBytes: 1_048_576 },
  'release-request': {
    type: 'releaseRequest',
    channelId,
    proof: signature,
    latest: { cumulative: btt(8n), signature },
  },
  'release-request-unused': { type: 'releaseRequest', channelId, proof: signature, latest: null },
  release: { type: 'release', channelId, cumulative: btt(8n), signature },
  reject: { type: 'reject', code: 'closing', words: 'the channel is no longer open', channelId },
}

const vectors = readVectors()

describe('the vectors of docs/PROTOCOL.md', () => {
  test('are all there', () => {
    // The others belong to one session, in protocol-session.test.ts.
    const names = [...vectors.keys()].filter((name) => !/^(digest|session)-/.test(name))
    expect(names.sort()).toEqual(['handshake', ...Object.keys(MESSAGES)].sort())
  })

  test('handshake', () => {
    const entry = encodeHandshake(
      { chainId: 3_448_148_188, contract: address(0x0c) },
      { publicKey: repeat(0x02, 33), nonce: repeat(0x06, 32) },
    )
    expect(bytesToHex(encodeBencode({ btt: entry })).slice(2)).toBe(vectors.get('handshake'))
  })

  test.each(Object.entries(MESSAGES))('%s', (name, message) => {
    expect(bytesToHex(encodeMessage(message)).slice(2)).toBe(vectors.get(name))
    expect(decodeMessage(hexToBytes(vectors.get(name) ?? ''))).toEqual(message)
  })
})
