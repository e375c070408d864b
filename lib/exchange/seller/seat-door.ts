/**
 * Who may come to a seat on one wire. Invariant: before its signer proved it for this wire a seat gets no look-up, no credit and no
 * end; before the chain knows it, no credit.
 */
import type { Clock } from '../../base/index.ts'
import { type Hex, WireError } from '../../base/index.ts'
import { seatProofDigest } from '../../channels/index.ts'
import type { OfferedSeat, Payee, RejectCode, SeatClaim, SeatFault } from '../../payments/index.ts'
import type { PeerKey } from '../../torrent/index.ts'
import { recoverSigner } from '../../tron/index.ts'
import type { Amount } from '../../units/index.ts'
import type { SeatMessage } from '../wire/message.ts'
import type { WireIdentity } from '../wire/quote-proof.ts'
import type { SeatAccount, SeatBook } from './seat-account.ts'
import { reduceSeatCredit } from './seat-credit-state.ts'
import type { RelayOpen, SeatLookups } from './seat-lookups.ts'
import type { SeatWatch } from './seat-watch.ts'

export interface SeatDoorOptions {
  readonly wire: PeerKey
  readonly clock: Clock
  readonly seats: SeatBook
  readonly lookups: SeatLookups
  readonly seatWatch: SeatWatch
  readonly isOver: () => boolean
  readonly getIdentity: () => WireIdentity | null
  /** null where we do not open a channel with a seat of this cap. */
  readonly getRelay: (cap: Amount) => RelayOpen | null
  /** Seats that this wire has credit in. */
  readonly countAdmitted: () => number
  readonly onAdmitted: (account: SeatAccount) => void
  /** The chain changed its word on a seat, for better or worse. */
  readonly onCredit: (account: SeatAccount) => void
  readonly reject: (code: RejectCode, words: string, channelId: Hex) => void
  readonly fail: (error: unknown) => void
}

/** Known ones and those being looked up. */
const MAX_SEATS_PER_WIRE = 16
/** Seats that were proven and never came to the chain, after which the wire is dropped. */
const MAX_MISSING_SEATS = 3

const sayFault = (fault: SeatFault): string =>
  fault === 'own-account' ? 'this is your own account' : 'this seat is not sound, or not ours'

export class SeatDoor {
  readonly #options: SeatDoorOptions
  /** Channels whose seats are being looked up. */
  readonly #checking = new Set<Hex>()
  readonly #watched = new Map<Hex, () => void>()
  #missingSeats = 0

  constructor(options: SeatDoorOptions) {
    this.#options = options
  }

  /** Throws WireError: 'bad-proof', 'flood'. */
  show(payee: Payee, { seat, proof }: SeatMessage): void {
    const options = this.#options
    const { channelId, leaf } = seat
    if (this.#checking.has(channelId)) return
    const fault = payee.checkSeat(seat)
    if (fault) {
      options.reject(fault, sayFault(fault), channelId)
      return
    }
    this.demandProof(payee, seat, proof, 'serve')
    if (options.countAdmitted() + this.#checking.size >= MAX_SEATS_PER_WIRE)
      throw new WireError('flood', 'too many seats on one wire')
    this.#checking.add(channelId)
    const { wire, isOver } = options
    options.lookups
      .find({ payee, seat, wire, relayOpen: options.getRelay(leaf.cap), isOver })
      .then((verdict) => {
        this.#checking.delete(channelId)
        if (isOver() || verdict === null) return
        if (verdict.status === 'accepted') this.#admit(payee, seat, verdict.cumulative)
        else this.#refuse(channelId, verdict.code)
      })
      .catch(options.fail)
  }

  /** Only the channel's signer can have made it, for this wire alone. Throws WireError 'bad-proof'. */
  demandProof(payee: Payee, seat: OfferedSeat, proof: Hex, purpose: SeatClaim['purpose']): void {
    const identity = this.#options.getIdentity()
    if (!identity) throw new WireError('bad-proof', 'a seat before the handshake')
    const { domain, infoHash, sellerNonce: nonce } = identity
    const { channelId } = seat
    const claim = { channelId, payee: payee.payee, delegate: payee.delegate, infoHash, nonce, purpose }
    if (recoverSigner(seatProofDigest(claim, domain), proof) !== seat.channel.signer)
      throw new WireError('bad-proof', 'a seat that its signer did not prove on this wire')
  }

  close(): void {
    for (const stop of this.#watched.values()) stop()
    this.#watched.clear()
  }

  #admit(payee: Payee, seat: OfferedSeat, cumulative: Amount): void {
    const { clock, seats, seatWatch, onAdmitted, onCredit, reject, fail } = this.#options
    const { channelId, leaf } = seat
    const atMs = clock.nowMs()
    const account = seats.admit(channelId, leaf.cap, cumulative, atMs)
    account.credit = reduceSeatCredit(account.credit, { kind: 'openSeen', atMs })
    if (account.credit.status !== 'open') {
      reject('closing', 'this seat is closed', channelId)
      return
    }
    if (!this.#watched.has(channelId)) {
      const stop = seatWatch.watch(payee, account, {
        onCredit: (changed, verdict) => {
          if (verdict.status === 'refused' && verdict.code !== 'chain-unreachable')
            reject(verdict.code, 'the channel is no longer open', channelId)
          else onCredit(changed)
        },
        onError: fail,
      })
      this.#watched.set(channelId, stop)
    }
    onAdmitted(account)
  }

  #refuse(channelId: Hex, code: RejectCode): void {
    this.#options.reject(code, 'this seat was refused', channelId)
    if (code !== 'not-open') return
    this.#missingSeats += 1
    if (this.#missingSeats >= MAX_MISSING_SEATS)
      throw new WireError('missing-seats', 'it shows seats that never come to the chain')
  }
}
