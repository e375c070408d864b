/** Test only: a payer by hand, who funds purses, signs seats and vouchers as it likes, and keeps no rule of ours. */

import { ChannelError } from '../../base/index.ts'
import {
  type Chain,
  channelId,
  openDigest,
  planOpening,
  type SignedVoucher,
  voucherDigest,
} from '../../channels/index.ts'
import type { TransactionSigner } from '../../tron/index.ts'
import { type Amount, toAmount } from '../../units/index.ts'
import type { DigestSigner } from '../payer/context.ts'
import type { OfferedSeat, SellerId } from '../ports.ts'

export interface Stranger {
  /** Puts so much into a new purse of its signer, which lasts a day of the chain's time. */
  fund(amount: Amount): Promise<void>
  /** A seat with a signed opening that nobody has sent yet. */
  offer(seller: SellerId, cap: Amount): Promise<OfferedSeat>
  /** Sends an offered seat's opening at its own expense. */
  open(seat: OfferedSeat): Promise<void>
  promise(seat: OfferedSeat, cumulative: Amount): Promise<SignedVoucher>
  startClose(seat: OfferedSeat): Promise<void>
}

let nonces = 0

export function createStranger(options: {
  readonly chain: Chain
  readonly wallet: TransactionSigner
  readonly signer: DigestSigner
}): Stranger {
  const { chain, wallet, signer } = options
  return {
    async fund(amount) {
      const untilSec = BigInt(Math.floor((await chain.getHeadTimeMs()) / 1000) + 86_400)
      await chain.send({ kind: 'approve', amount }, wallet)
      await chain.send({ kind: 'fund', signer: signer.address, amount, untilSec }, wallet)
    },
    async offer({ payee, delegate }, cap) {
      nonces += 1
      const nonce = new Uint8Array(16)
      new DataView(nonce.buffer).setUint32(0, nonces)
      const terms = { payer: wallet.address, signer: signer.address, closeDelaySec: 3_600 }
      const { channel, note, tree } = planOpening([{ payee, delegate, cap }], terms, nonce)
      const [leaf] = tree.leaves
      if (!leaf) throw new ChannelError('malformed', 'a tree without a leaf')
      const id = channelId(channel, chain.network)
      const signature = await signer.sign(openDigest({ channelId: id }, chain.network))
      return { channelId: id, channel, leaf, path: [], opening: { signature, note } }
    },
    async open({ channel, opening }) {
      if (!opening) throw new ChannelError('no-signature', 'nothing to open')
      await chain.send({ kind: 'open', channel, ...opening }, wallet)
    },
    async promise({ channelId: id, leaf }, cumulative) {
      const unsigned = { channelId: id, payee: leaf.payee, cumulative: toAmount(cumulative) }
      return { ...unsigned, signature: await signer.sign(voucherDigest(unsigned, chain.network)) }
    },
    async startClose({ channel }) {
      await chain.send({ kind: 'startClose', channel }, wallet)
    },
  }
}
