/**
 * Vouchers and releases of a payer. Invariants: a voucher and its receipt are on the disk before anybody sees the voucher; no
 * voucher passes its seat's cap; nothing above the owner's ceiling, or for a torrent without consent, is promised.
 */
import { releaseDigest, type SignedRelease, type SignedVoucher, voucherDigest } from '../../channels/index.ts'
import { recoverSigner } from '../../tron/index.ts'
import { type Amount, priceOf, toAmount } from '../../units/index.ts'
import type { PaymentReason, SellerId } from '../ports.ts'
import { isAgreedTo } from './agreed-torrents.ts'
import { isLocked } from './budget-state.ts'
import { isLive } from './channel-state.ts'
import type { PayerContext } from './context.ts'
import { promisedOf, reducePayerSeat } from './seat-state.ts'
import type { PayerSeats } from './seats.ts'

/** A piece is priced in at most a few parts, each rounded up: this covers the roundings. */
const ROUNDING_SLACK = 16n

export interface Promises {
  /** Whether this page's key may raise vouchers now. */
  isSpendable(): boolean
  /** Whether the budget's owner agreed to pay for this torrent. */
  mayPayFor(infoHash: string): boolean
  /** `Payer.pay`; one at a time for each payee. */
  promise(seller: SellerId, amount: Amount, reason: PaymentReason): Promise<SignedVoucher | null>
  /** `Payer.acceptRelease`; one at a time for each payee. */
  acceptRelease(release: SignedRelease): Promise<boolean>
}

export function createPromises(context: PayerContext, seats: PayerSeats): Promises {
  const { book, chain, clock, sessionKey } = context

  const isSpendable = (): boolean => {
    const status = book.getSession()?.state.status
    const isOurs = book.getSession()?.signer === sessionKey.address
    return isOurs && (status === 'paying' || status === 'stopped' || status === 'settling')
  }

  const mayPayFor = (infoHash: string): boolean => {
    const session = book.getSession()
    return session !== null && isLocked(session.state) && isAgreedTo(session.torrents, infoHash)
  }

  async function promise(
    seller: SellerId,
    amount: Amount,
    reason: PaymentReason,
  ): Promise<SignedVoucher | null> {
    const { payee } = seller
    const session = book.getSession()
    if (!session || amount <= 0n || !isSpendable() || !mayPayFor(reason.infoHash)) return null
    const isPiece = reason.pieceIndex !== null
    if (isPiece && amount > priceOf(reason.lengthBytes, session.maxAskPerMiB) + ROUNDING_SLACK) return null
    const seat = await seats.findCovering(seller, amount)
    if (!seat) return null
    const cumulative = toAmount(promisedOf(seat.state) + amount)
    const unsigned = { channelId: seat.channelId, payee, cumulative }
    const signature = await sessionKey.sign(voucherDigest(unsigned, chain.network))
    const voucher: SignedVoucher = { ...unsigned, signature }
    const { infoHash, torrentName, pieceIndex, lengthBytes, memo } = reason
    await book.commit(() => ({
      seats: [{ ...seat, state: reducePayerSeat(seat.state, { kind: 'paid', voucher }, seat.cap) }],
      receipts: [
        {
          kind: isPiece ? 'piece' : 'tip',
          atMs: clock.nowMs(),
          channelId: seat.channelId,
          payee,
          amount,
          cumulative,
          infoHash,
          torrentName,
          pieceIndex,
          lengthBytes,
          memo,
        },
      ],
    }))
    return voucher
  }

  async function acceptRelease(release: SignedRelease): Promise<boolean> {
    const seat = book.getSeat(release.channelId, release.payee)
    const channel = book.getChannel(release.channelId)
    const leaf = channel?.leaves.find(({ payee }) => payee === release.payee)
    if (!seat || !channel || !leaf || !isLive(channel.state)) return false
    if (seat.state.status === 'released') return seat.state.release.cumulative === release.cumulative
    if (release.cumulative < 0n || release.cumulative > promisedOf(seat.state)) return false
    const signer = recoverSigner(releaseDigest(release, chain.network), release.signature)
    if (signer === null || (signer !== leaf.payee && signer !== leaf.delegate)) return false
    const { channelId, payee, cumulative, signature } = release
    const kept: SignedRelease = { channelId, payee, cumulative, signature }
    await book.commit(() => ({
      seats: [{ ...seat, state: reducePayerSeat(seat.state, { kind: 'released', release: kept }, seat.cap) }],
    }))
    return true
  }

  return { isSpendable, mayPayFor, promise, acceptRelease }
}
