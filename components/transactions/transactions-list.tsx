'use client'
import { Check, Clock, X } from 'lucide-react'
import { useState } from 'react'
import { useTransactions } from '@/hooks/use-transactions.ts'
import type { TransactionRecord } from '@/lib/features/transactions/index.ts'
import { formatAmountExact, formatTrx } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { ShortAddress } from '../ui/short-address.tsx'
import { TxLink } from '../ui/tx-link.tsx'
import { CALL_WORDS, getEnd, sayState } from './transaction-words.ts'

const PAGE_LENGTH = 10
const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'medium' })

function StateLine({ state }: Pick<TransactionRecord, 'state'>) {
  const end = getEnd(state)
  const isOver = end !== null || state.status === 'cancelled'
  const Icon = end === 'done' ? Check : isOver ? X : Clock
  return (
    <p
      className={classNames(
        'flex gap-1.5',
        end === 'done' && 'text-earn',
        end === 'failed' && 'text-danger',
        end === null && 'text-muted',
      )}
    >
      <Icon className="mt-0.5 size-4 shrink-0" aria-hidden />
      <span>{sayState(state)}</span>
    </p>
  )
}

function TransactionRow({ call, amount, account, begunAtMs, state }: TransactionRecord) {
  return (
    <tr
      className="grid grid-cols-[1fr_auto] gap-x-4 border-t border-line px-4 py-3 md:table-row md:p-0"
      data-testid="transaction"
      data-status={state.status}
    >
      <td className="font-medium md:py-2.5 md:pl-5 md:align-top">
        {CALL_WORDS[call]}
        <span className="block text-xs font-normal text-muted tabular-nums">
          {TIME.format(new Date(begunAtMs))}
        </span>
      </td>
      <td className="text-right tabular-nums md:px-3 md:py-2.5 md:align-top">
        {amount === null ? null : `${formatAmountExact(amount)} BTT`}
        {'feeSun' in state ? (
          <span className="block text-xs text-muted">fee {formatTrx(state.feeSun, 6)}</span>
        ) : null}
      </td>
      <td className="col-span-2 text-sm md:py-2.5 md:pr-5 md:pl-3">
        <StateLine state={state} />
        <span className="flex flex-wrap items-center gap-x-3 text-xs text-muted">
          <span>
            by <ShortAddress address={account} />
          </span>
          {'txId' in state && state.txId && state.status !== 'cancelled' ? (
            <TxLink txId={state.txId} />
          ) : null}
        </span>
      </td>
    </tr>
  )
}

/** The page's transactions, newest first, a page at a time. */
export function TransactionsList() {
  const transactions = useTransactions()
  const [pages, setPages] = useState(1)
  if (transactions.status === 'failed')
    return (
      <p role="alert" className="px-4 pb-5 text-muted sm:px-5">
        The list cannot be read. Your money is not touched by that; reload the page.
      </p>
    )
  if (transactions.status === 'reading')
    return (
      <p role="status" className="px-4 pb-5 text-muted sm:px-5">
        Reading the list.
      </p>
    )
  const { rows } = transactions
  if (rows.length === 0)
    return (
      <p className="px-4 pb-5 text-muted sm:px-5">
        None yet. Each transaction that this page asks your wallet for gets a line here, and is followed until
        the network cannot take it back.
      </p>
    )
  const shown = rows.slice(0, pages * PAGE_LENGTH)
  return (
    <>
      <table className="block w-full text-sm md:table">
        <thead className="sr-only md:not-sr-only md:table-header-group">
          <tr className="text-left text-xs text-muted">
            <th className="pb-2 pl-5 font-medium">What and when</th>
            <th className="px-3 pb-2 text-right font-medium">Amount and fee</th>
            <th className="pr-5 pb-2 pl-3 font-medium">Where it stands</th>
          </tr>
        </thead>
        <tbody className="block md:table-row-group">
          {shown.map((row) => (
            <TransactionRow key={row.id} {...row} />
          ))}
        </tbody>
      </table>
      {rows.length > shown.length ? (
        <div className="border-t border-line p-4 text-center">
          <Button size="small" onClick={() => setPages((count) => count + 1)}>
            Show more
          </Button>
        </div>
      ) : null}
    </>
  )
}
