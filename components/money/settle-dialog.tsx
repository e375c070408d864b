'use client'
import { useEffect } from 'react'
import { loadNode } from '@/hooks/load-node.ts'
import { useChainQuestion } from '@/hooks/use-chain-question.ts'
import { usePay } from '@/hooks/use-snapshots.ts'
import type { PaySnapshot } from '@/lib/features/pay/index.ts'
import { formatAmount, formatTrx } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import { notifyCancelled } from '../ui/notify.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Terms } from '../ui/terms.tsx'
import { FaucetButton } from '../wallet/faucet-button.tsx'
import type { LivePay } from './live-panel.tsx'

const isLive = (pay: PaySnapshot): pay is LivePay => 'figures' in pay

function SettleForm({ pay, onClose }: { readonly pay: LivePay; onClose(): void }) {
  const answer = useChainQuestion(`${pay.status}/${pay.figures.channels}`, (node) =>
    node.commands.previewSettle(),
  )
  const preview = answer.status === 'known' ? answer.preview : null
  const shown = (words: string | null): string =>
    words ?? (answer.status === 'loading' ? 'asking the network' : '—')
  const isWaitOver = pay.status === 'closing'

  async function settle(): Promise<void> {
    onClose()
    const { commands } = await loadNode()
    const outcome = await commands.settle()
    // A failure stands in the panel already.
    if (outcome.status === 'cancelled') void notifyCancelled()
  }

  const lines = [
    {
      label: pay.isFound ? 'Comes back, at most' : 'Comes back',
      value: pay.isFound
        ? `${formatAmount(pay.figures.locked, 4)}, less what seeders redeem until then`
        : formatAmount(pay.figures.locked, 4),
    },
    ...(pay.isFound
      ? []
      : [{ label: 'Goes to seeders', value: `${formatAmount(pay.figures.spent, 4)}, as you promised` }]),
    { label: 'Network fee, at most', value: shown(preview && formatTrx(preview.feeSun)) },
    {
      label: 'You sign',
      value: shown(preview && (preview.signatures === 1 ? 'Once' : `${preview.signatures} times`)),
    },
    ...(isWaitOver
      ? []
      : [
          {
            label: 'If a seeder does not answer',
            value: preview
              ? `You sign once more, wait an hour or longer for its part, and settle that for up to ${formatTrx(preview.silentFeeSun)} more`
              : shown(null),
          },
        ]),
  ]
  return (
    <div className="space-y-5">
      <Terms lines={lines} />
      {preview?.problem ? (
        <ProblemNote problem={preview.problem}>
          <FaucetButton className="mt-2" />
        </ProblemNote>
      ) : null}
      {answer.status === 'unknown' ? <ProblemNote problem={answer.problem} role="alert" /> : null}
      <div className="flex flex-wrap gap-2">
        <Button
          look="primary"
          size="large"
          className="flex-1"
          disabled={preview === null}
          onClick={() => void settle()}
        >
          {pay.isFound ? 'Take it back now' : 'Settle now'}
        </Button>
        <Button size="large" onClick={onClose}>
          Not yet
        </Button>
      </div>
    </div>
  )
}

/** The end of a budget: what comes back, what it costs, what is signed. */
export function SettleDialog({ open, onClose }: { readonly open: boolean; onClose(): void }) {
  const pay = usePay()
  const isGone = open && !isLive(pay)
  useEffect(() => {
    if (isGone) onClose()
  }, [isGone, onClose])
  if (!isLive(pay)) return null
  return (
    <Modal
      title={pay.isFound ? 'Take it back?' : 'Settle the budget?'}
      description="It ends this budget: seeders get what you promised, and the rest comes back. Nothing is signed until you press the button below."
      open={open}
      onClose={onClose}
    >
      <SettleForm pay={pay} onClose={onClose} />
    </Modal>
  )
}
