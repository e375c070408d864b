'use client'
import { useEffect, useRef } from 'react'
import { useApp } from '@/hooks/use-snapshots.ts'
import { useTransactions } from '@/hooks/use-transactions.ts'
import type { TransactionRecord } from '@/lib/features/transactions/index.ts'
import { notify } from '../ui/notify.ts'
import { toTxUrl } from '../ui/tx-url.ts'
import { CALL_WORDS, findEnded, getEnd, type SeenStates, sayState, toSeen } from './transaction-words.ts'

/** Those that end together are told together. */
const GATHER_MS = 600

function tell(ended: readonly TransactionRecord[], explorerUrl: string | null): void {
  const failed = ended.filter(({ state }) => getEnd(state) === 'failed')
  for (const row of failed) tellOne(row, explorerUrl)
  const done = ended.filter(({ state }) => getEnd(state) === 'done')
  const [first] = done
  if (done.length === 1 && first) tellOne(first, explorerUrl)
  else if (done.length > 1)
    void notify(`${done.length} transactions are final.`, {
      description: done.map(({ call }) => CALL_WORDS[call]).join(', '),
    })
}

function tellOne({ call, state }: TransactionRecord, explorerUrl: string | null): void {
  const url = explorerUrl && 'txId' in state && state.txId ? toTxUrl(explorerUrl, state.txId) : null
  void notify(CALL_WORDS[call], {
    description: sayState(state),
    ...(getEnd(state) === 'failed' ? { durationMs: 10_000 } : {}),
    ...(url
      ? {
          action: {
            label: 'Explorer',
            onClick: () => void window.open(url, '_blank', 'noopener,noreferrer'),
          },
        }
      : {}),
  })
}

/** Tells of each transaction that was under way on this page and has ended. Shows nothing itself. */
export function TransactionToasts() {
  const transactions = useTransactions()
  const explorerUrl = useApp().config?.network.explorerUrl ?? null
  const seen = useRef<SeenStates | null>(null)
  const waiting = useRef<readonly TransactionRecord[]>([])
  useEffect(() => {
    if (transactions.status !== 'read') return
    const { rows } = transactions
    if (seen.current) waiting.current = [...waiting.current, ...findEnded(seen.current, rows)]
    seen.current = toSeen(rows)
    if (waiting.current.length === 0) return
    const timer = setTimeout(() => {
      tell(waiting.current, explorerUrl)
      waiting.current = []
    }, GATHER_MS)
    return () => clearTimeout(timer)
  }, [transactions, explorerUrl])
  return null
}
