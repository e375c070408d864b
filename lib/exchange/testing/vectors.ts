/** For tests: the vectors of docs/PROTOCOL.md, and what its section 11 says that they are made of. */
import { readFileSync } from 'node:fs'
import { bytesToHex, encodeBencode, hexToBytes } from '../../base/index.ts'
import {
  type ChannelFields,
  channelId,
  domainSeparator,
  endorsementText,
  openDigest,
  planOpening,
  releaseDigest,
  type SeatLeaf,
  seatProofDigest,
  voucherDigest,
} from '../../channels/index.ts'
import { endorse } from '../../channels/testing/endorse.ts'
import {
  addressFromBytes,
  addressOfPrivateKey,
  addressToBytes,
  createAgreementKey,
  messageDigest,
  signDigest,
} from '../../tron/index.ts'
import { BLOCK_BYTES, priceOf, toAmount } from '../../units/index.ts'
import { encodeMessage } from '../wire/codec.ts'
import { encodeHandshake } from '../wire/handshake.ts'
import type { WireMessage } from '../wire/message.ts'
import { sealQuote } from '../wire/quote-proof.ts'
import { encodeQuoteTerms } from '../wire/quote-terms.ts'

/** Hex without 0x by name, as the document has them. */
export function readVectors(): ReadonlyMap<string, string> {
  const text = readFileSync(new URL('../../../docs/PROTOCOL.md', import.meta.url), 'utf8')
  return new Map(
    [...text.matchAll(/^([a-z0-9-]+) = ((?:[0-9a-f]+\n?)+)$/gm)].map(([, name = '', hex = '']) => [
      name,
      hex.replaceAll('\n', ''),
    ]),
  )
}

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const repeated = (byte: number) => addressFromBytes(new Uint8Array(20).fill(byte))
const btt = (value: bigint) => toAmount(value * 10n ** 18n)
const bare = (hex: string): string => hex.slice(2)

export const PIECE_BYTES = 262_144
export const SESSION_ASK = btt(10n)
export const SESSION_DOMAIN = { chainId: 3_448_148_188, contract: repeated(0x0c) }
export const SIGNER_KEY = key(0x11)
export const DELEGATE_KEY = key(0x33)
const PRICE = toAmount(2_500_000_000_000_000_000n)

const PAYEE_KEY = key(0x22)
const seller = { payee: addressOfPrivateKey(PAYEE_KEY), delegate: addressOfPrivateKey(DELEGATE_KEY) }
const ours: SeatLeaf = { ...seller, cap: btt(60n) }
const { channel, note, tree } = planOpening(
  [
    ours,
    { payee: repeated(0x0a), delegate: repeated(0x0b), cap: btt(30n) },
    { payee: repeated(0xee), delegate: repeated(0x0b), cap: btt(10n) },
  ],
  { payer: repeated(0x01), signer: addressOfPrivateKey(SIGNER_KEY), closeDelaySec: 3_600 },
  new Uint8Array(16).fill(0x04),
)

/** The channel of the session: three seats, the seller's among them. */
export const SESSION_CHANNEL: ChannelFields = channel
export const SESSION_SELLER = seller
export const SESSION_INFO_HASH = 'ab'.repeat(20)
/** The buyer's for this visit. */
export const VISIT_KEY = key(0x44)
export const BUYER_NONCE = bytesToHex(key(0x06))
export const SELLER_NONCE = bytesToHex(key(0x07))
export const SESSION_ENDORSEMENT = endorse(
  PAYEE_KEY,
  { delegate: seller.delegate, untilSec: 1_800_000_000 },
  SESSION_DOMAIN,
)
const visit = createAgreementKey(VISIT_KEY)
const identity = {
  domain: SESSION_DOMAIN,
  infoHash: SESSION_INFO_HASH,
  buyerNonce: BUYER_NONCE,
  sellerNonce: SELLER_NONCE,
}
/** What the seller quotes; its window is four pieces, its step a block. */
const terms = encodeQuoteTerms({
  askPerMiB: SESSION_ASK,
  windowBytes: 4 * PIECE_BYTES,
  freeAllowanceBytes: 0,
  step: priceOf(BLOCK_BYTES, SESSION_ASK),
  relayFrom: null,
  seller: {
    payee: seller.payee,
    publicKey: createAgreementKey(DELEGATE_KEY).publicKey,
    untilSec: SESSION_ENDORSEMENT.untilSec,
    endorsement: SESSION_ENDORSEMENT.signature,
  },
})
const secret = visit.agree(createAgreementKey(DELEGATE_KEY).publicKey)
const id = channelId(SESSION_CHANNEL, SESSION_DOMAIN)
const claimFor = (purpose: 'serve' | 'release') => ({
  channelId: id,
  ...seller,
  infoHash: SESSION_INFO_HASH,
  nonce: SELLER_NONCE,
  purpose,
})
const proofFor = (purpose: 'serve' | 'release') =>
  signDigest(SIGNER_KEY, seatProofDigest(claimFor(purpose), SESSION_DOMAIN))
