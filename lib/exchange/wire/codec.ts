/**
 * Wire form of each message: one bencoded dictionary of at most 16 KiB whose key `t` names it. Unknown keys and
 * unknown types are ignored, so that later versions can add both. Normative text: docs/PROTOCOL.md.
 */

import { type BencodeInput, encodeBencode, hexToBytes, WireError } from '../../base/index.ts'
import {
  type ChannelFields,
  MAX_CLOSE_DELAY_SEC,
  MAX_NOTE_BYTES,
  MAX_STEPS,
  MIN_CLOSE_DELAY_SEC,
  type SeatLeaf,
  type SeatProof,
} from '../../channels/index.ts'
import { REJECT_CODES } from '../../payments/index.ts'
import { addressToBytes } from '../../tron/index.ts'
import { encodeAmount, MAX_MEMO_LENGTH } from '../../units/index.ts'
import {
  asFields,
  decodeFields,
  type Fields,
  failField,
  readAddress,
  readAmount,
  readBytes,
  readBytesUpTo,
  readHex,
  readHexUpTo,
  readInteger,
  readList,
  readText,
} from './fields.ts'
import type { SeatMessage, WireMessage } from './message.ts'
import { decodeQuoteTerms } from './quote-terms.ts'

/** Larger messages are refused unread. */
const MAX_MESSAGE_BYTES = 16_384
const MAX_WORDS_LENGTH = 300
/** Far above what terms take; room for keys of later versions. */
const MAX_TERMS_BYTES = 4_096
const MAX_PIECE_INDEX = 0x7fffffff

function encodeSeat({ seat, proof }: SeatMessage): BencodeInput {
  return {
    t: 'seat',
    id: hexToBytes(seat.channelId),
    channel: {
      payer: addressToBytes(seat.channel.payer),
      signer: addressToBytes(seat.channel.signer),
      root: hexToBytes(seat.channel.root),
      total: encodeAmount(seat.channel.total),
      delay: seat.channel.closeDelaySec,
      salt: hexToBytes(seat.channel.salt),
    },
    leaf: {
      payee: addressToBytes(seat.leaf.payee),
      delegate: addressToBytes(seat.leaf.delegate),
      cap: encodeAmount(seat.leaf.cap),
    },
    path: seat.path.map((step) => ({
      hash: hexToBytes(step.hash),
      sum: encodeAmount(step.sum),
      right: step.side === 'right' ? 1 : 0,
    })),
    open: seat.opening === null ? undefined : hexToBytes(seat.opening.signature),
    note: seat.opening === null ? undefined : hexToBytes(seat.opening.note),
    proof: hexToBytes(proof),
  }
}

function toBencode(message: WireMessage): BencodeInput {
  switch (message.type) {
    case 'quote':
      return { t: 'quote', terms: message.termsBytes, mac: message.mac ?? undefined }
    case 'seat':
      return encodeSeat(message)
    case 'bid':
      return { t: 'bid', rate: encodeAmount(message.ratePerMiB) }
    case 'pay':
      return {
        t: 'pay',
        channel: hexToBytes(message.channelId),
        cumulative: encodeAmount(message.cumulative),
        sig: hexToBytes(message.signature),
        amount: encodeAmount(message.amount),
        bytes: message.lengthBytes,
        piece: message.pieceIndex ?? undefined,
        tip: message.tipMemo === null ? undefined : 1,
        memo: message.tipMemo || undefined,
      }
    case 'ack':
      return {
        t: 'ack',
        channel: hexToBytes(message.channelId),
        cumulative: encodeAmount(message.cumulative),
        bytes: message.paidBytes,
        window: message.windowBytes,
      }
    case 'releaseRequest':
      return {
        t: 'release',
        channel: hexToBytes(message.channelId),
        proof: hexToBytes(message.proof),
        latest: message.latest ? encodeAmount(message.latest.cumulative) : undefined,
        voucher: message.latest ? hexToBytes(message.latest.signature) : undefined,
      }
    case 'release':
      return {
        t: 'release',
        channel: hexToBytes(message.channelId),
        cumulative: encodeAmount(message.cumulative),
        sig: hexToBytes(message.signature),
      }
    case 'reject':
      return {
        t: 'reject',
        code: message.code,
        words: message.words.slice(0, MAX_WORDS_LENGTH),
        channel: message.channelId ? hexToBytes(message.channelId) : undefined,
      }
  }
}

/** The bytes of a message of ours. Throws RangeError when it would break the protocol's own limits. */
export function encodeMessage(message: WireMessage): Uint8Array {
  const bytes = encodeBencode(toBencode(message))
  if (bytes.length > MAX_MESSAGE_BYTES) throw new RangeError('a message of ours is over 16 KiB')
  return bytes
}

