/** What a seller tells one buyer of itself and its price, sealed for this wire; and which account this wire may pay. */

import { type Hex, WireError } from '../../base/index.ts'
import type { Endorsement } from '../../channels/index.ts'
import type { Payee } from '../../payments/index.ts'
import { type Amount, BLOCK_BYTES, priceOf, ZERO_AMOUNT } from '../../units/index.ts'
import type { QuoteTerms, SendMessage } from '../wire/message.ts'
import { sealQuote, type WireIdentity } from '../wire/quote-proof.ts'
import { encodeQuoteTerms } from '../wire/quote-terms.ts'

/** What we sell at; null where nothing is sold. */
export interface Selling {
  readonly askPerMiB: Amount
  readonly freeAllowanceBytes: number
  readonly freeBytesPerSec: number
  /** The least seat whose channel we open at our own expense; null: we open none. */
  readonly relayFrom: Amount | null
}

export class SellerQuotes {
  readonly #send: SendMessage
  readonly #getPayee: () => Payee | null
  #wire: { readonly buyerKey: Hex; readonly identity: WireIdentity } | null = null
  /** What the delegate shares with this buyer; made at the first quote. */
  #secret: Uint8Array | null = null
  #quoted: Payee | null = null
  #step: Amount = ZERO_AMOUNT

  constructor(send: SendMessage, getPayee: () => Payee | null) {
    this.#send = send
    this.#getPayee = getPayee
  }

  /** The least that a voucher adds, but for a few in a seat. */
  get step(): Amount {
    return this.#step
  }

  /** What quotes and proofs on this wire are bound to; null before the other side greeted. */
  get identity(): WireIdentity | null {
    return this.#wire?.identity ?? null
  }

  /** The account that this wire was told of: another one cannot take its money. */
  get payee(): Payee | null {
    const payee = this.#getPayee()
    const quoted = this.#quoted
    const isSame = payee?.payee === quoted?.payee && payee?.delegate === quoted?.delegate
    return quoted === null || isSame ? payee : null
  }

  greet(buyerKey: Hex, identity: WireIdentity): void {
    this.#wire = { buyerKey, identity }
  }

  /** Quotes; returns the ask that now holds. Nothing is sold without the payee's word for its delegate. Throws WireError. */
  quote(selling: Selling | null, windowBytes: number): Amount {
    const { payee } = this
    const endorsement = payee?.getEndorsement() ?? null
    const seller = selling && payee && endorsement ? { payee, endorsement, selling } : null
    const ask = seller ? seller.selling.askPerMiB : ZERO_AMOUNT
    if (seller) this.#quoted = payee
    // A voucher is worth a block at least: each costs us a signature check and a write.
    this.#step = priceOf(BLOCK_BYTES, ask)
    const terms = {
      askPerMiB: ask,
      windowBytes,
      freeAllowanceBytes: selling?.freeAllowanceBytes ?? 0,
      step: this.#step,
      relayFrom: seller ? seller.selling.relayFrom : null,
    }
    if (seller) this.#sendSealed(terms, seller.payee, seller.endorsement)
    else this.#sendOpen({ ...terms, seller: null })
    return ask
  }

  #sendOpen(terms: QuoteTerms): void {
    this.#send({ type: 'quote', terms, termsBytes: encodeQuoteTerms(terms), mac: null })
  }

  #sendSealed(
    open: Omit<QuoteTerms, 'seller'>,
    { payee, agreement }: Payee,
    { untilSec, signature: endorsement }: Endorsement,
  ): void {
    if (!this.#wire) return
    const seller = { payee, publicKey: agreement.publicKey, untilSec, endorsement }
    const terms = { ...open, seller }
    const termsBytes = encodeQuoteTerms(terms)
    try {
      this.#secret ??= agreement.agree(this.#wire.buyerKey)
    } catch (cause) {
      throw new WireError('malformed', 'the handshake’s key is none', { cause })
    }
    this.#send({
      type: 'quote',
      terms,
      termsBytes,
      mac: sealQuote(termsBytes, this.#secret, this.#wire.identity),
    })
  }
}
