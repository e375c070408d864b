/** The terms of a quote as bytes: a bencoded dictionary of its own, so that what the seller seals is exactly what the buyer reads. */
import { encodeBencode, hexToBytes } from '../../base/index.ts'
import { addressToBytes } from '../../tron/index.ts'
import { encodeAmount } from '../../units/index.ts'
import {
  decodeFields,
  type Fields,
  readAddress,
  readAmount,
  readHex,
  readInteger,
  readText,
} from './fields.ts'
import type { QuotedSeller, QuoteTerms } from './message.ts'

/** BTT per MiB. A quote in any other unit is one that we do not understand. */
const UNIT = 'btt/mib'
const MAX_UNIT_LENGTH = 40

/** The bytes of terms. */
export function encodeQuoteTerms(terms: QuoteTerms): Uint8Array {
  const { seller } = terms
  return encodeBencode({
    ask: encodeAmount(terms.askPerMiB),
    window: terms.windowBytes,
    free: terms.freeAllowanceBytes,
    step: encodeAmount(terms.step),
    relay: terms.relayFrom === null ? undefined : encodeAmount(terms.relayFrom),
    payee: seller ? addressToBytes(seller.payee) : undefined,
    key: seller ? hexToBytes(seller.publicKey) : undefined,
    until: seller?.untilSec,
    word: seller ? hexToBytes(seller.endorsement) : undefined,
  })
}

/** Untrusted bytes; null for terms in a unit that we do not know. Throws WireError 'malformed'. */
export function decodeQuoteTerms(bytes: Uint8Array): QuoteTerms | null {
  const fields = decodeFields(bytes)
  if (fields.has('unit') && readText(fields, 'unit', MAX_UNIT_LENGTH) !== UNIT) return null
  return {
    askPerMiB: readAmount(fields, 'ask'),
    windowBytes: readInteger(fields, 'window', Number.MAX_SAFE_INTEGER),
    freeAllowanceBytes: readInteger(fields, 'free', Number.MAX_SAFE_INTEGER),
    step: readAmount(fields, 'step'),
    relayFrom: fields.has('relay') ? readAmount(fields, 'relay') : null,
    seller: fields.has('payee') || fields.has('key') ? decodeSeller(fields) : null,
  }
}

function decodeSeller(fields: Fields): QuotedSeller {
  return {
    payee: readAddress(fields, 'payee'),
    publicKey: readHex(fields, 'key', 33),
    untilSec: readInteger(fields, 'until', Number.MAX_SAFE_INTEGER),
    endorsement: readHex(fields, 'word', 65),
  }
}
