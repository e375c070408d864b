/** Which sellers are met on which wires: the payer hears of each once, and of its going when the last wire closes. */
import { type Payer, type SellerTerms, sellerKey } from '../payments/ports.ts'
import type { PeerKey } from '../torrent/wire-extension.ts'

export interface SellerBook {
  /** A wire's seller and its present terms. */
  offer(peerKey: PeerKey, terms: SellerTerms): void
  leave(peerKey: PeerKey): void
  /** Tells a payer that came later about all of them. */
  offerAll(): void
}

const isSame = (a: SellerTerms, b: SellerTerms): boolean =>
  a.payee === b.payee &&
  a.delegate === b.delegate &&
  a.askPerMiB === b.askPerMiB &&
  a.relayFrom === b.relayFrom &&
  a.deliveredBytes === b.deliveredBytes

/** While paying, only sellers at or under the user's maximum are offered; before that all, so that it can plan. */
export function createSellerBook(getPayer: () => Payer | null): SellerBook {
  const wires = new Map<PeerKey, SellerTerms>()
  const offered = new Map<string, SellerTerms>()

  function update(terms: SellerTerms): void {
    const payer = getPayer()
    if (!payer) return
    const key = sellerKey(terms)
    const known = offered.get(key)
    if (payer.isPaying() && terms.askPerMiB > payer.getMaxAskPerMiB()) {
      if (!known) return
      offered.delete(key)
      payer.forgetSeller(terms)
    } else if (!known || !isSame(known, terms)) {
      offered.set(key, terms)
      payer.offerSeller(terms)
    }
  }

  return {
    offer(peerKey, terms) {
      wires.set(peerKey, terms)
      update(terms)
    },
    leave(peerKey) {
      const left = wires.get(peerKey)
      if (!left) return
      wires.delete(peerKey)
      const key = sellerKey(left)
      if ([...wires.values()].some((terms) => sellerKey(terms) === key)) return
      if (offered.delete(key)) getPayer()?.forgetSeller(left)
    },
    offerAll() {
      offered.clear()
      for (const terms of wires.values()) update(terms)
    },
  }
}
