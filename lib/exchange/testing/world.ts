/** For tests of this room: a clock moved by hand, payers and payees without a chain, and a pair of joined wires. */

import { sha256 } from '@noble/hashes/sha2.js'
import type { Clock } from '../../base/index.ts'
import { bytesToHex, type Hex, type WireError } from '../../base/index.ts'
import { ENDORSEMENT_SEC, type SignedVoucher, seatProofDigest } from '../../channels/index.ts'
import { endorse } from '../../channels/testing/endorse.ts'
import type {
  OfferedSeat,
  Payee,
  Payer,
  PaymentReason,
  SeatClaim,
  SeatVerdict,
  SellerId,
  VoucherVerdict,
} from '../../payments/index.ts'
import type { BlockClass, ExtensionLink, ExtensionWire, PeerKey } from '../../torrent/index.ts'
import {
  type Address,
  addressFromBytes,
  addressOfPrivateKey,
  createAgreementKey,
  signDigest,
} from '../../tron/index.ts'
import { type Amount, BLOCK_BYTES, toAmount, ZERO_AMOUNT } from '../../units/index.ts'
import type { Exchange } from '../exchange.ts'
import type { QuoteMessage, QuoteTerms } from '../wire/message.ts'
import { sealQuote } from '../wire/quote-proof.ts'
import { encodeQuoteTerms } from '../wire/quote-terms.ts'

export const fakeAddress = (seed: number): Address => addressFromBytes(new Uint8Array(20).fill(seed))
export const fakeHash = (seed: number): Hex => bytesToHex(new Uint8Array(32).fill(seed))
export const INFO_HASH = 'ab'.repeat(20)
export const DOMAIN = { chainId: 3_448_148_188, contract: fakeAddress(9) }
/** 1 BTT per MiB. */
export const ASK = toAmount(10n ** 18n)

