'use client'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { useEachReceipt, useReceiptFold, useReceiptPages } from '@/hooks/use-receipts.ts'
import { formatAmount, formatTrx } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/fields.tsx'
import { Figure } from '../ui/figure.tsx'
import { saveFile } from '../ui/save-file.ts'
import { FILTERS, type ReceiptFilter, sumReceipts } from './receipt-words.ts'
import { formatReceiptsCsv } from './receipts-csv.ts'
import { formatReceiptsJson } from './receipts-json.ts'
import { ReceiptsList } from './receipts-list.tsx'
import { VisitsList } from './visits-list.tsx'

type Shown = 'films' | ReceiptFilter

const OPTIONS: readonly { readonly value: Shown; readonly label: string }[] = [
  { value: 'films', label: 'By film' },
  ...(Object.keys(FILTERS) as ReceiptFilter[]).map((value) => ({ value, label: FILTERS[value].label })),
]

function ReceiptsPages({ filter }: { readonly filter: ReceiptFilter }) {
  const { receipts, hasOlder, showOlder } = useReceiptPages(FILTERS[filter].range)
  if (receipts === null) return null
  if (receipts.length === 0) return <p className="border-t border-line p-5 text-muted">None of this kind.</p>
  return <ReceiptsList receipts={receipts} hasOlder={hasOlder} showOlder={showOlder} />
}

/** The ledger: totals, filter, lines, export. */
export function ReceiptsView() {
  const folded = useReceiptFold(sumReceipts)
  const eachReceipt = useEachReceipt()
  const [filter, setFilter] = useState<Shown>('films')
  if (folded.status === 'failed')
    return (
      <p role="alert" className="p-5 text-muted">
        The ledger cannot be read. Nothing in it is lost by that; reload the page.
      </p>
    )
  if (folded.status === 'reading')
    return (
      <p role="status" className="p-5 text-muted">
        Reading the ledger.
      </p>
    )
  const totals = folded.value
  if (totals === null)
    return (
      <p className="p-5 text-muted">
        No receipts yet. Each piece you pay for, each tip and each transaction gets a line here.
      </p>
    )
  async function save(format: 'csv' | 'json'): Promise<void> {
    const receipts = eachReceipt()
    if (!receipts) return
    if (format === 'json') {
      saveFile('piecemeal-receipts.json', await formatReceiptsJson(receipts), 'application/json')
      return
    }
    // Without the mark, spreadsheets take the file for an older encoding.
    const lines = ['\ufeff', ...(await formatReceiptsCsv(receipts))]
    saveFile('piecemeal-receipts.csv', lines, 'text/csv;charset=utf-8')
  }
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
        <div className="flex gap-2">
          <Button onClick={() => void save('csv')}>
            <Download className="size-4" aria-hidden />
            Save as CSV
          </Button>
          <Button onClick={() => void save('json')}>JSON</Button>
        </div>
      </div>
      {filter === 'films' ? <VisitsList /> : <ReceiptsPages key={filter} filter={filter} />}
    </>
  )
}
