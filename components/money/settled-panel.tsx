'use client'
import { loadNode } from '@/hooks/load-node.ts'
import type { Problem } from '@/lib/kernel/index.ts'
import type { SettleSummary } from '@/lib/payments/index.ts'
import { formatAmountExact, formatTrx } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { ShortAddress } from '../ui/short-address.tsx'
import { TxLink } from '../ui/tx-link.tsx'
import { MoneyPanel } from './money-panel.tsx'
import { PAY_TITLES } from './money-words.ts'

export interface SettledPanelProps {
  readonly summary: SettleSummary
  readonly problem: Problem | null
  readonly docked: boolean
  onReceipts(): void
}

/** How the session ended, to the base unit. */
export function SettledPanel({ summary, problem, docked, onReceipts }: SettledPanelProps) {
  const { funded, paid, refunded, payees, txIds, feeSun } = summary
  return (
    <MoneyPanel
      title={PAY_TITLES.settled}
      tone="earn"
      docked={docked}
      summary={
        <dl className="space-y-1 text-sm tabular-nums" data-testid="settlement">
          {[
            { label: 'Paid to seeders', amount: paid, sign: '' },
            { label: 'Back in your wallet', amount: refunded, sign: '+ ' },
            { label: 'Funded', amount: funded, sign: '= ' },
          ].map(({ label, amount, sign }) => (
            <div
              key={label}
              className="flex justify-between gap-4 last:border-t last:border-line last:pt-1 last:font-semibold"
            >
              <dt>{label}</dt>
              <dd className="text-right">
                {sign}
                {formatAmountExact(amount)} BTT
              </dd>
            </div>
          ))}
        </dl>
      }
      actions={
        <>
          <Button onClick={onReceipts}>Receipts</Button>
          <Button
            look="primary"
            onClick={() => void loadNode().then(({ commands }) => commands.dismissSettlement())}
          >
            Done
          </Button>
        </>
      }
    >
      {problem ? <ProblemNote problem={problem} /> : null}
      <div>
        <h3 className="eyebrow mb-1">Seeders paid</h3>
        <ul className="space-y-1 text-sm tabular-nums">
          {payees.map(({ payee, amount }) => (
            <li key={payee} className="flex flex-wrap justify-between gap-x-3">
              <ShortAddress address={payee} />
              <span>{formatAmountExact(amount)} BTT</span>
            </li>
          ))}
          {payees.length === 0 ? <li className="text-muted">None: nothing was paid.</li> : null}
        </ul>
      </div>
      <div>
        <h3 className="eyebrow mb-1">Transactions, {formatTrx(feeSun)} in fees</h3>
        <ul>
          {txIds.map((txId) => (
            <li key={txId}>
              <TxLink txId={txId} />
            </li>
          ))}
        </ul>
      </div>
    </MoneyPanel>
  )
}
