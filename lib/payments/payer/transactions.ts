/**
 * Sending, so that nothing is lost and nothing is sent twice: the intent is on the disk before the wallet is asked,
 * the number before the node has it, and what became of it is decided by the chain's state, live or after a crash.
 */

import { AppError, bytesToHex, ChainError, type Hex } from '../../base/index.ts'
import type { ContractCall } from '../../channels/index.ts'
import { FailedTransaction, type TransactionReceipt, type TransactionSigner } from '../../tron/index.ts'
import { type Amount, type FeeSun, toAmount, toFeeSun, ZERO_AMOUNT } from '../../units/index.ts'
import type { PendingRecord, SessionRecord } from '../ledger.ts'
import type { BookChange } from './book.ts'
import { reduceSession } from './budget-state.ts'
import { recordCloseOut } from './close-out.ts'
import { type OnStep, type PayerContext, type PayerStep, type PayerWallet, wait } from './context.ts'
import { changeChannel } from './refresh-channel.ts'

/** Transactions live two minutes; after this a number that the chain does not know will never come. */
export const LOST_AFTER_MS = 180_000
/** A node may show a transaction's receipt before its effects. */
const LOOKS = 3
const LOOK_DELAY_MS = 1_500

/** The number of a transaction that was sent, but whose number a crash took. */
const UNKNOWN_TX_ID: Hex = '0x'

export interface Sending {
  readonly call: ContractCall
  readonly kind: Exclude<PendingRecord['kind'], 'redeem'>
  readonly step: PayerStep['step']
  readonly channelIds: readonly Hex[]
  readonly amount: Amount
  readonly purseBefore?: Amount
  /** Further records that must be on the disk before the wallet is asked. */
  readonly prepare?: (txId: Hex | null) => BookChange
}

/** Persists, sends, waits, records. Throws what the wallet or chain threw, after recording what is known. */
export async function sendTracked(
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
    txId: null,
    sentAtMs: clock.nowMs(),
  }
  await book.commit(() => ({ ...sending.prepare?.(null), pending: [pending] }))
  onStep({ step: sending.step, waitingFor: 'sign', txId: null })
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
  let saved: Promise<void> = Promise.resolve()
  let receipt: TransactionReceipt
  try {
    receipt = await chain.send(sending.call, signer, (txId) => {
      isBroadcast = true
      pending = { ...pending, txId, sentAtMs: clock.nowMs() }
      saved = book.commit(() => ({ pending: [pending] }))
      // Awaited below on each way; this keeps an early failure from going unhandled.
      saved.catch(() => undefined)
      onStep({ step: sending.step, waitingFor: 'confirm', txId })
    })
  } catch (error) {
    await saved
    await explainFailure(context, pending, isBroadcast, error)
    return
  }
  await saved
  await confirm(context, { ...pending, txId: receipt.txId }, receipt)
}

/** The number of a transaction that is about to be sent; null where its chain gives none beforehand. */
function readTxId(transaction: unknown): Hex | null {
  const { txID } = transaction as { readonly txID?: unknown }
  return typeof txID === 'string' ? `0x${txID}` : null
}

/** Codes after which nobody knows what became of a transaction. */
const FATE_UNKNOWN: readonly string[] = ['unreachable', 'bad-reply', 'wrong-network']

const isFateUnknown = (error: unknown): boolean =>
  error instanceof AppError && FATE_UNKNOWN.includes(error.code)

/** After a failed send: done all the same, surely not done (then undone), or unknown (then it stays pending). Throws unless done. */
async function explainFailure(
  context: PayerContext,
  pending: PendingRecord,
  isBroadcast: boolean,
  error: unknown,
): Promise<void> {
  // The chain says so as soon as the node may have it: without that, nothing left this page.
  if (!isBroadcast) {
    await deny(context, pending, error)
    throw error
  }
  const failure = error instanceof ChainError && !isFateUnknown(error) ? error : null
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
      if (!(error instanceof ChainError) || isFateUnknown(error)) throw error
      reverted = error
    }
    for (let look = 0; look < (receipt ? LOOKS : 1); look++) {
      if (look > 0) await wait(context.clock, LOOK_DELAY_MS)
      if (await hasHappened(context, pending)) {
        await confirm(context, pending, receipt)
        return 'confirmed'
      }
    }
    const isLost = context.clock.nowMs() - pending.sentAtMs > LOST_AFTER_MS
    if (!reverted && !receipt && !isLost) return 'unknown'
    await deny(context, pending, reverted ?? 'expired')
    return 'failed'
  } catch (error) {
    if (error instanceof ChainError && error.code !== 'sums-differ') return 'unknown'
    throw error
  }
}

/**
 * Gives up what an earlier page only meant to send: it died before the wallet's answer was on the disk, so before the
 * node could have it. Only for a payer that has just begun: nothing of its own may be under way.
 */
