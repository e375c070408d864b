/** One look at the chain for every transaction whose fate is open. */
import type { Chain } from '../../channels/index.ts'
import { type TransactionLog, type TransactionRecord, toReason } from '../../kernel/index.ts'
import { type ChainHeads, isOpen, type TransactionEvent } from '../../tron/index.ts'

/** Throws ChainError where the node does not answer: what it said before stands. Throws StorageError. */
export async function lookUp(chain: Chain, log: Pick<TransactionLog, 'listOpen' | 'observe'>): Promise<void> {
  const open = log.listOpen()
  if (open.length === 0) return
  // Before the transactions: one that is in no block after that is in none up to these heads.
  const heads = await chain.getHeads()
  for (const row of open) {
    const event = await see(chain, row, heads)
    if (event) await log.observe(row.id, event)
  }
}

async function see(
  chain: Chain,
  { state }: TransactionRecord,
  { head, solid }: ChainHeads,
): Promise<TransactionEvent | null> {
  if (!isOpen(state)) return null
  const fate = await chain.getFate(state.txId)
  if (fate.status === 'missing')
    return { kind: 'missingSeen', headNumber: head.number, solidTimeMs: solid.timestampMs }
  const { blockNumber, feeSun, failure } = fate
  const reason = failure && toReason(failure)
  return { kind: 'minedSeen', blockNumber, feeSun, reason, solidNumber: solid.number }
}