const voucher = { channelId: id, payee: seller.payee, cumulative: PRICE }
const path = tree.proofOf(seller.payee)
const signature = signDigest(SIGNER_KEY, voucherDigest(voucher, SESSION_DOMAIN))

/** Separator, id, tree, digests and signatures of that session. */
export function computeDigests(): Readonly<Record<string, string>> {
  return {
    'digest-separator': bare(bytesToHex(domainSeparator(SESSION_DOMAIN))),
    'digest-channel-id': bare(id),
    'digest-note': bare(note),
    'digest-salt': bare(channel.salt),
    'digest-root': bare(tree.root),
    'digest-path': bare(
      bytesToHex(
        encodeBencode(
          path.map(({ hash, sum, side }) => ({
            hash: hexToBytes(hash),
            right: side === 'right' ? 1 : 0,
            sum: sum.toString(),
          })),
        ),
      ),
    ),
    'digest-signer': bare(bytesToHex(addressToBytes(SESSION_CHANNEL.signer))),
    'digest-payee': bare(bytesToHex(addressToBytes(seller.payee))),
    'digest-delegate': bare(bytesToHex(addressToBytes(seller.delegate))),
    'digest-endorsement': bare(
      bytesToHex(messageDigest(endorsementText(SESSION_ENDORSEMENT, SESSION_DOMAIN))),
    ),
    'digest-endorsement-signature': bare(SESSION_ENDORSEMENT.signature),
    'digest-secret': bare(bytesToHex(secret)),
    'digest-terms': bare(bytesToHex(terms)),
    'digest-mac': bare(bytesToHex(sealQuote(terms, secret, identity))),
    'digest-seat-proof': bare(bytesToHex(seatProofDigest(claimFor('serve'), SESSION_DOMAIN))),
    'digest-seat-proof-signature': bare(proofFor('serve')),
    'digest-voucher': bare(bytesToHex(voucherDigest(voucher, SESSION_DOMAIN))),
    'digest-voucher-signature': bare(signature),
    'digest-open': bare(bytesToHex(openDigest({ channelId: id }, SESSION_DOMAIN))),
    'digest-open-signature': bare(signDigest(SIGNER_KEY, openDigest({ channelId: id }, SESSION_DOMAIN))),
    'digest-release': bare(bytesToHex(releaseDigest(voucher, SESSION_DOMAIN))),
    'digest-release-signature': bare(signDigest(DELEGATE_KEY, releaseDigest(voucher, SESSION_DOMAIN))),
  }
}

const encoded = (message: WireMessage): string => bare(bytesToHex(encodeMessage(message)))

/** What the buyer sends, in order; all of it was made by the room's own codec. */
export function computeBuyerMessages(): Readonly<Record<string, string>> {
  const latest = { cumulative: PRICE, signature }
  const seat = { channelId: id, channel: SESSION_CHANNEL, leaf: ours, path, opening: null }
  const pay = {
    channelId: id,
    ...latest,
    amount: PRICE,
    lengthBytes: PIECE_BYTES,
    pieceIndex: 0,
    tipMemo: null,
  }
  return {
    'session-01-buyer': bare(
      bytesToHex(
        encodeBencode({
          btt: encodeHandshake(SESSION_DOMAIN, { publicKey: visit.publicKey, nonce: BUYER_NONCE }),
        }),
      ),
    ),
    'session-04-buyer': encoded({ type: 'seat', seat, proof: proofFor('serve') }),
    'session-06-buyer': encoded({ type: 'bid', ratePerMiB: SESSION_ASK }),
    'session-07-buyer': encoded({ type: 'pay', ...pay }),
    'session-09-buyer': encoded({ type: 'bid', ratePerMiB: toAmount(0n) }),
    'session-10-buyer': encoded({
      type: 'releaseRequest',
      channelId: id,
      proof: proofFor('release'),
      latest,
    }),
  }
}
