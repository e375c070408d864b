'use client'
import { Download } from 'lucide-react'
import { loadNode } from '@/hooks/load-node.ts'
import { useEarn, useWallet } from '@/hooks/use-snapshots.ts'
import type { LockedSnapshot, MoneyFigures } from '@/lib/features/pay/index.ts'
import { type Amount, formatAmount, formatBytes, formatTrx } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { saveFile } from '../ui/save-file.ts'
import { formatChainTime, getAmountPerGB } from './money-words.ts'

interface Line {
  readonly label: string
  readonly value: string | null
}

const show = (amount: Amount | null, digits = 2): string | null =>
  amount === null ? null : formatAmount(amount, digits)

async function saveRecovery(): Promise<void> {
  const { commands } = await loadNode()
  const text = await commands.makeRecoveryFile()
  if (text !== null) saveFile('piecemeal-recovery.json', text, 'application/json')
}

/** Every figure of the session; each opens the receipts that it is a sum of. */
export function MoneyFiguresList({
  figures,
  torrents,
  onReceipts,
}: {
  readonly figures: MoneyFigures
  readonly torrents: LockedSnapshot['torrents']
  onReceipts(): void
}) {
  const wallet = useWallet()
  const earn = useEarn()
  const perGB = getAmountPerGB(figures)
  const lines: readonly Line[] = [
    { label: 'In your wallet', value: wallet.status === 'connected' ? show(wallet.btt) : null },
    { label: 'Locked, not spent yet', value: show(figures.locked, 4) },
    { label: 'Rate', value: `${formatAmount(figures.bttPerMin, 4)}/min` },
    { label: 'Price so far', value: perGB === null ? null : `${formatAmount(perGB)}/GB` },
    { label: 'Pieces paid', value: `${figures.paidPieces}, ${formatBytes(figures.paidBytes)}` },
    {
      label: 'Network fees so far',
      value: `${formatTrx(figures.feeSun)}, ${figures.transactions} ${figures.transactions === 1 ? 'transaction' : 'transactions'}`,
    },
    { label: 'Tips', value: show(figures.tipped, 4) },
    {
      label: 'Torrents agreed to',
      value: String(Object.values(torrents).filter((answer) => answer === 'pay').length),
    },
    { label: 'You pay at most', value: `${formatAmount(figures.maxAskPerMiB, 4)}/MiB` },
    { label: 'Earned', value: earn.status === 'off' ? null : show(earn.earned, 4) },
  ]
  return (
    <div>
      <dl className="grid grid-cols-2 gap-1">
        {lines.map(({ label, value }) => (
          <div key={label} className="relative rounded-lg p-2 hover:bg-sunken">
            <dt className="text-xs text-muted">{label}</dt>
            <dd className="text-sm font-semibold tabular-nums">
              <button
                type="button"
                className="text-left after:absolute after:inset-0"
                aria-label={`${label}: ${value ?? 'not known'}. Open the receipts.`}
                onClick={onReceipts}
              >
                {value ?? '—'}
              </button>
            </dd>
          </div>
        ))}
      </dl>
      {figures.untilSec > 0n ? (
        <p className="mt-2 px-2 text-xs text-muted">
          This page can open channels until {formatChainTime(figures.untilSec)}.
        </p>
      ) : null}
      {figures.channels > 0 ? (
        <div className="mt-2 px-2">
          <Button look="ghost" size="small" className="-ml-3" onClick={() => void saveRecovery()}>
            <Download className="size-4" aria-hidden />
            Save recovery file
          </Button>
          <p className="text-xs text-muted">
            Your wallet alone gets the coins back. This file helps where no node keeps the record any more.
          </p>
        </div>
      ) : null}
    </div>
  )
}
