import type { FeePreviewState } from '@/hooks/use-fee-preview.ts'
import { type Amount, formatAmount, formatTrx } from '@/lib/units/index.ts'

export interface BudgetTermsProps {
  readonly budget: Amount | null
  readonly fees: FeePreviewState
  /** What the budget is for; empty while its name is not known, null where no torrent is on screen. */
  readonly torrentName: string | null
  /** The wallet signs without asking. */
  readonly isSilent: boolean
}

/** What it is for, what it costs, what is signed, what can be lost. */
export function BudgetTerms({ budget, fees, torrentName, isSilent }: BudgetTermsProps) {
  const preview = fees.status === 'known' && budget !== null ? fees.preview : null
  const unknown = fees.status === 'loading' && budget !== null ? 'asking the network' : '—'
  const signs =
    preview?.approve === null ? 'Once: lock the budget' : 'Twice: allow the contract, lock the budget'
  const lines = [
    {
      label: 'Pays for',
      value:
        torrentName === null ? (
          'No torrent yet. Each asks you once when you open it.'
        ) : (
          <>
            <bdi className="break-words">{torrentName || 'This torrent'}</bdi>. Another one asks you first.
          </>
        ),
    },
    { label: 'Network fee now, at most', value: preview ? formatTrx(preview.totalFeeSun) : unknown },
    {
      label: 'To settle later, about',
      value: preview
        ? `${formatTrx(preview.settleFeeSun)}, and ${formatTrx(preview.silentFeeSun)} more if a seeder does not answer`
        : unknown,
    },
    {
      label: 'To add more seeders',
      value: preview
        ? `${formatTrx(preview.furtherFeeSun)} at most, each time. ${isSilent ? 'The demo wallet pays it by itself.' : 'Only when you press “Confirm new seeders”.'}`
        : unknown,
    },
    { label: 'You sign', value: `${signs}. Then no pop-up that you did not ask for.` },
    {
      label: 'The most you can lose',
      value:
        budget === null
          ? '—'
          : `${formatAmount(budget)}, even if this page were stolen. The rest of your wallet is out of its reach.`,
    },
    { label: 'What is not spent', value: 'Comes back to your wallet when you settle.' },
  ]
  return (
    <dl className="space-y-2 rounded-xl bg-sunken p-4 text-sm" aria-live="polite">
      {lines.map(({ label, value }) => (
        <div key={label} className="grid gap-x-4 sm:grid-cols-[11rem_1fr]">
          <dt className="text-muted">{label}</dt>
          <dd className="min-w-0 font-medium tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
