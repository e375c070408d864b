/**
 * Sending, so that nothing is lost and nothing is sent twice: the intent is on the disk before the wallet is asked,
 * the id before the node has it, and what became of it is decided by the chain's state, live or after a crash.
 */

import { bytesToHex, ChainError, type Hex, wait } from '../../base/index.ts'
import type { ContractCall } from '../../channels/index.ts'
import {
  isChainAway,
  LOST_AFTER_MS,
  sendTracked,
  type TransactionReceipt,
  type TransactionSigner,
} from '../../tron/index.ts'
import type { Amount } from '../../units/index.ts'
import type { PendingRecord } from '../records.ts'
import type { BookChange } from './book.ts'
import {
  type OnStep,
  type PayerContext,
  type PayerStep,
  type PayerWallet,
  requireSession,
} from './context.ts'
import { recordConfirmed, recordDenied } from './record-outcome.ts'

/** A node may show a transaction's receipt before its effects. */
const LOOKS = 3
const LOOK_DELAY_MS = 1_500

export interface Sending {
  readonly call: ContractCall
  readonly kind: Exclude<PendingRecord['kind'], 'redeem'>
  readonly plan: PayerStep['plan']
  readonly step: PayerStep['step']
  readonly channelIds: readonly Hex[]
  readonly amount: Amount
  readonly purseBefore?: Amount
  readonly untilSec?: bigint
  /** Further records that must be on the disk before the wallet is asked. */
  readonly prepare?: (txId: Hex | null) => BookChange
}

/** Persists, sends, waits, records. Throws what the wallet or chain threw, after recording what is known. */
export async function sendCall(
  context: PayerContext,
  wallet: PayerWallet,
  sending: Sending,
  onStep: OnStep,
): Promise<void> {
  const { book, chain, clock } = context
  const session = requireSession(context)
  let pending: PendingRecord = {
    id: bytesToHex(context.random(16)),
    sessionId: session.id,
    kind: sending.kind,
    channelIds: sending.channelIds,
    amount: sending.amount,
    purseBefore: sending.purseBefore ?? null,
    ...(sending.untilSec === undefined ? {} : { untilSec: sending.untilSec }),
    txId: null,
    sentAtMs: clock.nowMs(),
  }
  await book.commit(() => ({ ...sending.prepare?.(null), pending: [pending] }))
  onStep({ plan: sending.plan, step: sending.step, waitingFor: 'sign', txId: null })
  const signer: TransactionSigner = {
    address: wallet.address,
    async signTransaction(transaction) {
      const signed = await wallet.signTransaction(transaction)
      pending = { ...pending, txId: readTxId(transaction), sentAtMs: clock.nowMs() }
      await book.commit(() => ({ pending: [pending] }))
      return signed
    },
  }
  let isBroadcast = false
  let receipt: TransactionReceipt
  try {
    receipt = await sendTracked(
      (onBroadcast) => chain.send(sending.call, signer, onBroadcast),
      (txId) => {
        isBroadcast = true
        pending = { ...pending, txId, sentAtMs: clock.nowMs() }
        const kept = book.commit(() => ({ pending: [pending] }))
        onStep({ plan: sending.plan, step: sending.step, waitingFor: 'confirm', txId })
        return kept
      },
    )
  } catch (error) {
    await explainFailure(context, pending, isBroadcast, error)
    return
  }
  await recordConfirmed(context, { ...pending, txId: receipt.txId }, receipt)
}

/** The id of a transaction that is about to be sent; null where its chain gives none beforehand. */
function readTxId(transaction: unknown): Hex | null {
  const { txID } = transaction as { readonly txID?: unknown }
  return typeof txID === 'string' ? `0x${txID}` : null
}