function decodeChannel(fields: Fields): ChannelFields {
  const closeDelaySec = readInteger(fields, 'delay', MAX_CLOSE_DELAY_SEC)
  if (closeDelaySec < MIN_CLOSE_DELAY_SEC) failField('delay')
  return {
    payer: readAddress(fields, 'payer'),
    signer: readAddress(fields, 'signer'),
    root: readHex(fields, 'root', 32),
    total: readAmount(fields, 'total'),
    closeDelaySec,
    salt: readHex(fields, 'salt', 32),
  }
}

function decodeLeaf(fields: Fields): SeatLeaf {
  return {
    payee: readAddress(fields, 'payee'),
    delegate: readAddress(fields, 'delegate'),
    cap: readAmount(fields, 'cap'),
  }
}

function decodePath(fields: Fields): SeatProof {
  return readList(fields, 'path', MAX_STEPS).map((item) => {
    const step = asFields(item, 'path')
    return {
      hash: readHex(step, 'hash', 32),
      sum: readAmount(step, 'sum'),
      side: readInteger(step, 'right', 1) === 1 ? 'right' : 'left',
    }
  })
}

function decodeQuote(fields: Fields): WireMessage | null {
  const termsBytes = readBytesUpTo(fields, 'terms', MAX_TERMS_BYTES)
  const terms = decodeQuoteTerms(termsBytes)
  if (!terms) return null
  return { type: 'quote', terms, termsBytes, mac: fields.has('mac') ? readBytes(fields, 'mac', 32) : null }
}

function decodePay(fields: Fields): WireMessage {
  const isTip = fields.has('tip') && readInteger(fields, 'tip', 1) === 1
  return {
    type: 'pay',
    channelId: readHex(fields, 'channel', 32),
    cumulative: readAmount(fields, 'cumulative'),
    signature: readHex(fields, 'sig', 65),
    amount: readAmount(fields, 'amount'),
    lengthBytes: readInteger(fields, 'bytes', Number.MAX_SAFE_INTEGER),
    pieceIndex: fields.has('piece') ? readInteger(fields, 'piece', MAX_PIECE_INDEX) : null,
    tipMemo: isTip ? (fields.has('memo') ? readText(fields, 'memo', MAX_MEMO_LENGTH) : '') : null,
  }
}

function decodeRelease(fields: Fields): WireMessage {
  const channelId = readHex(fields, 'channel', 32)
  if (fields.has('sig') || fields.has('cumulative')) {
    return {
      type: 'release',
      channelId,
      cumulative: readAmount(fields, 'cumulative'),
      signature: readHex(fields, 'sig', 65),
    }
  }
  const hasVoucher = fields.has('latest') || fields.has('voucher')
  return {
    type: 'releaseRequest',
    channelId,
    proof: readHex(fields, 'proof', 65),
    latest: hasVoucher
      ? { cumulative: readAmount(fields, 'latest'), signature: readHex(fields, 'voucher', 65) }
      : null,
  }
}

/** null for a code that we do not know: it may be a later one, and is no offence. */
function decodeReject(fields: Fields): WireMessage | null {
  const text = readText(fields, 'code', 40)
  const code = REJECT_CODES.find((known) => known === text)
  if (!code) return null
  return {
    type: 'reject',
    code,
    words: readText(fields, 'words', MAX_WORDS_LENGTH),
    channelId: fields.has('channel') ? readHex(fields, 'channel', 32) : null,
  }
}

/** Checks an untrusted message; null when its type, code or unit is unknown to us. Throws nothing but WireError 'malformed'. */
export function decodeMessage(payload: Uint8Array): WireMessage | null {
  if (payload.length > MAX_MESSAGE_BYTES) throw new WireError('malformed', 'a message is over 16 KiB')
  const fields = decodeFields(payload)
  switch (readText(fields, 't', 40)) {
    case 'quote':
      return decodeQuote(fields)
    case 'seat':
      return {
        type: 'seat',
        seat: {
          channelId: readHex(fields, 'id', 32),
          channel: decodeChannel(asFields(fields.get('channel'), 'channel')),
          leaf: decodeLeaf(asFields(fields.get('leaf'), 'leaf')),
          path: decodePath(fields),
          opening: fields.has('open')
            ? { signature: readHex(fields, 'open', 65), note: readHexUpTo(fields, 'note', MAX_NOTE_BYTES) }
            : null,
        },
        proof: readHex(fields, 'proof', 65),
      }
    case 'bid':
      return { type: 'bid', ratePerMiB: readAmount(fields, 'rate') }
    case 'pay':
      return decodePay(fields)
    case 'ack':
      return {
        type: 'ack',
        channelId: readHex(fields, 'channel', 32),
        cumulative: readAmount(fields, 'cumulative'),
        paidBytes: readInteger(fields, 'bytes', Number.MAX_SAFE_INTEGER),
        windowBytes: readInteger(fields, 'window', Number.MAX_SAFE_INTEGER),
      }
    case 'release':
      return decodeRelease(fields)
    case 'reject':
      return decodeReject(fields)
    default:
      return null
  }
}
