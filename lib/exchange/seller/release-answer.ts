/** A seller's answer to a request for its release. Invariant: only the channel's signer gets one, for a release ends the seat. */
import type { Payee } from '../../payments/index.ts'
import { type Amount, ZERO_AMOUNT } from '../../units/index.ts'
import type { RejectMessage, ReleaseMessage, ReleaseRequestMessage } from '../wire/message.ts'

export interface ReleaseAnswer {
  readonly message: ReleaseMessage | RejectMessage
  /** What the voucher in the request added: it may be one that was lost on the way. */
  readonly added: Amount
}

/**
 * Answers a request whose proof, of purpose 'release' on this very wire, was found good. A voucher that comes along is taken first;
 * one that we cannot take (closing, stale) changes nothing.
 */
export async function answerRelease(
  payee: Payee,
  { channelId, latest }: ReleaseRequestMessage,
  context: { readonly infoHash: string; readonly torrentName: string },
): Promise<ReleaseAnswer> {
  let added = ZERO_AMOUNT
  const reject = (code: RejectMessage['code'], words: string): ReleaseAnswer => ({
    message: { type: 'reject', code, words, channelId },
    added,
  })
  if (latest) {
    const verdict = await payee.acceptVoucher(
      { channelId, payee: payee.payee, ...latest },
      { ...context, pieceIndex: null, lengthBytes: 0, memo: null },
    )
    if (verdict.status === 'accepted') added = verdict.delta
    else if (verdict.code === 'bad-signature')
      return reject('bad-signature', 'that voucher is not the signer’s')
  }
  const release = await payee.release(channelId)
  if (!release) return reject('not-open', 'we know no such seat')
  const { cumulative, signature } = release
  return { message: { type: 'release', channelId, cumulative, signature }, added }
}
