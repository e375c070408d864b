/**
 * What a payer knows, in memory as on the disk: every change goes to the ledger first.
 * Invariant: at most one session holds money, and Σ totals of its channels that may open ≤ what it funded.
 */

import { createMutex, type Hex } from '../../base/index.ts'
import type { SignedVoucher } from '../../channels/index.ts'
import type { NewReceipt, Receipt } from '../../ledger/index.ts'
import type { Address } from '../../tron/index.ts'
import { type Amount, toAmount, ZERO_AMOUNT } from '../../units/index.ts'
import type { LedgerPut, LedgerStore } from '../ledger.ts'
import { type SellerId, sellerKey } from '../ports.ts'
import {
  type ChannelRecord,
  type PayerSeatRecord,
  type PendingRecord,
  type SessionRecord,
  seatKey,
} from '../records.ts'
import { isLocked } from './budget-state.ts'
import { isReserved } from './channel-state.ts'
import { createSpendTally, type SpendTally } from './figures.ts'
import { promisedOf } from './seat-state.ts'

export interface BookChange {
  readonly session?: SessionRecord
  readonly channels?: readonly ChannelRecord[]
  readonly seats?: readonly PayerSeatRecord[]
  readonly pending?: readonly PendingRecord[]
  readonly droppedPending?: readonly Hex[]
  readonly receipts?: readonly NewReceipt[]
}

export interface PayerBook {
  load(): Promise<void>
  /** The session that holds money, or the one just ended; null before any. */
  getSession(): SessionRecord | null
  /** The session's channels, oldest first. */
  getChannels(): readonly ChannelRecord[]
  getChannel(channelId: Hex): ChannelRecord | null
  /** Channels of any session whose `Open` by this signer is out in the world but was given up. */
  getGivenUp(signer: Address): readonly ChannelRecord[]
  getSeat(channelId: Hex, payee: Address): PayerSeatRecord | null
  /** The seller's seats in the session's channels, oldest first. */
  getSeatsOf(seller: SellerId): readonly PayerSeatRecord[]
  getPending(): readonly PendingRecord[]
  getVoucher(channelId: Hex, payee: Address): SignedVoucher | null
  /** What no channel has set aside. */
  getFreePurse(): Amount
  /** The dearest piece that this payee was paid for: a seat with less left is of no use. */
  getDearestPiece(payee: Address): Amount
  /** Bytes of the pieces that the session paid this seller for: delivered and checked, in this visit or an earlier one. */
  getPaidBytes(seller: SellerId): number
  readonly tally: () => SpendTally
  /**
   * Ledger first, then memory. One at a time: `make` runs when all commits before it stand, so it may read and change.
   * null changes nothing. Throws StorageError, then nothing changed.
   */
  commit(make: () => BookChange | null): Promise<void>
}