/** After a failed send: done all the same, surely not done (then undone), or unknown (then it stays pending). Throws unless done. */
async function explainFailure(
  context: PayerContext,
  pending: PendingRecord,
  isBroadcast: boolean,
  error: unknown,
): Promise<void> {
  // The chain says so as soon as the node may have it: without that, nothing left this page.
  if (!isBroadcast) {
    await recordDenied(context, pending, error)
    throw error
  }
  const failure = error instanceof ChainError && !isChainAway(error) ? error : null
  const verdict = await resolvePending(context, pending, failure)
  if (verdict !== 'confirmed') throw error
}

/**
 * Looks a pending transaction up and records what became of it; `failure` is what its sending ended with, where that
 * is final. 'unknown' leaves it pending. Throws ChainError 'sums-differ' only.
 */
export async function resolvePending(
  context: PayerContext,
  pending: PendingRecord,
  failure: ChainError | null = null,
): Promise<'confirmed' | 'failed' | 'unknown'> {
  try {
    let receipt: TransactionReceipt | null = null
    let reverted = failure
    try {
      receipt = pending.txId && !failure ? await context.chain.getReceipt(pending.txId) : null
    } catch (error) {
      if (!(error instanceof ChainError) || isChainAway(error)) throw error
      reverted = error
    }
    for (let look = 0; look < (receipt ? LOOKS : 1); look++) {
      if (look > 0) await wait(context.clock, LOOK_DELAY_MS)
      if (await hasHappened(context, pending)) {
        await recordConfirmed(context, pending, receipt)
        return 'confirmed'
      }
    }
    const isLost = context.clock.nowMs() - pending.sentAtMs > LOST_AFTER_MS
    if (!reverted && !receipt && !isLost) return 'unknown'
    await recordDenied(context, pending, reverted ?? 'expired')
    return 'failed'
  } catch (error) {
    if (error instanceof ChainError && error.code !== 'sums-differ') return 'unknown'
    throw error
  }
}

/** Looks every pending transaction up. Throws ChainError 'pending' while one may still come: nothing is sent twice. */
export async function resolveAll(context: PayerContext): Promise<void> {
  for (const pending of context.book.getPending()) {
    if ((await resolvePending(context, pending)) === 'unknown') {
      throw new ChainError(
        'pending',
        'An earlier transaction is still under way. Wait a moment, then try again.',
      )
    }
  }
}

/**
 * Gives up what an earlier page only meant to send: it died before the wallet's answer was on the disk, so before the
 * node could have it. Only for a payer that has just begun: nothing of its own may be under way.
 */
export async function forgetUnsent(context: PayerContext): Promise<void> {
  const { book } = context
  for (const pending of book.getPending()) {
    if (pending.txId === null) await recordDenied(context, pending, 'unsent')
  }
}

/** Whether the chain's state is as the transaction would have made it. */
async function hasHappened({ chain, book }: PayerContext, pending: PendingRecord): Promise<boolean> {
  const session = book.getSession()
  if (!session) return false
  const { payer, signer } = session
  switch (pending.kind) {
    case 'approve':
      return (await chain.getAllowance(payer)) >= pending.amount
    case 'fund':
      return (await chain.getPurse(payer, signer)).balance >= (pending.purseBefore ?? 0n) + pending.amount
    case 'topUp':
      return (await chain.getPurse(payer, signer)).untilSec === pending.untilSec
    case 'fundAndOpen':
    case 'open':
      return (await getStatuses()).every((status) => status !== 'unknown')
    case 'startClose':
      return (await getStatuses()).every((status) => status === 'closing' || status === 'settled')
    case 'closeOut':
      return pending.channelIds.length > 0
        ? (await getStatuses()).every((status) => status === 'settled')
        : (await chain.getPurse(payer, signer)).balance === 0n
    case 'redeem':
      return false
    default:
      return pending.kind satisfies never
  }

  async function getStatuses(): Promise<readonly string[]> {
    return Promise.all(pending.channelIds.map(async (id) => (await chain.getChannel(id)).status))
  }
}
