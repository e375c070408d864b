/** A seller's answer to a request for its release. Invariant: only the payer gets one, for a release ends the seat. */
import type { Payee } from '../payments/ports.ts'
import { type Amount, ZERO_AMOUNT } from '../units/index.ts'
import type { RejectMessage, ReleaseMessage, ReleaseRequestMessage } from './message.ts'

export interface ReleaseAnswer {
  readonly message: ReleaseMessage | RejectMessage
  /** What the voucher in the request added: it may be one that was lost on the way. */
  readonly added: Amount
}

/**
 * Only the payer and we know the highest voucher, so whoever shows it may ask. A seat that never had one is given back
 * to whom showed it on this wire.
 */
export async function answerRelease(
  payee: Payee,
  { channelId, latest }: ReleaseRequestMessage,
  context: { readonly infoHash: string; readonly torrentName: string; readonly isUnusedSeat: boolean },
): Promise<ReleaseAnswer> {
  let added = ZERO_AMOUNT
  let isAllowed = context.isUnusedSeat
  if (latest) {
    const { infoHash, torrentName } = context
    const verdict = await payee.acceptVoucher(
      { channelId, payee: payee.payee, ...latest },
      { infoHash, torrentName, pieceIndex: null, lengthBytes: 0, memo: null },
    )
    if (verdict.status === 'accepted') added = verdict.delta
    // 'closing' came after the signature was found good: the payer asks again for a release that was lost on the way.
    isAllowed =
      verdict.status === 'accepted' ||
      verdict.code === 'closing' ||
      (verdict.code === 'stale' && verdict.cumulative === latest.cumulative)
  }
  const reject = (code: RejectMessage['code'], words: string): ReleaseAnswer => ({
    message: { type: 'reject', code, words, channelId },
    added,
  })
  if (!isAllowed) return reject('bad-signature', 'only the payer may ask for a release')
  const release = await payee.release(channelId)
  if (!release) return reject('not-open', 'we know no such seat')
  const { cumulative, signature } = release
  return { message: { type: 'release', channelId, cumulative, signature }, added }
}