export function createPayerBook(ledger: LedgerStore): PayerBook {
  let session: SessionRecord | null = null
  const channels = new Map<Hex, ChannelRecord>()
  const seats = new Map<string, PayerSeatRecord>()
  const pending = new Map<Hex, PendingRecord>()
  const dearest = new Map<Address, Amount>()
  const paidBytes = new Map<string, number>()
  const mutex = createMutex()
  let tally = createSpendTally()

  const getChannels = (): readonly ChannelRecord[] =>
    [...channels.values()].filter(({ sessionId }) => sessionId === session?.id)

  function count(receipt: Receipt): void {
    if (receipt.kind !== 'piece' && receipt.kind !== 'tip') return
    if (channels.get(receipt.channelId)?.sessionId !== session?.id) return
    tally.add(receipt)
    if (receipt.kind !== 'piece') return
    const before = dearest.get(receipt.payee) ?? ZERO_AMOUNT
    if (receipt.amount > before) dearest.set(receipt.payee, receipt.amount)
    const seat = seats.get(seatKey(receipt.channelId, receipt.payee))
    if (!seat) return
    const seller = sellerKey(seat)
    paidBytes.set(seller, (paidBytes.get(seller) ?? 0) + receipt.lengthBytes)
  }

  function remember(change: BookChange): void {
    if (change.session && change.session.id !== session?.id) {
      tally = createSpendTally()
      dearest.clear()
      paidBytes.clear()
    }
    session = change.session ?? session
    for (const record of change.channels ?? []) channels.set(record.channelId, record)
    for (const record of change.seats ?? []) seats.set(seatKey(record.channelId, record.payee), record)
    for (const record of change.pending ?? []) pending.set(record.id, record)
    for (const id of change.droppedPending ?? []) pending.delete(id)
  }

  return {
    async load() {
      const [sessions, channelRecords, seatRecords, pendingRecords] = await Promise.all([
        ledger.list('sessions'),
        ledger.list('channels'),
        ledger.list('payerSeats'),
        ledger.list('pending'),
      ])
      const locked = sessions.filter(({ state }) => isLocked(state))
      session = locked.sort((a, b) => a.startedAtMs - b.startedAtMs).at(-1) ?? null
      const ordered = [...channelRecords].sort((a, b) => a.plannedAtMs - b.plannedAtMs)
      for (const record of ordered) channels.set(record.channelId, record)
      for (const record of seatRecords) seats.set(seatKey(record.channelId, record.payee), record)
      for (const record of pendingRecords) if (record.kind !== 'redeem') pending.set(record.id, record)
      // Of the open budget alone: how long the ledger is does not matter.
      for (const { channelId } of session ? getChannels() : [])
        for await (const receipt of ledger.eachReceipt({ kinds: ['piece', 'tip'], channelId })) count(receipt)
    },
    getSession: () => session,
    getChannels,
    getChannel: (channelId) => channels.get(channelId) ?? null,
    getGivenUp: (signer) =>
      [...channels.values()].filter(
        ({ fields, state, openSignature }) =>
          fields.signer === signer && openSignature !== null && state.status === 'failed',
      ),
    getSeat: (channelId, payee) => seats.get(seatKey(channelId, payee)) ?? null,
    getSeatsOf: ({ payee, delegate }) =>
      getChannels().flatMap(({ channelId }) => {
        const seat = seats.get(seatKey(channelId, payee))
        return seat?.delegate === delegate ? [seat] : []
      }),
    getPending: () => [...pending.values()].sort((a, b) => a.sentAtMs - b.sentAtMs),
    getVoucher(channelId, payee) {
      const state = seats.get(seatKey(channelId, payee))?.state
      return state && state.status !== 'planned' ? state.voucher : null
    },
    getFreePurse() {
      const reserved = getChannels().reduce(
        (sum, { state, fields }) => sum + (isReserved(state) ? fields.total : 0n),
        0n,
      )
      if (!session) return ZERO_AMOUNT
      const { funded, budget } = session
      const isOver = funded > budget
      const free = (isOver ? budget : funded) - reserved
      return free > 0n ? toAmount(free) : ZERO_AMOUNT
    },
    getDearestPiece: (payee) => dearest.get(payee) ?? ZERO_AMOUNT,
    getPaidBytes: (seller) => paidBytes.get(sellerKey(seller)) ?? 0,
    tally: () => tally,
    commit: (make) =>
      mutex.run(async () => {
        const change = make()
        if (!change) return
        const receipts = await ledger.commit({ puts: toPuts(change), receipts: change.receipts ?? [] })
        remember(change)
        for (const receipt of receipts) count(receipt)
      }),
  }
}

/** What is left to promise in a seat. */
export function remainingOf(seat: PayerSeatRecord): Amount {
  return seat.state.status === 'released' ? ZERO_AMOUNT : toAmount(seat.cap - promisedOf(seat.state))
}

function toPuts(change: BookChange): readonly LedgerPut[] {
  const { session, channels = [], seats = [], pending = [], droppedPending = [] } = change
  return [
    ...(session ? [{ table: 'sessions' as const, key: session.id, value: session }] : []),
    ...channels.map((value) => ({ table: 'channels' as const, key: value.channelId, value })),
    ...seats.map((value) => ({
      table: 'payerSeats' as const,
      key: seatKey(value.channelId, value.payee),
      value,
    })),
    ...pending.map((value) => ({ table: 'pending' as const, key: value.id, value })),
    ...droppedPending.map((key) => ({ table: 'pending' as const, key, value: null })),
  ]
}
