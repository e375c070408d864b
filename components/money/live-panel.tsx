'use client'
import { useTorrent, useWallet } from '@/hooks/use-snapshots.ts'
import type { PaySnapshot } from '@/lib/features/pay/index.ts'
import { formatAmount } from '@/lib/units/index.ts'
import { Meter } from '../ui/meter.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { ShortAddress } from '../ui/short-address.tsx'
import { ChainSteps } from './chain-steps.tsx'
import { MoneyFiguresList } from './money-figures.tsx'
import { MoneyPanel } from './money-panel.tsx'
import {
  EXHAUSTED_TITLES,
  formatChainTime,
  getSpentShare,
  NOT_HERE_TITLE,
  PAY_TITLES,
  sayStanding,
} from './money-words.ts'
import { PayActions } from './pay-actions.tsx'
import { PayHere } from './pay-here.tsx'

export type LivePay = Exclude<PaySnapshot, { status: 'free' | 'starting' | 'settled' }>

export interface LivePanelProps {
  readonly pay: LivePay
  /** The torrent on screen; null where there is none. */
  readonly infoHash: string | null
  readonly docked: boolean
  onReceipts(): void
  onConnect(): void
  onTopUp(): void
  onSettle(): void
}

function StateNote({ pay, isComplete }: { readonly pay: LivePay; readonly isComplete: boolean }) {
  switch (pay.status) {
    case 'paying':
      if (isComplete)
        return (
          <p className="text-sm text-muted">
            You have all of this torrent: nothing more is paid here. Keep the budget for the next one, or
            settle.
          </p>
        )
      return pay.needsOpen ? (
        <p className="text-sm font-medium text-pay">
          A seeder waits for its seat. Confirm it in your wallet to pay that one too.
        </p>
      ) : null
    case 'stopped':
      if (pay.isFound)
        return (
          <p className="text-sm text-muted">
            Another browser locked this budget, or this one before its data were cleared. It cannot be spent
            from here: take it back.
          </p>
        )
      return (
        <p className="text-sm text-muted">
          Nothing is paid now; the stream goes on free. The rest stays locked until you resume or settle.
        </p>
      )
    case 'exhausted':
      return (
        <p className="text-sm text-muted">
          {pay.exhaustion === 'spent' ? null : `${pay.problem.money} `}
          {pay.problem.action}
        </p>
      )
    case 'closing':
      if (pay.isFound)
        return (
          <p className="text-sm text-muted">
            The close delay runs, so that seeders can redeem what they were promised. After{' '}
            {formatChainTime(pay.closeAtSec)} the rest can be taken back.
          </p>
        )
      return (
        <p className="text-sm text-muted">
          Some seeders did not confirm. After {formatChainTime(pay.closeAtSec)} you can settle and the rest
          comes back to your wallet.
        </p>
      )
    case 'settling':
      return <ChainSteps {...pay} />
  }
}

/** Vouchers go on by themselves, whatever account the wallet shows; the settlement does not. */
function FunderNote({ funder }: Pick<LivePay, 'funder'>) {
  const wallet = useWallet()
  if (funder === null || wallet.status !== 'connected' || wallet.address === funder) return null
  return (
    <p role="status" className="text-sm font-medium text-pay">
      Your wallet now shows another account. The budget is safe; to settle it, choose the account that funded
      it: <ShortAddress address={funder} />
    </p>
  )
}

function sayTitle(pay: LivePay, isElsewhere: boolean): string {
  if (isElsewhere) return NOT_HERE_TITLE
  if (pay.isFound && pay.status === 'stopped') return 'Found on the chain'
  return pay.status === 'exhausted' ? EXHAUSTED_TITLES[pay.exhaustion] : PAY_TITLES[pay.status]
}

/** Money is locked: what it does, and what one can do about it. */
export function LivePanel(props: LivePanelProps) {
  const { pay, infoHash, docked, onReceipts, onConnect, onTopUp, onSettle } = props
  const { figures } = pay
  const isElsewhere = pay.status === 'paying' && infoHash !== null && pay.torrents[infoHash] !== 'pay'
  const spentWords = `${formatAmount(figures.spent, 4)} of ${formatAmount(figures.budget)}`
  const torrent = useTorrent(infoHash)
  const isComplete =
    torrent !== null && torrent.lengthBytes > 0 && torrent.verifiedBytes === torrent.lengthBytes
  const problem = 'problem' in pay ? pay.problem : null
  return (
    <MoneyPanel
      title={sayTitle(pay, isElsewhere)}
      tone="pay"
      docked={docked}
      summary={
        <div className="space-y-2">
          <button
            type="button"
            onClick={onReceipts}
            className="block w-full rounded-md text-left tabular-nums"
            aria-label={`Spent ${spentWords}. Open the receipts.`}
          >
            <span className="text-xl font-bold tracking-tight" data-testid="spent">
              {formatAmount(figures.spent, 4)}
            </span>
            <span className="text-sm text-muted"> spent of {formatAmount(figures.budget)}</span>
          </button>
          <Meter label="Spent of the budget" value={getSpentShare(figures)} text={spentWords} tone="pay" />
          {pay.isFound ? null : (
            <p className="text-sm tabular-nums" data-testid="standing">
              {sayStanding(figures, infoHash, pay.status === 'paying' && !isComplete)}
            </p>
          )}
          {pay.status === 'paying' && infoHash !== null ? (
            <PayHere key={infoHash} infoHash={infoHash} pay={pay} />
          ) : null}
          <StateNote pay={pay} isComplete={isComplete} />
          {pay.status !== 'settling' && pay.underWay ? <ChainSteps {...pay.underWay} /> : null}
          <FunderNote funder={pay.funder} />
          {problem && pay.status !== 'exhausted' ? <ProblemNote problem={problem} /> : null}
        </div>
      }
      actions={<PayActions pay={pay} onConnect={onConnect} onTopUp={onTopUp} onSettle={onSettle} />}
    >
      <MoneyFiguresList figures={figures} torrents={pay.torrents} onReceipts={onReceipts} />
    </MoneyPanel>
  )
}
