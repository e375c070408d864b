/**
 * The account that is paid. Invariants: credit only for a seat that the chain called open; a voucher counts once it is
 * on the disk; the highest voucher of a seat is never lost; after a release the seat takes no more.
 */

import {
  ChainError,
  ChannelError,
  type Clock,
  createKeyedMutex,
  type Hex,
  nowSec,
  StorageError,
  systemClock,
} from '../../base/index.ts'
import {
  type Chain,
  type ChannelState,
  type Endorsement,
  openDigest,
  releaseDigest,
  type SignedRelease,
  type SignedVoucher,
  voucherDigest,
} from '../../channels/index.ts'
import type { NewReceipt } from '../../ledger/index.ts'
import {
  type Address,
  FailedTransaction,
  type FeeQuote,
  recoverSigner,
  type TransactionReceipt,
  type TransactionSigner,
} from '../../tron/index.ts'
import { type Amount, toAmount, ZERO_AMOUNT } from '../../units/index.ts'
import type { LedgerStore } from '../ledger.ts'
import type { DelegateKey } from '../payer/context.ts'
import type { OfferedSeat, Payee, PaymentReason, RejectCode, SeatVerdict, VoucherVerdict } from '../ports.ts'
import type { PayeeSeatRecord } from '../records.ts'
import { checkOfferedSeat, parseChannelState } from './offered-seat.ts'
import {
  type RedeemableSeat,
  type RedeemContext,
  type RedeemedBatch,
  type RedeemReport,
  recoverRedemptions,
  redeemSeats,
} from './redeem.ts'
import { type PayeeSeatEvent, reducePayeeSeat } from './seat-state.ts'
import { createSignatureChecks } from './signature-checks.ts'

export interface PayeeOptions {
  readonly chain: Chain
  readonly ledger: LedgerStore
  /** Where earnings go. */
  readonly payee: Address
  /** Signs releases, and agrees on a secret with each buyer; nothing else. */
  readonly delegateKey: DelegateKey
  /** Read at each quote. */
  readonly getEndorsement?: () => Endorsement | null
  readonly clock?: Clock
  readonly random?: (lengthBytes: number) => Uint8Array
}

export interface PayeeTotals {
  /** Σ of each seat's highest voucher. */
  readonly earned: Amount
  /** Of that, what the chain has not paid and still will. */
  readonly redeemable: Amount
  readonly paidOnChain: Amount
  /** Different payers that paid something. */
  readonly payers: number
}

export interface RedeemOptions extends Partial<RedeemReport> {
  readonly dustLimit?: Amount
  readonly choose?: (seat: RedeemableSeat) => boolean
}

export interface PayeeAccount extends Payee {
  /** Reads the ledger. Call once, before anything else. */
  restore(): Promise<void>
  getTotals(): PayeeTotals
  /** Seats with something due, read from the chain now. Throws ChainError. */
  listRedeemable(): Promise<readonly RedeemableSeat[]>
  /**
   * Redeems what is due, or what `choose` takes of it, seats under `dustLimit` left for later; tells of each batch as it comes.
   * Throws WalletError and ChainError: at once what is not about the rows, and at the end the first of the batches that failed
   * ('out-of-time', 'moved-nothing', 'moved-less', 'nothing-to-redeem', a revert), after the others were paid.
   */
  redeem(wallet: TransactionSigner, options?: RedeemOptions): Promise<readonly RedeemedBatch[]>
  /**
   * Opens an offered channel on the payer's behalf, at the wallet's expense, after checking that the purse covers it and that the
   * chain would take it; null when the chain knows it already. Throws ChannelError: 'no-signature', 'bad-signature',
   * 'seat-too-small', 'purse-short', and what a bad seat is refused with; ChainError; WalletError; what `onPriced` throws.
   */
  relayOpen(
    seat: OfferedSeat,
    wallet: TransactionSigner,
    options?: RelayOptions,
  ): Promise<TransactionReceipt | null>
}

export interface RelayOptions {
  readonly minCap?: Amount
  /** The last word before anything is signed: what it throws stops the opening. */
  readonly onPriced?: (quote: FeeQuote) => Promise<void>
  /** From here on the fee may be gone. */
  readonly onSent?: (txId: Hex) => void
}

const FIRST_BACKOFF_MS = 500
const MAX_BACKOFF_MS = 8_000
const MAX_BACKOFFS = 512

