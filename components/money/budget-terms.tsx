import type { FeePreviewState } from '@/hooks/use-fee-preview.ts'
import { useWallet } from '@/hooks/use-snapshots.ts'
import type { FeePreview } from '@/lib/features/pay/index.ts'
import { type Amount, formatAmount, formatTrx } from '@/lib/units/index.ts'
import { Terms } from '../ui/terms.tsx'

export interface BudgetTermsProps {
  readonly budget: Amount | null
  readonly fees: FeePreviewState
  /** What the budget is for; empty while its name is not known, null where no torrent is on screen. */
  readonly torrentName: string | null
  /** What all that is still to come of it costs at the highest price asked; null where nobody knows. */
  readonly rest: Amount | null
  /** The wallet signs without asking. */
  readonly isSilent: boolean
  /** Whether budgets with high fees are refused, as just chosen; null: as the preview says. */
  readonly refusal: boolean | null
  onRefuse(refuses: boolean): void
}

function sayFurther(preview: FeePreview, isSilent: boolean): string {
  const { furtherFeeSun, furtherSettleSun, furtherMost } = preview
  const each = `${formatTrx(furtherFeeSun)} at most, each time, and up to ${formatTrx(furtherSettleSun)} more to settle it.`
  if (!isSilent) return `${each} Only when you press “Confirm new seeders”.`
  if (furtherMost === 0) return `${each} Never by itself: you are asked first.`
  return `${each} The demo wallet pays it by itself up to ${furtherMost === 1 ? 'once' : `${furtherMost} times`}, then you are asked.`
}

/** What it is for, what it costs, what is signed, what can be lost. */
export function BudgetTerms({
  budget,
  fees,
  torrentName,
  rest,
  isSilent,
  refusal,
  onRefuse,
}: BudgetTermsProps) {
  const preview = fees.status === 'known' && budget !== null ? fees.preview : null
  const unknown = fees.status === 'loading' && budget !== null ? 'asking the network' : '—'
  const signs =
    preview?.approve === null ? 'Once: lock the budget' : 'Twice: allow the contract, lock the budget'
  const wallet = useWallet()
  const held =
    wallet.status === 'connected' && wallet.btt !== null && wallet.trx !== null
      ? `${formatAmount(wallet.btt)}, and ${formatTrx(wallet.trx)} for fees`
      : '—'
  const lines = [
    { label: 'In your wallet', value: held },
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
    ...(rest === null
      ? []
      : [{ label: 'The rest of it', value: `About ${formatAmount(rest)}, at the highest price asked now.` }]),
    {
      label: 'Network fee now, at most',
      value: preview
        ? `${formatTrx(preview.totalFeeSun)}${preview.isPartlyStaked ? '; what your energy and free bandwidth pay is taken off' : ''}`
        : unknown,
    },
    {
      label: 'To settle later, about',
      value: preview
        ? `${formatTrx(preview.settleFeeSun)}, and ${formatTrx(preview.silentFeeSun)} more if a seeder does not answer`
        : unknown,
    },
    {
      label: 'To add more seeders',
      value: preview ? sayFurther(preview, isSilent) : unknown,
    },
    {
      label: 'You sign',
      value: isSilent
        ? 'Nothing: the demo wallet signs by itself.'
        : `${signs}. Then no pop-up that you did not ask for.`,
    },
    {
      label: 'The most you can lose',
      value:
        budget === null
          ? '—'
          : `${formatAmount(budget)}, even if this page were stolen. The rest of your wallet is out of its reach.`,
    },
    {
      label: 'If this browser is cleared',
      value: 'You wait an hour, no more: your wallet alone gets the rest back.',
    },
    { label: 'What is not spent', value: 'Comes back to your wallet when you settle.' },
  ]
  const feePercent = preview?.feePercent ?? 0
  return (
    <>
      <Terms lines={lines} />
      {preview?.areFeesHigh ? (
        <p role="status" className="rounded-xl border border-pay-solid/60 bg-pay-soft p-3 text-sm">
          The fees come to about {feePercent >= 1000 ? 'ten times' : `${feePercent} % of`} this budget. A
          larger one, for many films, costs the same fees.
        </p>
      ) : null}
      {preview && preview.feePercent !== null ? (
        <label className="flex items-start gap-3 text-sm">
          <input
            type="checkbox"
            className="mt-1 size-4 shrink-0 accent-ink"
            checked={refusal ?? preview.refusesHighFees}
            onChange={(event) => onRefuse(event.target.checked)}
          />
          Never lock a budget whose fees are more than a tenth of it
        </label>
      ) : null}
    </>
  )
}
