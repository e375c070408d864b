/** What a payer's transaction came to, as records: it stands on the chain, or it will never come. */
import { AppError, type Hex } from '../../base/index.ts'
import type { NewReceipt } from '../../ledger/index.ts'
import { FailedTransaction, type TransactionReceipt } from '../../tron/index.ts'
import { type FeeSun, toAmount, toFeeSun, ZERO_AMOUNT } from '../../units/index.ts'
import type { PendingRecord, SessionRecord } from '../records.ts'
import { reduceSession } from './budget-state.ts'
import { recordCloseOut } from './close-out.ts'
import { type PayerContext, requireSession } from './context.ts'
import { changeChannel } from './refresh-channel.ts'

/** The id of a transaction that was sent, where a crash took it. */
const UNKNOWN_TX_ID: Hex = '0x'

/** Records a transaction that stands on the chain. A lost receipt (null) leaves its fee unknown and counted as 0. */
export async function recordConfirmed(
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
            ...(firstId ? [openReceipt(context, firstId, base)] : []),
          ],
        }
      })
      break
    case 'topUp':
      await book.commit(() => {
        const session = requireSession(context)
        return {
          ...done,
          ...(firstId ? changeChannel(context, firstId, { kind: 'openSeen' }) : {}),
          session: {
            ...withTx(session),
            funded: toAmount(session.funded + pending.amount),
            budget: toAmount(session.budget + pending.amount),
            untilSec: pending.untilSec ?? session.untilSec,
          },
          receipts: [
            { ...base, kind: 'fund', channelId: null, amount: pending.amount, feeSun },
            ...(firstId ? [openReceipt(context, firstId, base)] : []),
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

/** Of a channel that was opened with its funding, whose receipt has the fee of both. */
function openReceipt(
  { book }: PayerContext,
  channelId: Hex,
  base: { readonly atMs: number; readonly txId: Hex },
): NewReceipt {
  const amount = book.getChannel(channelId)?.fields.total ?? ZERO_AMOUNT
  return { ...base, kind: 'open', channelId, amount, feeSun: toFeeSun(0n) }
}

/** Undoes the intent of a transaction that will never come, or that failed in a block: then its fee is counted. */
export async function recordDenied(
  context: PayerContext,
  pending: PendingRecord,
  why: unknown,
): Promise<void> {
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
    const isStart = session.state.status === 'starting'
    if (
      isStart &&
      (pending.kind === 'approve' || pending.kind === 'fund' || pending.kind === 'fundAndOpen')
    ) {
      const state = reduceSession(session.state, { kind: 'startFailed', reason })
      return {
        ...done,
        ...(firstId ? changeChannel(context, firstId, { kind: 'openFailed', reason }) : {}),
        session: { ...(done.session ?? session), state },
      }
    }
    if ((pending.kind === 'open' || pending.kind === 'topUp') && firstId) {
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