/** Makes a payee over a ledger. Nothing is read until `restore`. */
export function createPayee(options: PayeeOptions): PayeeAccount {
  const { chain, ledger, payee, delegateKey } = options
  const clock = options.clock ?? systemClock
  const delegate = delegateKey.address
  const records = new Map<Hex, PayeeSeatRecord>()
  const backoffs = new Map<Hex, { readonly untilMs: number; readonly delayMs: number }>()
  const mutex = createKeyedMutex()
  const isSignedBy = createSignatureChecks()
  const listeners = new Set<() => void>()

  const notify = (): void => {
    for (const listener of listeners) listener()
  }
  const cumulativeOf = (record: PayeeSeatRecord | undefined): Amount =>
    record?.voucher?.cumulative ?? ZERO_AMOUNT

  async function put(record: PayeeSeatRecord, receipts: readonly NewReceipt[] = []): Promise<void> {
    const { channelId } = record.seat
    await ledger.commit({ puts: [{ table: 'payeeSeats', key: channelId, value: record }], receipts })
    records.set(channelId, record)
    notify()
  }

  /** The chain's word; null while it cannot be had, which backs off. */
  async function askChain(channelId: Hex): Promise<ChannelState | null> {
    const backoff = backoffs.get(channelId)
    if (backoff && backoff.untilMs > clock.nowMs()) return null
    let state: ChannelState | null = null
    try {
      state = parseChannelState(await chain.getChannel(channelId))
    } catch (error) {
      // A ledger failure must not pass for a silent node.
      if (error instanceof StorageError) throw error
    }
    if (state) {
      backoffs.delete(channelId)
      return state
    }
    if (backoffs.size >= MAX_BACKOFFS) backoffs.clear()
    const delayMs = Math.min(MAX_BACKOFF_MS, (backoff?.delayMs ?? FIRST_BACKOFF_MS / 2) * 2)
    backoffs.set(channelId, { untilMs: clock.nowMs() + delayMs, delayMs })
    return null
  }

  async function move(record: PayeeSeatRecord, event: PayeeSeatEvent): Promise<PayeeSeatRecord> {
    const state = reducePayeeSeat(record.state, event)
    if (state === record.state && records.has(record.seat.channelId)) return record
    const next = { ...record, state }
    await put(next)
    return next
  }

  const refuse = (code: RejectCode): SeatVerdict => ({ status: 'refused', code })

  async function judge(record: PayeeSeatRecord, onChain: ChannelState | null): Promise<SeatVerdict> {
    const { channelId, channel } = record.seat
    const isKnown = records.has(channelId)
    if (!onChain || onChain.status === 'unknown') return { status: 'pending' }
    if (onChain.status === 'settled') {
      if (isKnown) await settle(record)
      return refuse('not-open')
    }
    if (onChain.signer !== channel.signer) return refuse('bad-proof')
    if (onChain.status === 'closing') {
      if (isKnown) await move(record, { kind: 'closeSeen' })
      return refuse('closing')
    }
    const next = await move(record, { kind: 'openSeen' })
    if (next.state.status !== 'accepted') return refuse('closing')
    return { status: 'accepted', cumulative: cumulativeOf(next) }
  }

  /** The channel is settled: a released seat was paid its figure, another what it had claimed. */
  async function settle(record: PayeeSeatRecord): Promise<void> {
    const { channelId } = record.seat
    const onChain = await chain.getSeat(channelId, payee)
    const { state } = record
    const isAbove = state.status === 'released' && state.release.cumulative > onChain.claimed
    const claimed = isAbove ? state.release.cumulative : onChain.claimed
    const next = reducePayeeSeat(state, { kind: 'settledSeen' })
    // Whoever shows a settled seat again and again must not have it written each time.
    if (claimed !== record.claimed || next !== state) await put({ ...record, claimed, state: next })
  }

  async function acceptSeat(seat: OfferedSeat): Promise<SeatVerdict> {
    const code = checkOfferedSeat(seat, { payee, delegate }, chain.network)
    if (code) return refuse(code)
    const offered: PayeeSeatRecord = {
      seat,
      voucher: null,
      claimed: ZERO_AMOUNT,
      state: reducePayeeSeat({ status: 'offered' }, { kind: 'asked' }),
    }
    return judge(records.get(seat.channelId) ?? offered, await askChain(seat.channelId))
  }

  async function recheckSeat(channelId: Hex): Promise<SeatVerdict> {
    const record = records.get(channelId)
    if (!record) return refuse('not-open')
    const onChain = await askChain(channelId)
    // The chain knew it once: a reorganisation took it away. No credit until it is offered and seen again.
    if (onChain?.status === 'unknown') return refuse('not-open')
    return judge(record, onChain)
  }

  async function acceptVoucher(voucher: SignedVoucher, reason: PaymentReason): Promise<VoucherVerdict> {
    const record = records.get(voucher.channelId)
    const known = cumulativeOf(record)
    const no = (code: RejectCode): VoucherVerdict => ({ status: 'refused', code, cumulative: known })
    if (!record) return no('not-open')
    if (voucher.payee !== payee) return no('wrong-payee')
    if (typeof voucher.cumulative !== 'bigint' || voucher.cumulative < 0n) return no('malformed')
    if (voucher.cumulative > record.seat.leaf.cap) return no('over-cap')
    const { signer } = record.seat.channel
    if (!isSignedBy(signer, voucherDigest(voucher, chain.network), voucher.signature))
      return no('bad-signature')
    if (voucher.cumulative <= known) return no('stale')
    if (record.state.status === 'released' || record.state.status === 'redeemed') return no('closing')
    const { channelId, cumulative, signature } = voucher
    const delta = toAmount(cumulative - known)
    const { infoHash, torrentName, pieceIndex, lengthBytes, memo } = reason
    const receipt: NewReceipt = {
      kind: memo !== null ? 'tipEarned' : 'earned',
      atMs: clock.nowMs(),
      channelId,
      payer: record.seat.channel.payer,
      amount: delta,
      cumulative,
      infoHash,
      torrentName,
      pieceIndex,
      lengthBytes,
      memo,
    }
    await put({ ...record, voucher: { channelId, payee, cumulative, signature } }, [receipt])
    return { status: 'accepted', delta, cumulative }
  }

  async function release(channelId: Hex): Promise<SignedRelease | null> {
    const record = records.get(channelId)
    if (!record) return null
    if (record.state.status === 'released' || record.state.status === 'redeemed') return record.state.release
    // A seat of a key that is gone: the contract would not take our word. It is redeemed when its channel closes.
    if (record.seat.leaf.delegate !== delegate) return null
    const unsigned = { channelId, payee, cumulative: cumulativeOf(record) }
    const signature = await delegateKey.sign(releaseDigest(unsigned, chain.network))
    const signed: SignedRelease = { ...unsigned, signature }
    await put({ ...record, state: reducePayeeSeat(record.state, { kind: 'released', release: signed }) })
    return signed
  }

  /** Reads what the chain has paid of a seat; follows its channel where that closes or is settled. */
  async function refresh(
    channelId: Hex,
  ): Promise<Pick<RedeemableSeat, 'isOnChain' | 'closeAtSec'> & { readonly isChannelThere: boolean }> {
    // Asked for in one turn: the client makes one call of it, and of those for other seats.
    const [channel, seat] = await Promise.all([chain.getChannel(channelId), chain.getSeat(channelId, payee)])
    const onChain = parseChannelState(channel)
    if (!onChain) throw new ChainError('unreachable', 'The node’s answer cannot be read.')
    let record = records.get(channelId)
    if (record?.state.status === 'redeemed' && (onChain.status === 'open' || onChain.status === 'closing')) {
      record = await move(record, { kind: 'unsettledSeen' })
    }
    if (record && record.state.status !== 'redeemed') {
      if (onChain.status === 'settled') await settle(record)
      else {
        const followed = onChain.status === 'closing' ? await move(record, { kind: 'closeSeen' }) : record
        if (seat.claimed !== followed.claimed) await put({ ...followed, claimed: seat.claimed })
      }
    }
    return {
      isOnChain: seat.cap > 0n,
      isChannelThere: onChain.status !== 'unknown',
      closeAtSec: onChain.status === 'closing' ? onChain.closeAtSec : null,
    }
  }

  /** Of what its voucher says, what the chain has not paid and still can. */
  function dueOf(channelId: Hex): Amount {
    const record = records.get(channelId)
    const left = record && record.state.status !== 'redeemed' ? cumulativeOf(record) - record.claimed : 0n
    return left > 0n ? toAmount(left) : ZERO_AMOUNT
  }

  async function listRedeemable(): Promise<readonly RedeemableSeat[]> {
    // A settled seat that was not paid in full is asked for again: the node may have said so falsely.
    const asked = [...records].filter(
      ([, { voucher, state, claimed }]) =>
        voucher && !(state.status === 'redeemed' && voucher.cumulative <= claimed),
    )
    const looked = await Promise.all(
      asked.map(async ([channelId]) => {
        const { isOnChain, isChannelThere, closeAtSec } = await mutex
          .of(channelId)
          .run(() => refresh(channelId))
        const record = records.get(channelId)
        const due = dueOf(channelId)
        // What a reorganisation took away pays nothing, until it is back.
        return record && isChannelThere && due > 0n ? [{ record, due, isOnChain, closeAtSec }] : []
      }),
    )
    return looked.flat()
  }

  const redeeming: RedeemContext = {
    isOwn: (channelId) => records.has(channelId),
    chain,
    payee,
    ledger,
    clock,
    random: options.random ?? ((lengthBytes) => crypto.getRandomValues(new Uint8Array(lengthBytes))),
    refresh: async (channelId) => {
      await mutex.of(channelId).run(() => refresh(channelId))
    },
    getDue: dueOf,
  }

  async function relayOpen(
    seat: OfferedSeat,
    wallet: TransactionSigner,
    { minCap = ZERO_AMOUNT, onPriced, onSent }: RelayOptions,
  ): Promise<TransactionReceipt | null> {
    const { channel, opening, channelId, leaf } = seat
    const code = checkOfferedSeat(seat, { payee, delegate }, chain.network)
    if (code) throw new ChannelError(code, 'The offered seat is not sound.')
    if (!opening) throw new ChannelError('no-signature', 'The payer did not sign the opening.')
    if (recoverSigner(openDigest({ channelId }, chain.network), opening.signature) !== channel.signer) {
      throw new ChannelError('bad-signature', 'The opening is not signed by the channel’s signer.')
    }
    if (leaf.cap < minCap)
      throw new ChannelError('seat-too-small', 'The seat is not worth the fee of opening it.')
    if ((await chain.getChannel(channelId)).status !== 'unknown') return null
    const purse = await chain.getPurse(channel.payer, channel.signer)
    if (purse.balance < channel.total || purse.untilSec <= nowSec(clock)) {
      throw new ChannelError('purse-short', 'The payer’s purse does not cover this channel.')
    }
    const call = { kind: 'open', channel, ...opening } as const
    await onPriced?.(await chain.estimateFee(call, wallet.address))
    // Our fee, the payer's money: the amount of this receipt is 0.
    const keep = (kind: 'open' | 'failed', { txId, feeSun }: Pick<TransactionReceipt, 'txId' | 'feeSun'>) =>
      ledger.commit({
        receipts: [{ kind, atMs: clock.nowMs(), channelId, amount: ZERO_AMOUNT, txId, feeSun }],
      })
    try {
      const receipt = await chain.send(call, wallet, onSent)
      await keep('open', receipt)
      return receipt
    } catch (error) {
      if (error instanceof FailedTransaction) await keep('failed', error)
      throw error
    }
  }

  return {
    payee,
    delegate,
    agreement: delegateKey,
    getEndorsement: options.getEndorsement ?? (() => null),
    getSeat: (channelId) => records.get(channelId)?.seat ?? null,
    checkSeat: (seat) => checkOfferedSeat(seat, { payee, delegate }, chain.network),
    acceptSeat: (seat) => mutex.of(seat.channelId).run(() => acceptSeat(seat)),
    acceptVoucher: (voucher, reason) => mutex.of(voucher.channelId).run(() => acceptVoucher(voucher, reason)),
    recheckSeat: (channelId) => mutex.of(channelId).run(() => recheckSeat(channelId)),
    release: (channelId) => mutex.of(channelId).run(() => release(channelId)),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async restore() {
      // A page's ledger has the seats of every account that ever sold in it.
      for (const record of await ledger.list('payeeSeats'))
        if (record.seat.leaf.payee === payee) records.set(record.seat.channelId, record)
      await recoverRedemptions(redeeming).catch((error: unknown) => {
        // Receipts of old redemptions can wait for a node that answers.
        if (!(error instanceof ChainError)) throw error
      })
      notify()
    },
    getTotals() {
      let earned = 0n
      let paidOnChain = 0n
      let redeemable = 0n
      const payers = new Set<Address>()
      for (const record of records.values()) {
        const cumulative = cumulativeOf(record)
        earned += cumulative
        paidOnChain += record.claimed
        if (record.state.status !== 'redeemed') redeemable += cumulative - record.claimed
        if (cumulative > 0n) payers.add(record.seat.channel.payer)
      }
      return {
        earned: toAmount(earned),
        redeemable: toAmount(redeemable > 0n ? redeemable : 0n),
        paidOnChain: toAmount(paidOnChain),
        payers: payers.size,
      }
    },
    listRedeemable,
    async redeem(wallet, { dustLimit = ZERO_AMOUNT, choose = () => true, onBatch, onFailure } = {}) {
      const seats = (await listRedeemable()).filter((seat) => seat.due >= dustLimit && choose(seat))
      const batches: RedeemedBatch[] = []
      let failure: ChainError | null = null
      await redeemSeats(redeeming, seats, wallet, {
        onBatch(batch) {
          batches.push(batch)
          onBatch?.(batch)
        },
        onFailure(failed) {
          if (!failed.isRetried) failure ??= failed.error
          onFailure?.(failed)
        },
      })
      if (failure) throw failure
      return batches
    },
    relayOpen: (seat, wallet, relayOptions = {}) => relayOpen(seat, wallet, relayOptions),
  }
}
