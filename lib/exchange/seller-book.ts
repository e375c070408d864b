/** Which sellers are met on which wires: the payer hears of each once, and of its going when the last wire closes. */
import type { Payer, SellerTerms } from '../payments/ports.ts'
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
  a.relaysOpen === b.relaysOpen

/** While paying, only sellers at or under the user's maximum are offered; before that all, so that it can plan. */
export function createSellerBook(getPayer: () => Payer | null): SellerBook {
  const wires = new Map<PeerKey, SellerTerms>()
  const offered = new Map<SellerTerms['payee'], SellerTerms>()

  function update(terms: SellerTerms): void {
    const payer = getPayer()
    if (!payer) return
    const known = offered.get(terms.payee)
    if (payer.isPaying() && terms.askPerMiB > payer.getMaxAskPerMiB()) {
      if (!known) return
      offered.delete(terms.payee)
      payer.forgetSeller(terms.payee)
    } else if (!known || !isSame(known, terms)) {
      offered.set(terms.payee, terms)
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
      if ([...wires.values()].some((terms) => terms.payee === left.payee)) return
      if (offered.delete(left.payee)) getPayer()?.forgetSeller(left.payee)
    },
    offerAll() {
      offered.clear()
      for (const terms of wires.values()) update(terms)
    },
  }
}
