'use client'
import { loadNode } from '@/hooks/load-node.ts'
import { useChainQuestion } from '@/hooks/use-chain-question.ts'
import { useEarn } from '@/hooks/use-snapshots.ts'
import { formatAmount, formatTrx } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import { notifyCancelled, notifyProblem } from '../ui/notify.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Terms } from '../ui/terms.tsx'

function RedeemForm({ onClose }: { onClose(): void }) {
  const { redeemable } = useEarn()
  const answer = useChainQuestion(String(redeemable), (node) => node.commands.previewRedeem())
  const preview = answer.status === 'known' ? answer.preview : null
  const unknown = answer.status === 'loading' ? 'asking the network' : '—'

  async function redeem(): Promise<void> {
    onClose()
    const { commands } = await loadNode()
    const outcome = await commands.redeem()
    if (outcome.status === 'cancelled') void notifyCancelled()
    if (outcome.status === 'failed') void notifyProblem(outcome.problem)
  }

  const lines = [
    { label: 'Comes to your wallet', value: preview ? formatAmount(preview.brings, 4) : unknown },
    ...(preview && preview.brings < preview.due
      ? [
          {
            label: 'Left for later',
            value: `${formatAmount(preview.due, 4)} is due in all; the rest is worth less than its fee`,
          },
        ]
      : []),
    { label: 'Network fee, at most', value: preview ? formatTrx(preview.feeSun) : unknown },
    {
      label: 'You sign',
      value: preview ? (preview.transactions === 1 ? 'Once' : `${preview.transactions} times`) : unknown,
    },
  ]
  return (
    <div className="space-y-5">
      <Terms lines={lines} />
      {preview?.problem ? <ProblemNote problem={preview.problem} /> : null}
      {answer.status === 'unknown' ? <ProblemNote problem={answer.problem} role="alert" /> : null}
      <div className="flex flex-wrap gap-2">
        <Button
          look="primary"
          size="large"
          className="flex-1"
          disabled={preview === null || preview.problem !== null}
          onClick={() => void redeem()}
        >
          Redeem now
        </Button>
        <Button size="large" onClick={onClose}>
          Not yet
        </Button>
      </div>
    </div>
  )
}

/** What a redemption brings, and what it costs. */
export function RedeemDialog({ onClose }: { onClose(): void }) {
  return (
    <Modal
      title="Redeem what you earned?"
      description="Your vouchers stay good until a payer settles. Nothing is signed until you press the button below."
      open
      onClose={onClose}
    >
      <RedeemForm onClose={onClose} />
    </Modal>
  )
}
