/** Which sellers are met on which wires, and what each delivered: the payer hears of each once, and of its going when the last wire closes. */
import { type Payer, type SellerTerms, sellerKey } from '../../payments/index.ts'
import type { PeerKey } from '../../torrent/index.ts'

export type OfferedTerms = Omit<SellerTerms, 'deliveredBytes'>

export interface SellerBook {
  /** A wire's seller and its present terms. */
  offer(peerKey: PeerKey, terms: OfferedTerms): void
  /** Verified bytes came over a wire. */
  deliver(peerKey: PeerKey, lengthBytes: number): void
  leave(peerKey: PeerKey): void
  /** Tells a payer that came later about all of them. */
  offerAll(): void
}

/** What gone sellers delivered is remembered for the visit, of so many at most. */
const MAX_REMEMBERED = 1_024

const isSame = (a: SellerTerms, b: SellerTerms): boolean =>
  a.askPerMiB === b.askPerMiB && a.relayFrom === b.relayFrom && a.deliveredBytes === b.deliveredBytes

/** Deliveries are told when they have doubled: a plan weighs sellers, it does not count blocks. */
const roundBytes = (lengthBytes: number): number =>
  lengthBytes <= 0 ? 0 : 2 ** Math.floor(Math.log2(lengthBytes))

/** While paying, only sellers at or under the user's maximum are offered; before that all, so that it can plan. Never one's own account. */
export function createSellerBook(getPayer: () => Payer | null): SellerBook {
  const wires = new Map<PeerKey, OfferedTerms>()
  const offered = new Map<string, SellerTerms>()
  const delivered = new Map<string, number>()
  /** What came over wires before they quoted. */
  const early = new Map<PeerKey, number>()

  function count(key: string, lengthBytes: number): void {
    const sum = (delivered.get(key) ?? 0) + lengthBytes
    delivered.delete(key)
    delivered.set(key, sum)
    const [oldest] = delivered.keys()
    if (delivered.size > MAX_REMEMBERED && oldest) delivered.delete(oldest)
  }

  function update(wireTerms: OfferedTerms): void {
    const payer = getPayer()
    if (!payer) return
    const key = sellerKey(wireTerms)
    const terms = { ...wireTerms, deliveredBytes: roundBytes(delivered.get(key) ?? 0) }
    const known = offered.get(key)
    const isTooDear = payer.isPaying() && terms.askPerMiB > payer.getMaxAskPerMiB()
    if (isTooDear || payer.isOwn(terms.payee)) {
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
      const before = early.get(peerKey)
      if (before !== undefined) {
        early.delete(peerKey)
        count(sellerKey(terms), before)
      }
      update(terms)
    },
    deliver(peerKey, lengthBytes) {
      const terms = wires.get(peerKey)
      if (!terms) {
        early.set(peerKey, (early.get(peerKey) ?? 0) + lengthBytes)
        return
      }
      count(sellerKey(terms), lengthBytes)
      update(terms)
    },
    leave(peerKey) {
      early.delete(peerKey)
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
