'use client'
import { useState } from 'react'
import { loadNode } from '@/hooks/load-node.ts'
import { useFeePreview } from '@/hooks/use-fee-preview.ts'
import { useTorrent, useWallet } from '@/hooks/use-snapshots.ts'
import { formatAmount, formatTrx } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import { notifyCancelled, notifyProblem } from '../ui/notify.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Terms } from '../ui/terms.tsx'
import { FaucetButton } from '../wallet/faucet-button.tsx'
import { AmountChoice, parseAmount, suggestPreset } from './amount-choice.tsx'
import { findOffer } from './offer.ts'

interface TopUpFormProps {
  readonly infoHash: string | null
  onClose(): void
}

function TopUpForm({ infoHash, onClose }: TopUpFormProps) {
  const wallet = useWallet()
  const offer = findOffer(useTorrent(infoHash), infoHash !== null)
  const rest = offer.status === 'open' ? offer.rest : null
  const [initial] = useState(() => suggestPreset(rest))
  const [text, setText] = useState(initial === 'other' ? '' : initial)
  const amount = parseAmount(text)
  const fees = useFeePreview(amount, wallet.status === 'connected' ? `${wallet.trx}/${wallet.btt}` : '')
  const preview = fees.status === 'known' && amount !== null ? fees.preview : null

  async function topUp(): Promise<void> {
    if (amount === null) return
    onClose()
    const { commands } = await loadNode()
    const outcome = await commands.topUp(amount)
    if (outcome.status === 'cancelled') void notifyCancelled()
    if (outcome.status === 'failed') void notifyProblem(outcome.problem)
  }

  const lines = [
    {
      label: 'Network fee now, at most',
      value: preview
        ? formatTrx(preview.totalFeeSun)
        : fees.status === 'loading'
          ? 'asking the network'
          : '—',
    },
    {
      label: 'You sign',
      value:
        preview?.approve === null ? 'Once: lock the amount' : 'Twice: allow the contract, lock the amount',
    },
    { label: 'What is not spent', value: 'Comes back to your wallet with the rest when you settle.' },
  ]
  return (
    <form
      className="space-y-5"
      onSubmit={(event) => {
        event.preventDefault()
        void topUp()
      }}
    >
      <AmountChoice
        label="Add, in BTT"
        otherLabel="Your amount"
        text={text}
        onText={setText}
        initial={initial}
      />
      <Terms lines={lines} />
      {preview?.problem ? (
        <ProblemNote problem={preview.problem}>
          <FaucetButton className="mt-2" />
        </ProblemNote>
      ) : null}
      {fees.status === 'unknown' && amount !== null ? (
        <ProblemNote problem={fees.problem} role="alert" />
      ) : null}
      <Button
        look="pay"
        size="large"
        type="submit"
        className="w-full"
        disabled={preview === null || preview.problem !== null}
      >
        {amount === null ? 'Top up' : `Add ${formatAmount(amount)}`}
      </Button>
    </form>
  )
}

/** More money for the budget in hand, with its price before anything is signed. */
export function TopUpDialog({ open, ...form }: TopUpFormProps & { readonly open: boolean }) {
  return (
    <Modal
      title="Top up the budget"
      description="Nothing is signed until you press the button below."
      open={open}
      onClose={form.onClose}
    >
      <TopUpForm {...form} />
    </Modal>
  )
}