export async function forgetUnsent(context: PayerContext): Promise<void> {
  const { book } = context
  for (const pending of book.getPending()) {
    if (pending.txId === null) await deny(context, pending, 'unsent')
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

/** Records a transaction that stands on the chain. A lost receipt (null) leaves its fee unknown and counted as 0. */
async function confirm(
  context: PayerContext,
  pending: PendingRecord,
  receipt: TransactionReceipt | null,
): Promise<void> {
  const { book, clock, chain } = context
  const txId = receipt?.txId ?? pending.txId ?? UNKNOWN_TX_ID
  const feeSun = receipt?.feeSun ?? toFeeSun(0n)
  const base = { atMs: clock.nowMs(), txId }
  const withTx = (session: SessionRecord): SessionRecord => withTransaction(session, { txId, feeSun })
  const done = { droppedPending: [pending.id] }
  const [firstId = null] = pending.channelIds
  switch (pending.kind) {
    case 'approve':
      await book.commit(() => ({
        ...done,
        session: withTx(requireSession(context)),
        receipts: [{ ...base, kind: 'approve', channelId: null, amount: pending.amount, feeSun }],
      }))
      break
    case 'fund':
    case 'fundAndOpen':
      await book.commit(() => {
        const session = requireSession(context)
        const opened = firstId ? changeChannel(context, firstId, { kind: 'openSeen' }) : {}
        const total = firstId ? (book.getChannel(firstId)?.fields.total ?? ZERO_AMOUNT) : ZERO_AMOUNT
        return {
          ...done,
          ...opened,
          session: {
            ...withTx(session),
            funded: toAmount((pending.purseBefore ?? 0n) + pending.amount),
            state: reduceSession(session.state, { kind: 'funded' }),
          },
          receipts: [
            { ...base, kind: 'fund', channelId: null, amount: pending.amount, feeSun },
            ...(firstId
              ? [{ ...base, kind: 'open' as const, channelId: firstId, amount: total, feeSun: toFeeSun(0n) }]
              : []),
          ],
        }
      })
      break
    case 'open':
      await book.commit(() => ({
        ...done,
        ...(firstId ? changeChannel(context, firstId, { kind: 'openSeen' }) : {}),
        session: withTx(requireSession(context)),
        receipts: [{ ...base, kind: 'open', channelId: firstId, amount: pending.amount, feeSun }],
      }))
      break
    case 'startClose': {
      const onChain = firstId ? await chain.getChannel(firstId) : null
      await book.commit(() => ({
        ...done,
        ...(firstId && onChain?.status === 'closing'
          ? changeChannel(context, firstId, { kind: 'closeSeen', closeAtSec: onChain.closeAtSec })
          : {}),
        session: withTx(requireSession(context)),
        receipts: [{ ...base, kind: 'startClose', channelId: firstId, amount: ZERO_AMOUNT, feeSun }],
      }))
      break
    }
    case 'closeOut':
      await recordCloseOut(context, pending, { txId, feeSun, withTx })
      break
    case 'redeem':
      break
    default:
      pending.kind satisfies never
  }
  context.notify()
}

/** Undoes the intent of a transaction that will never come, or that failed in a block: then its fee is counted. */
async function deny(context: PayerContext, pending: PendingRecord, why: unknown): Promise<void> {
  const { book } = context
  const [firstId] = pending.channelIds
  const reason = typeof why === 'string' ? why : why instanceof AppError ? why.code : 'failed'
  const burned = why instanceof FailedTransaction ? why : null
  await book.commit(() => {
    const session = requireSession(context)
    const done = {
      droppedPending: [pending.id],
      ...(burned ? { session: withTransaction(session, burned) } : {}),
    }
    if (pending.kind === 'approve' || pending.kind === 'fund' || pending.kind === 'fundAndOpen') {
      const state = reduceSession(session.state, { kind: 'startFailed', reason })
      return {
        ...done,
        ...(firstId ? changeChannel(context, firstId, { kind: 'openFailed', reason }) : {}),
        session: { ...(done.session ?? session), state },
      }
    }
    if (pending.kind === 'open' && firstId) {
      return { ...done, ...changeChannel(context, firstId, { kind: 'openFailed', reason }) }
    }
    if (pending.kind === 'closeOut') {
      const channels = pending.channelIds.flatMap(
        (id) => changeChannel(context, id, { kind: 'settleFailed' }).channels ?? [],
      )
      return { ...done, channels }
    }
    return done
  })
  context.notify()
}

/** The session with one more transaction of its own and that one's fee. */
function withTransaction(
  session: SessionRecord,
  { txId, feeSun }: { readonly txId: Hex; readonly feeSun: FeeSun },
): SessionRecord {
  return {
    ...session,
    txIds: txId === UNKNOWN_TX_ID ? session.txIds : [...session.txIds, txId],
    feeSun: toFeeSun(session.feeSun + feeSun),
  }
}

/** The session in hand. Throws ChainError 'no-session' when there is none. */
export function requireSession({ book }: PayerContext): SessionRecord {
  const session = book.getSession()
  if (!session) throw new ChainError('no-session', 'there is no payment session')
  return session
}
