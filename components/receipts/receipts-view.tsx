'use client'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { useReceipts } from '@/hooks/use-receipts.ts'
import { formatAmount, formatTrx } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/fields.tsx'
import { Figure } from '../ui/figure.tsx'
import { saveFile } from '../ui/save-file.ts'
import { FILTERS, filterReceipts, type ReceiptFilter, sumReceipts } from './receipt-words.ts'
import { formatReceiptsCsv } from './receipts-csv.ts'
import { ReceiptsList } from './receipts-list.tsx'

const OPTIONS = (Object.keys(FILTERS) as ReceiptFilter[]).map((value) => ({
  value,
  label: FILTERS[value].label,
}))

/** The ledger: totals, filter, lines, export. */
export function ReceiptsView() {
  const receipts = useReceipts()
  const [filter, setFilter] = useState<ReceiptFilter>('all')
  if (receipts === null)
    return (
      <p role="status" className="p-5 text-muted">
        Reading the ledger.
      </p>
    )
  if (receipts.length === 0)
    return (
      <p className="p-5 text-muted">
        No receipts yet. Each piece you pay for, each tip and each transaction gets a line here.
      </p>
    )
  const totals = sumReceipts(receipts)
  const shown = filterReceipts(receipts, filter)
  return (
    <>
      <dl className="grid grid-cols-2 gap-4 px-4 pb-5 sm:grid-cols-5 sm:px-5">
        <Figure label="Paid for pieces" value={formatAmount(totals.pieces, 4)} />
        <Figure label="Tips given" value={formatAmount(totals.tips, 4)} />
        <Figure label="Earned" value={formatAmount(totals.earned, 4)} />
        <Figure label="Refunded" value={formatAmount(totals.refunded, 4)} />
        <Figure label="Network fees" value={formatTrx(totals.feeSun)} />
      </dl>
      <div className="flex flex-wrap items-end justify-between gap-3 px-4 pb-4 sm:px-5">
        <Choice label="Show" options={OPTIONS} value={filter} onChange={setFilter} />
        <Button
          onClick={() =>
            saveFile('piecemeal-receipts.csv', formatReceiptsCsv(receipts), 'text/csv;charset=utf-8')
          }
        >
          <Download className="size-4" aria-hidden />
          Save as CSV
        </Button>
      </div>
      {shown.length === 0 ? (
        <p className="border-t border-line p-5 text-muted">None of this kind.</p>
      ) : (
        <ReceiptsList key={filter} receipts={shown} />
      )}
    </>
  )
}
