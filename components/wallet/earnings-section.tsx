'use client'
import { type ReactNode, useState } from 'react'
import { useReceiptFold } from '@/hooks/use-receipts.ts'
import { formatAmount, formatBytes } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { ForeignText } from '../ui/foreign-text.tsx'
import { ShortAddress } from '../ui/short-address.tsx'
import { type EarnedRow, sumEarnings } from './earnings-sums.ts'
import { TipsReceived } from './tips-received.tsx'

const ROWS = 10

interface EarnedTableProps {
  readonly caption: string
  readonly rows: readonly EarnedRow[]
  readonly nameOf: (row: EarnedRow) => ReactNode
}

function EarnedTable({ caption, rows, nameOf }: EarnedTableProps) {
  const [length, setLength] = useState(ROWS)
  return (
    <div className="min-w-0">
      <table className="w-full table-fixed text-sm">
        <caption className="pb-2 text-left font-semibold">{caption}</caption>
        <thead>
          <tr className="text-xs text-muted">
            <th className="w-1/2 pb-2 text-left font-medium">From</th>
            <th className="pb-2 text-right font-medium">Sent</th>
            <th className="pb-2 text-right font-medium">Earned</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, length).map((row) => (
            <tr key={row.key} className="border-t border-line">
              <th scope="row" className="py-2 pr-2 text-left font-normal break-words">
                {nameOf(row)}
              </th>
              <td className="py-2 text-right tabular-nums">{formatBytes(row.lengthBytes)}</td>
              <td className="py-2 pl-2 text-right tabular-nums">{formatAmount(row.earned, 4)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > length ? (
        <Button size="small" className="mt-2" onClick={() => setLength(length + ROWS)}>
          Show more
        </Button>
      ) : null}
    </div>
  )
}

/** What this browser earned, by torrent and by payer; nothing before anything was earned. */
export function EarningsSection() {
  const folded = useReceiptFold(sumEarnings)
  if (folded.status !== 'read' || folded.value.torrents.length === 0) return null
  const { torrents, payers } = folded.value
  return (
    <section aria-labelledby="earnings-title" className="card p-5 sm:p-6">
      <h2 id="earnings-title" className="text-lg font-semibold">
        Earnings
      </h2>
      <p className="mt-1 mb-5 text-sm text-muted">
        All that was earned in this browser, tips included, by every account.
      </p>
      <div className="grid gap-8 lg:grid-cols-2">
        <EarnedTable
          caption="By torrent"
          rows={torrents}
          nameOf={({ name }) => <ForeignText text={name} />}
        />
        <EarnedTable caption="By payer" rows={payers} nameOf={({ key }) => <ShortAddress address={key} />} />
      </div>
      <TipsReceived />
    </section>
  )
}
