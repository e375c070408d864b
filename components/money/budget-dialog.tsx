'use client'
import { useState } from 'react'
import { loadNode } from '@/hooks/load-node.ts'
import { useFeePreview } from '@/hooks/use-fee-preview.ts'
import { useTorrent, useTorrents, useWallet } from '@/hooks/use-snapshots.ts'
import { formatAmount } from '@/lib/units/index.ts'
import { findHighestAsk, isAnyInReach } from '../peers/peer-words.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { Modal } from '../ui/modal.tsx'
import { notifyCancelled, notifyProblem } from '../ui/notify.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import { FaucetButton } from '../wallet/faucet-button.tsx'
import { AmountChoice, parseAmount, suggestPreset } from './amount-choice.tsx'
import { BudgetTerms } from './budget-terms.tsx'
import { findOffer, isTooSmall } from './offer.ts'

/** BTT per MiB: above what a common seeder asks, below what one would notice too late. */
const DEFAULT_ASK = '20'
interface BudgetFormProps {
  /** What the budget is for; null where no torrent is on screen. */
  readonly infoHash: string | null
  onClose(): void
}

function BudgetForm({ infoHash, onClose }: BudgetFormProps) {
  const wallet = useWallet()
  const torrent = useTorrent(infoHash)
  const asked = findHighestAsk(useTorrents())
  const offer = findOffer(torrent, infoHash !== null)
  const rest = offer.status === 'open' ? offer.rest : null
  const [initial] = useState(() => suggestPreset(rest))
  const [text, setText] = useState(initial === 'other' ? '' : initial)
  const [ask, setAsk] = useState(DEFAULT_ASK)
  const budgetValue = parseAmount(text)
  const maxAskPerMiB = parseAmount(ask)
  const balances = wallet.status === 'connected' ? `${wallet.trx}/${wallet.btt}` : ''
  const [refusal, setRefusal] = useState<boolean | null>(null)
  const isFilling = wallet.status === 'connected' && wallet.isFilling
  const fees = useFeePreview(budgetValue, `${balances}/${refusal}`)
  const buysNothing = budgetValue !== null && torrent !== null && isTooSmall(budgetValue, torrent)
  const shortfall = fees.status === 'known' && budgetValue !== null ? fees.preview.problem : null

  async function start(): Promise<void> {
    if (budgetValue === null || maxAskPerMiB === null) return
    onClose()
    const { commands } = await loadNode()
    const outcome = await commands.startPaying({
      budget: budgetValue,
      maxAskPerMiB,
      torrents: infoHash === null ? [] : [infoHash],
    })
    if (outcome.status === 'cancelled') void notifyCancelled()
    if (outcome.status === 'failed') void notifyProblem(outcome.problem)
  }

  async function refuseHighFees(refuses: boolean): Promise<void> {
    setRefusal(refuses)
    const { commands } = await loadNode()
    commands.refuseHighFees(refuses)
  }

  return (
    <form
      className="space-y-5"
      onSubmit={(event) => {
        event.preventDefault()
        void start()
      }}
    >
      <AmountChoice
        label="Budget in BTT"
        otherLabel="Your budget"
        text={text}
        onText={setText}
        initial={initial}
      />
      <TextField
        label="Pay at most, per MiB"
        unit="BTT"
        inputMode="decimal"
        autoComplete="off"
        value={ask}
        onChange={(event) => setAsk(event.target.value)}
        hint={`Seeders that ask more are not paid.${asked === null ? '' : ` In sight now they ask up to ${formatAmount(asked, 4)}.`}`}
        problem={maxAskPerMiB === null ? 'Write a number above 0 with a decimal point: 0.5 or 1250.5.' : null}
      />
      {torrent && maxAskPerMiB !== null && !isAnyInReach([torrent], maxAskPerMiB) ? (
        <p role="status" className="text-sm font-medium text-pay">
          No seeder in sight sells at that price. The budget waits for one that does.
        </p>
      ) : null}
      {buysNothing ? (
        <p role="status" className="text-sm font-medium text-pay">
          This budget does not buy one piece at the lowest price in sight: the fees would buy nothing.
        </p>
      ) : null}
      <BudgetTerms
        budget={budgetValue}
        fees={fees}
        isSilent={wallet.status === 'connected' && wallet.kind === 'demo'}
        rest={rest}
        torrentName={infoHash === null ? null : (torrent?.name ?? '')}
        refusal={refusal}
        onRefuse={(refuses) => void refuseHighFees(refuses)}
      />
      {shortfall && isFilling && shortfall.code !== 'fees-too-high' ? (
        <p role="status" className="text-sm text-muted">
          Test coins are on their way.
        </p>
      ) : shortfall ? (
        <ProblemNote problem={shortfall}>
          {shortfall.code === 'fees-too-high' ? null : <FaucetButton className="mt-2" />}
        </ProblemNote>
      ) : null}
      {fees.status === 'unknown' && budgetValue !== null ? (
        <ProblemNote problem={fees.problem} role="alert" />
      ) : null}
      <Button
        look="pay"
        size="large"
        type="submit"
        className="w-full"
        disabled={
          budgetValue === null ||
          maxAskPerMiB === null ||
          buysNothing ||
          shortfall !== null ||
          fees.status !== 'known'
        }
      >
        {budgetValue === null ? 'Start paying' : `Lock ${formatAmount(budgetValue)} and start`}
      </Button>
    </form>
  )
}

/** Chooses a budget and shows its price before anything is signed. */
export function BudgetDialog({ open, ...form }: BudgetFormProps & { readonly open: boolean }) {
  return (
    <Modal
      title="Pay for speed"
      description="Nothing is signed until you press the button below."
      open={open}
      onClose={form.onClose}
    >
      <BudgetForm {...form} />
    </Modal>
  )
}
