'use client'
import { type ReceiptRange, useReceiptPages } from '@/hooks/use-receipts.ts'
import { formatAmount } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { ForeignText } from '../ui/foreign-text.tsx'
import { ShortAddress } from '../ui/short-address.tsx'

const TIPS: ReceiptRange = { kinds: ['tipEarned'] }
const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

/** Tips with their words, who sent them and when, newest first; nothing while there are none. */
export function TipsReceived() {
  const { receipts, hasOlder, showOlder } = useReceiptPages(TIPS)
  if (receipts === null || receipts.length === 0) return null
  return (
    <div className="mt-6">
      <h3 className="text-sm font-semibold">Tips for you</h3>
      <ul className="mt-2 text-sm">
        {receipts.map((receipt) => (
          <li key={receipt.id} className="border-t border-line py-2">
            <span className="font-medium tabular-nums">{formatAmount(receipt.amount, 4)}</span>{' '}
            <span className="text-muted">
              {'payer' in receipt ? <ShortAddress address={receipt.payer} /> : null},{' '}
              {DATE.format(receipt.atMs)}
            </span>
            {'memo' in receipt && receipt.memo ? (
              <span className="block break-words">
                “<ForeignText text={receipt.memo} />”
              </span>
            ) : null}
          </li>
        ))}
      </ul>
      {hasOlder ? (
        <Button size="small" className="mt-2" onClick={showOlder}>
          Show older tips
        </Button>
      ) : null}
    </div>
  )
}
