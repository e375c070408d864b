'use client'
import type { Receipt } from '@/lib/ledger/index.ts'
import { formatAmountExact, formatTrx } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { ForeignText } from '../ui/foreign-text.tsx'
import { ShortAddress } from '../ui/short-address.tsx'
import { TxLink } from '../ui/tx-link.tsx'
import { getCounterparty, getRoll, KIND_WORDS, sayWhat } from './receipt-words.ts'

const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'medium' })

function ReceiptRow({ receipt }: { readonly receipt: Receipt }) {
  const who = getCounterparty(receipt)
  const what = sayWhat(receipt)
  const memo = 'memo' in receipt ? receipt.memo : null
  const roll = getRoll(receipt)
  const first = TIME.format(new Date(receipt.atMs))
  const last = roll && roll.vouchers > 1 ? TIME.format(new Date(roll.lastAtMs)) : null
  return (
    <tr
      className="grid grid-cols-[1fr_auto] gap-x-4 border-t border-line px-4 py-3 md:table-row md:p-0"
      data-testid="receipt"
      data-kind={receipt.kind}
    >
      <td className="font-medium md:py-2.5 md:pl-5">
        {KIND_WORDS[receipt.kind]}
        <span className="block text-xs font-normal text-muted tabular-nums">
          {last ? `${first} to ${last}` : first}
        </span>
      </td>
      <td className="text-right tabular-nums md:px-3 md:py-2.5">
        {formatAmountExact(receipt.amount)} BTT
        {'feeSun' in receipt && receipt.feeSun > 0n ? (
          <span className="block text-xs text-muted">fee {formatTrx(receipt.feeSun, 6)}</span>
        ) : null}
      </td>
      <td className="col-span-2 text-sm md:py-2.5 md:pr-5 md:pl-3">
        {what ? <span className="block">{what}</span> : null}
        {who ? (
          <span className="block text-muted">
            {'payer' in receipt ? 'from ' : 'to '}
            <ShortAddress address={who} />
          </span>
        ) : null}
        {memo ? (
          <span className="block">
            “<ForeignText text={memo} />”
          </span>
        ) : null}
        {'txId' in receipt ? <TxLink txId={receipt.txId} /> : null}
      </td>
    </tr>
  )
}

/** Receipts line by line, without a head. */
export function ReceiptLines({ receipts }: Pick<ReceiptsListProps, 'receipts'>) {
  return (
    <table className="block w-full text-sm md:table md:table-fixed">
      <tbody className="block md:table-row-group">
        {receipts.map((receipt) => (
          <ReceiptRow key={receipt.id} receipt={receipt} />
        ))}
      </tbody>
    </table>
  )
}

export interface ReceiptsListProps {
  readonly receipts: readonly Receipt[]
  readonly hasOlder: boolean
  showOlder(): void
}

/** Receipts line by line, a page at a time: a film has hundreds. */
export function ReceiptsList({ receipts, hasOlder, showOlder }: ReceiptsListProps) {
  return (
    <>
      <table className="block w-full text-sm md:table">
        <thead className="sr-only md:not-sr-only md:table-header-group">
          <tr className="text-left text-xs text-muted">
            <th className="pb-2 pl-5 font-medium">What and when</th>
            <th className="px-3 pb-2 text-right font-medium">Amount</th>
            <th className="pr-5 pb-2 pl-3 font-medium">For</th>
          </tr>
        </thead>
        <tbody className="block md:table-row-group">
          {receipts.map((receipt) => (
            <ReceiptRow key={receipt.id} receipt={receipt} />
          ))}
        </tbody>
      </table>
      {hasOlder ? (
        <div className="border-t border-line p-4 text-center">
          <Button size="small" onClick={showOlder}>
            Show older
          </Button>
        </div>
      ) : null}
    </>
  )
}
