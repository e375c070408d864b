'use client'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { useNewestFold, useReceiptPages } from '@/hooks/use-receipts.ts'
import { formatAmount, formatAmountExact, formatBytes } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { ForeignText } from '../ui/foreign-text.tsx'
import { sayDay } from './receipt-words.ts'
import { ReceiptLines, ReceiptsList } from './receipts-list.tsx'
import { Timeline, type TimelineEntry, VISIT_KINDS, type Visit } from './visits.ts'

const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })

const createTimeline = (): Timeline => new Timeline()

function VisitPieces({ visit }: { readonly visit: Visit }) {
  const [range] = useState({
    kinds: VISIT_KINDS[visit.direction],
    infoHash: visit.infoHash,
    before: visit.newestId + 1,
    oldestId: visit.oldestId,
  })
  const { receipts, hasOlder, showOlder } = useReceiptPages(range)
  if (receipts === null) return null
  return <ReceiptsList receipts={receipts} hasOlder={hasOlder} showOlder={showOlder} />
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`

function VisitRow({ visit }: { readonly visit: Visit }) {
  const [isOpen, setOpen] = useState(false)
  const isPaid = visit.direction === 'paid'
  const [first, last] = [TIME.format(visit.firstAtMs), TIME.format(visit.lastAtMs)]
  const facts = [
    first === last ? first : `${first} to ${last}`,
    formatBytes(visit.lengthBytes),
    count(visit.pieces, 'piece'),
    count(visit.parties, isPaid ? 'seeder' : 'payer'),
    ...(visit.tips > 0n ? [`${formatAmount(visit.tips, 4)} of it tips`] : []),
  ]
  return (
    <li className="border-t border-line" data-testid="visit">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex w-full items-center gap-3 px-4 py-3 text-left hover:bg-sunken sm:px-5"
      >
        <ChevronRight
          className={classNames('size-4 shrink-0 transition-transform', isOpen && 'rotate-90')}
          aria-hidden
        />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">
            <ForeignText text={visit.torrentName || visit.infoHash} />
          </span>
          <span className="block text-xs text-muted tabular-nums">{facts.join(', ')}</span>
        </span>
        <span
          className={classNames('shrink-0 text-right font-medium tabular-nums', !isPaid && 'text-earn')}
          title={`${formatAmountExact(visit.amount)} BTT`}
        >
          <span className="sr-only">{isPaid ? 'Paid ' : 'Earned '}</span>
          <span aria-hidden>{isPaid ? '− ' : '+ '}</span>
          {formatAmount(visit.amount, 4)}
        </span>
      </button>
      {isOpen ? (
        <div className="bg-sunken/40 pb-2">
          <VisitPieces visit={visit} />
        </div>
      ) : null}
    </li>
  )
}

function Entry({ entry }: { readonly entry: TimelineEntry }) {
  if (entry.kind === 'visit') return <VisitRow visit={entry} />
  return (
    <li>
      <ReceiptLines receipts={[entry.receipt]} />
    </li>
  )
}

/** What was paid and earned by film and visit, with the transactions between, by days. */
export function VisitsList() {
  const { entries, hasOlder, showOlder } = useNewestFold(createTimeline)
  if (entries === null) return null
  const days = Map.groupBy(entries, ({ lastAtMs }) => sayDay(lastAtMs, Date.now()))
  return (
    <>
      {[...days].map(([day, own]) => (
        <section key={day} aria-label={day}>
          <h3 className="border-t border-line bg-sunken/60 px-4 py-2 text-xs font-semibold text-muted sm:px-5">
            {day}
          </h3>
          <ul>
            {own.map((entry) => (
              <Entry key={keyOf(entry)} entry={entry} />
            ))}
          </ul>
        </section>
      ))}
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

/** The oldest line stays, while a visit grows. */
const keyOf = (entry: TimelineEntry): string =>
  entry.kind === 'visit' ? `${entry.direction}/${entry.oldestId}` : `transaction/${entry.receipt.id}`