/** Time stands still until `advance`. */
export function createFakeClock(): Clock & { advance(ms: number): void } {
  let now = 1_000
  const timers = new Set<{ readonly atMs: number; readonly run: () => void }>()
  return {
    nowMs: () => now,
    schedule(delayMs, run) {
      const timer = { atMs: now + delayMs, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance(ms) {
      now += ms
      for (const timer of [...timers]) {
        if (timer.atMs > now || !timers.delete(timer)) continue
        timer.run()
      }
    },
  }
}

/** What a signer's key would make: nobody without it can. */
function fakeSign(channelId: Hex, cumulative: Amount): Hex {
  const half = sha256(new TextEncoder().encode(`${channelId}:${cumulative}`))
  return bytesToHex(new Uint8Array([...half, ...half, 27]))
}

const keyOf = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const PAYEE_KEY = keyOf(7)
const DELEGATE_KEY = keyOf(77)
/** Of the channels of `fakeSeat`. */
const SIGNER_KEY = keyOf(51)
export const FAKE_SELLER: SellerId = {
  payee: addressOfPrivateKey(PAYEE_KEY),
  delegate: addressOfPrivateKey(DELEGATE_KEY),
}
export const PAYEE = FAKE_SELLER.payee

/** Proves a fake seat on a wire. */
export const proveFakeSeat = (claim: SeatClaim): Hex => signDigest(SIGNER_KEY, seatProofDigest(claim, DOMAIN))

/** Goes into an exchange's options: every wire then has the same nonces, which a test can sign and seal for. */
export const FIXED = {
  random: (lengthBytes: number) => new Uint8Array(lengthBytes).fill(5),
  visitKey: createAgreementKey(keyOf(9)),
}
const NONCE = fakeHash(5)
const FIXED_WIRE = { domain: DOMAIN, infoHash: INFO_HASH, buyerNonce: NONCE, sellerNonce: NONCE }

/** A proof of a fake seat's channel where the nonces are fixed. */
export const fixedProof = (channelId: Hex, purpose: SeatClaim['purpose']): Hex =>
  proveFakeSeat({ channelId, ...FAKE_SELLER, infoHash: INFO_HASH, nonce: NONCE, purpose })

/** FAKE_SELLER's quote where nonces and visit key are fixed. */
export function fixedQuote(open: Partial<QuoteTerms> = {}): QuoteMessage {
  const untilSec = ENDORSEMENT_SEC
  const { signature } = endorse(PAYEE_KEY, { delegate: FAKE_SELLER.delegate, untilSec }, DOMAIN)
  const agreement = createAgreementKey(DELEGATE_KEY)
  const terms: QuoteTerms = {
    askPerMiB: ASK,
    windowBytes: 1_048_576,
    freeAllowanceBytes: 0,
    step: toAmount(1n),
    relayFrom: null,
    seller: { payee: PAYEE, publicKey: agreement.publicKey, untilSec, endorsement: signature },
    ...open,
  }
  const termsBytes = encodeQuoteTerms(terms)
  const mac = sealQuote(termsBytes, agreement.agree(FIXED.visitKey.publicKey), FIXED_WIRE)
  return { type: 'quote', terms, termsBytes, mac }
}

export function fakeSeat(payee: Address, cap: Amount, seed = 1): OfferedSeat {
  const { delegate } = FAKE_SELLER
  return {
    channelId: fakeHash(seed),
    channel: {
      payer: fakeAddress(50),
      signer: addressOfPrivateKey(SIGNER_KEY),
      root: fakeHash(200),
      total: cap,
      closeDelaySec: 3_600,
      salt: fakeHash(seed + 100),
    },
    leaf: { payee, delegate, cap },
    path: [],
    opening: null,
  }
}

export interface FakePayer extends Payer {
  readonly vouchers: { readonly voucher: SignedVoucher; readonly reason: PaymentReason }[]
  readonly offers: string[]
  readonly releases: Hex[]
  setPaying(isPaying: boolean): void
  /** The account that pays, from then on. */
  setAccount(account: Address): void
  addSeat(seat: OfferedSeat): void
}

export function createFakePayer(seats: readonly OfferedSeat[], maxAsk: Amount = ASK): FakePayer {
  const rows = seats.map((seat) => ({ seat, cumulative: ZERO_AMOUNT }))
  const listeners = new Set<() => void>()
  let isPaying = true
  let own = fakeAddress(50)
  const current = (payee: Address) =>
    rows.find(({ seat, cumulative }) => seat.leaf.payee === payee && cumulative < seat.leaf.cap)
  const vouchers: FakePayer['vouchers'] = []
  const offers: string[] = []
  const releases: Hex[] = []
  const sign = (channelId: Hex, payee: Address, cumulative: Amount): SignedVoucher => ({
    channelId,
    payee,
    cumulative,
    signature: fakeSign(channelId, cumulative),
  })
  const emit = () => {
    for (const listener of listeners) listener()
  }
  return {
    vouchers,
    offers,
    releases,
    setPaying(next) {
      isPaying = next
      emit()
    },
    setAccount(account) {
      own = account
      emit()
    },
    addSeat(seat) {
      rows.push({ seat, cumulative: ZERO_AMOUNT })
      emit()
    },
    offerSeller: (terms) => void offers.push(`offer ${terms.payee} ${terms.askPerMiB}`),
    isOwn: (payee) => payee === own,
    mayPayFor: () => true,
    proveSeat: async (claim) => proveFakeSeat(claim),
    forgetSeller: ({ payee }) => void offers.push(`forget ${payee}`),
    getSeat: ({ payee }) => (isPaying ? (current(payee)?.seat ?? null) : null),
    getSeatRemaining({ payee }) {
      const row = current(payee)
      return row ? toAmount(row.seat.leaf.cap - row.cumulative) : ZERO_AMOUNT
    },
    isPaying: () => isPaying,
    getMaxAskPerMiB: () => maxAsk,
    async pay({ payee }, amount, reason) {
      await Promise.resolve()
      const row = current(payee)
      if (!row || row.cumulative + amount > row.seat.leaf.cap) return null
      row.cumulative = toAmount(row.cumulative + amount)
      const voucher = sign(row.seat.channelId, payee, row.cumulative)
      vouchers.push({ voucher, reason })
      emit()
      return voucher
    },
    getLatestVoucher(channelId, payee) {
      const row = rows.find(({ seat }) => seat.channelId === channelId && seat.leaf.payee === payee)
      return row && row.cumulative > 0n ? sign(channelId, payee, row.cumulative) : null
    },
    acceptRelease: async (release) => {
      releases.push(release.channelId)
      return true
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export interface FakePayee extends Payee {
  readonly received: { readonly delta: Amount; readonly reason: PaymentReason }[]
  /** What `acceptSeat` and `recheckSeat` say of the chain. */
  chain: SeatVerdict['status'] | 'closing' | 'gone'
  total(): Amount
}

/** `nowSec`: the time of the clock that its buyers go by. */
export function createFakePayee(payee: Address, nowSec = 1): FakePayee {
  const highest = new Map<Hex, Amount>()
  const caps = new Map<Hex, Amount>()
  const seats = new Map<Hex, OfferedSeat>()
  const received: FakePayee['received'] = []
  const check = (channelId: Hex): SeatVerdict => {
    if (fake.chain === 'accepted') {
      return { status: 'accepted', cumulative: highest.get(channelId) ?? ZERO_AMOUNT }
    }
    return fake.chain === 'pending' || fake.chain === 'gone'
      ? { status: 'pending' }
      : { status: 'refused', code: 'closing' }
  }
  const fake: FakePayee = {
    payee,
    delegate: FAKE_SELLER.delegate,
    agreement: createAgreementKey(DELEGATE_KEY),
    getEndorsement: () =>
      endorse(PAYEE_KEY, { delegate: FAKE_SELLER.delegate, untilSec: nowSec + ENDORSEMENT_SEC }, DOMAIN),
    getSeat: (channelId) => seats.get(channelId) ?? null,
    checkSeat: ({ leaf }) => (leaf.payee === payee ? null : 'wrong-payee'),
    received,
    chain: 'accepted',
    total: () => toAmount(received.reduce((sum, { delta }) => sum + delta, 0n)),
    async acceptSeat(seat) {
      const verdict = check(seat.channelId)
      if (verdict.status === 'accepted') {
        caps.set(seat.channelId, seat.leaf.cap)
        seats.set(seat.channelId, seat)
      }
      return verdict
    },
    async acceptVoucher({ channelId, cumulative, signature }, reason): Promise<VoucherVerdict> {
      const known = highest.get(channelId) ?? ZERO_AMOUNT
      if (signature !== fakeSign(channelId, cumulative)) {
        return { status: 'refused', code: 'bad-signature', cumulative: known }
      }
      if (cumulative <= known) return { status: 'refused', code: 'stale', cumulative: known }
      if (cumulative > (caps.get(channelId) ?? 0n)) {
        return { status: 'refused', code: 'over-cap', cumulative: known }
      }
      highest.set(channelId, cumulative)
      const delta = toAmount(cumulative - known)
      received.push({ delta, reason })
      return { status: 'accepted', delta, cumulative }
    },
    recheckSeat: async (channelId) =>
      fake.chain === 'gone' ? { status: 'refused', code: 'not-open' } : check(channelId),
    release: async (channelId) =>
      caps.has(channelId)
        ? {
            channelId,
            payee,
            cumulative: highest.get(channelId) ?? ZERO_AMOUNT,
            signature: fakeSign(channelId, toAmount(1n)),
          }
        : null,
    onChange: () => () => undefined,
  }
  return fake
}

/** A seller and a buyer joined by an ordered wire on which messages, requests and blocks keep their place. */
export interface WirePair {
  readonly buyer: ExtensionWire
  readonly seller: ExtensionWire
  readonly buyerKey: PeerKey
  readonly sellerKey: PeerKey
  readonly drops: string[]
  /** Raw payloads that went from the buyer to the seller. */
  readonly toSeller: Uint8Array[]
  /** Requests a whole piece; once all its blocks came it is verified, or fails its hash and the engine ends the wire. */
  requestPiece(pieceIndex: number, isGarbage?: boolean): void
  heldBlocks(): number
  /** For how long the seller has sent nothing while blocks are held. */
  silentMs: number
  verifiedPieces(): readonly number[]
  /** Until nothing moves any more. */
  settle(): Promise<void>
  close(): void
}

let wireCount = 0

export function joinWires(
  buyerSide: Exchange,
  sellerSide: Exchange,
  options: { readonly pieceLengthBytes?: number; readonly infoHash?: string } = {},
): WirePair {
  const pieceLengthBytes = options.pieceLengthBytes ?? 262_144
  const infoHash = options.infoHash ?? INFO_HASH
  const drops: string[] = []
  const toSeller: Uint8Array[] = []
  const pieces = new Map<number, { paidBytes: number; freeBytes: number; readonly isGarbage: boolean }>()
  const verified: number[] = []
  let held: { readonly pieceIndex: number; readonly theirs: BlockClass; readonly ours: BlockClass }[] = []
  let moves = 0
  let receivedBytes = 0
  let isClosed = false

  const later = (run: () => void): void => {
    moves += 1
    setImmediate(() => {
      if (!isClosed) run()
    })
  }
  const serve = (): void => {
    const waiting = held
    held = []
    for (const block of waiting) {
      if (seller.gate({ blockClass: block.ours, lengthBytes: BLOCK_BYTES }) === 'hold') held.push(block)
      else {
        seller.onBlockSent({ blockClass: block.ours, lengthBytes: BLOCK_BYTES })
        later(() => receive(block.pieceIndex, block.theirs))
      }
    }
  }
  const receive = (pieceIndex: number, blockClass: BlockClass): void => {
    const piece = pieces.get(pieceIndex)
    if (!piece) return
    receivedBytes += BLOCK_BYTES
    if (blockClass === 'paid') piece.paidBytes += BLOCK_BYTES
    else piece.freeBytes += BLOCK_BYTES
    if (piece.paidBytes + piece.freeBytes < pieceLengthBytes) return
    const { paidBytes, freeBytes, isGarbage } = piece
    if (isGarbage) pair.close()
    else {
      verified.push(pieceIndex)
      buyer.onPieceVerified({ pieceIndex, paidBytes, freeBytes })
    }
  }
  const link = (side: 'buyer' | 'seller'): ExtensionLink => ({
    peerKey: `${side}-${++wireCount}` as PeerKey,
    infoHash,
    pieceLengthBytes: () => pieceLengthBytes,
    send(payload) {
      if (side === 'buyer') toSeller.push(payload)
      later(() => (side === 'buyer' ? seller : buyer).onMessage(payload))
    },
    drop: (reason: WireError) => void drops.push(`${side}: ${reason.code}`),
    wakeUploads: () => {
      if (side === 'seller') later(serve)
    },
    silentMs: () => (side === 'buyer' && held.length > 0 ? pair.silentMs : 0),
    ownedPieces: () => (side === 'buyer' ? pieces.size - verified.length : 0),
    receivedBytes: () => receivedBytes,
    recallRequests() {
      for (const { pieceIndex } of held.splice(0)) requestBlock(pieceIndex)
    },
  })
  const requestBlock = (pieceIndex: number): void => {
    buyer.beforeRequest()
    const theirs = buyer.getDownloadClass()
    later(() => {
      const ours = seller.getUploadClass()
      seller.onRequest(ours)
      held.push({ pieceIndex, theirs, ours })
      serve()
    })
  }
  const buyerLink = link('buyer')
  const sellerLink = link('seller')
  const buyer = buyerSide.extension.attach(buyerLink)
  const seller = sellerSide.extension.attach(sellerLink)
  later(() => {
    buyer.onHandshake(seller.handshake)
    seller.onHandshake(buyer.handshake)
  })

  const pair: WirePair = {
    silentMs: 0,
    buyer,
    seller,
    buyerKey: sellerLink.peerKey,
    sellerKey: buyerLink.peerKey,
    drops,
    toSeller,
    requestPiece(pieceIndex, isGarbage = false) {
      pieces.set(pieceIndex, { paidBytes: 0, freeBytes: 0, isGarbage })
      for (let offset = 0; offset < pieceLengthBytes; offset += BLOCK_BYTES) requestBlock(pieceIndex)
    },
    heldBlocks: () => held.length,
    verifiedPieces: () => verified,
    async settle() {
      for (let quiet = 0; quiet < 4; ) {
        const before = moves
        await new Promise((resolve) => setImmediate(resolve))
        quiet = moves === before ? quiet + 1 : 0
      }
    },
    close() {
      isClosed = true
      buyer.onClose()
      seller.onClose()
    },
  }
  return pair
}
