/** The exchange: fills the engine's wire port with payments. Payer, payee and prices may come and go while wires live. */

import type { Hex } from '../base/index.ts'
import { type Clock, systemClock } from '../base/index.ts'
import type { Payee, Payer } from '../payments/index.ts'
import type { PeerKey, WireExtension } from '../torrent/index.ts'
import { type AgreementKey, createVisitKey } from '../tron/index.ts'
import type { Amount } from '../units/index.ts'
import type { BuyingPhase } from './buyer/buyer.ts'
import { collectReleases } from './buyer/releases.ts'
import { createSellerBook } from './buyer/seller-book.ts'
import { createMoneyWire, type MoneyWire, type MoneyWireContext } from './money-wire.ts'
import type { PeerMoney, TipOutcome } from './peer-money.ts'
import { createFreePool } from './seller/free-pool.ts'
import type { Selling } from './seller/quotes.ts'
import { createSeatBook } from './seller/seat-account.ts'
import { createSeatLookups, type RelayOpen } from './seller/seat-lookups.ts'
import { createSeatWatch } from './seller/seat-watch.ts'
import { EXTENSION_NAME, type ExchangeDomain } from './wire/handshake.ts'

export interface ExchangeOptions {
  readonly domain: ExchangeDomain
  readonly payer: Payer | null
  readonly payee: Payee | null
  /** null: we sell nothing and serve everything, as a stock client does. */
  readonly selling: Selling | null
  readonly torrentName: (infoHash: string) => string
  /** Broadcasts a buyer's `open`, where `selling.relayFrom` says that we do; waits until the node took it. */
  readonly relayOpen?: RelayOpen
  /** Errors that are no peer's fault: storage, a bug. The wire is dropped in any case. */
  readonly onError?: (error: unknown) => void
  readonly clock?: Clock
  /** Ours towards sellers; a fresh one for each visit by default. */
  readonly visitKey?: AgreementKey
  /** Cryptographically random bytes. */
  readonly random?: (lengthBytes: number) => Uint8Array
}

export interface Exchange {
  /** Goes into the engine's `extensions`. */
  readonly extension: WireExtension
  /** A plain snapshot; 'free' for a wire that is not known. */
  getPeerMoney(peerKey: PeerKey): PeerMoney
  tip(peerKey: PeerKey, amount: Amount, memo: string): Promise<TipOutcome>
  /** Begins no further paid piece; resolves once those under way are paid, or after `timeoutMs`. `resumeBuying` ends it. */
  finishPieces(timeoutMs: number): Promise<void>
  /**
   * Asks each connected seller of these channels for its release; resolves when all answered or after `timeoutMs`. From
   * here to `resumeBuying` nothing is promised.
   */
  collectReleases(channelIds: readonly Hex[], timeoutMs: number): Promise<void>
  resumeBuying(): void
  setPayer(payer: Payer | null): void
  setPayee(payee: Payee | null): void
  setSelling(selling: Selling | null): void
  /** Runs at each change of some peer's money; not throttled. Returns the unsubscriber. */
  onChange(listener: () => void): () => void
  /** Lets go of payer and payee. The wires stay the engine's. */
  close(): void
}

const FINISH_POLL_MS = 50

export function createExchange(options: ExchangeOptions): Exchange {
  const clock = options.clock ?? systemClock
  const wires = new Map<PeerKey, MoneyWire>()
  const listeners = new Set<() => void>()
  let { payer, payee, selling } = options
  let phase: BuyingPhase = 'buying'
  let unwatchPayer: (() => void) | null = null

  const sellers = createSellerBook(() => payer)
  const notify = (): void => {
    for (const listener of listeners) listener()
  }
  const refreshAll = (change: 'buying' | 'selling'): void => {
    for (const wire of [...wires.values()]) wire.refresh(change)
  }

  const context: MoneyWireContext = {
    domain: options.domain,
    getPayer: () => payer,
    getPhase: () => phase,
    getPayee: () => payee,
    getSelling: () => selling,
    sellers,
    seats: createSeatBook(),
    lookups: createSeatLookups(clock),
    seatWatch: createSeatWatch(clock),
    visitKey: options.visitKey ?? createVisitKey(),
    random: options.random ?? ((lengthBytes) => crypto.getRandomValues(new Uint8Array(lengthBytes))),
    freePool: createFreePool(
      () =>
        selling && payee && selling.askPerMiB > 0n
          ? { allowanceBytes: selling.freeAllowanceBytes, bytesPerSec: selling.freeBytesPerSec }
          : null,
      clock,
    ),
    clock,
    relayOpen: options.relayOpen ?? null,
    torrentName: options.torrentName,
    notify,
    onError: options.onError ?? (() => undefined),
    onClose: (wire) => {
      wires.delete(wire.link.peerKey)
      notify()
    },
  }

  function watchPayer(): void {
    unwatchPayer?.()
    unwatchPayer = payer?.onChange(() => refreshAll('buying')) ?? null
    sellers.offerAll()
    refreshAll('buying')
    notify()
  }
  watchPayer()

  function reannounce(): void {
    refreshAll('selling')
    notify()
  }

  return {
    extension: {
      name: EXTENSION_NAME,
      attach(link) {
        const wire = createMoneyWire(context, link)
        wires.set(link.peerKey, wire)
        return wire
      },
    },
    getPeerMoney: (peerKey) => wires.get(peerKey)?.getMoney() ?? { status: 'free' },
    async tip(peerKey, amount, memo) {
      const wire = wires.get(peerKey)
      if (!wire) return { status: 'refused', code: 'gone', message: 'this peer is gone' }
      return wire.buyer.tip(amount, memo)
    },
    async finishPieces(timeoutMs) {
      phase = 'finishing'
      const endsAtMs = clock.nowMs() + timeoutMs
      const isFinished = (): boolean => [...wires.values()].every(({ buyer }) => buyer.isFinished())
      while (phase === 'finishing' && clock.nowMs() < endsAtMs && !isFinished()) {
        await new Promise<void>((resolve) => clock.schedule(FINISH_POLL_MS, resolve))
      }
    },
    resumeBuying() {
      phase = 'buying'
      refreshAll('buying')
    },
    async collectReleases(channelIds, timeoutMs) {
      phase = 'releasing'
      refreshAll('buying')
      let cancel = (): void => undefined
      const timeout = new Promise<void>((resolve) => {
        cancel = clock.schedule(timeoutMs, resolve)
      })
      const buyers = [...wires.values()].map(({ buyer }) => buyer)
      await Promise.race([collectReleases(buyers, channelIds), timeout])
      cancel()
    },
    setPayer(next) {
      payer = next
      watchPayer()
    },
    setPayee(next) {
      payee = next
      reannounce()
    },
    setSelling(next) {
      selling = next
      reannounce()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      unwatchPayer?.()
      unwatchPayer = null
      listeners.clear()
    },
  }
}
