'use client'
import { useState } from 'react'
import { loadNode } from '@/hooks/load-node.ts'
import { useChainQuestion } from '@/hooks/use-chain-question.ts'
import { usePay } from '@/hooks/use-snapshots.ts'
import { type Amount, formatAmount, formatTrx } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { notify, notifyCancelled, notifyProblem } from '../ui/notify.ts'

/** What the contract may still take, left over by an approval whose budget was not locked. Nothing while one is being locked. */
export function AllowanceNote({ allowance }: { readonly allowance: Amount }) {
  const pay = usePay()
  const [isBusy, setBusy] = useState(false)
  const fee = useChainQuestion(String(allowance), (node) => node.commands.previewRevoke())
  const isOwn = pay.status === 'starting' || ('underWay' in pay && pay.underWay !== null)
  if (isOwn && !isBusy) return null

  async function revoke(): Promise<void> {
    setBusy(true)
    const { commands } = await loadNode()
    const outcome = await commands.revokeAllowance().finally(() => setBusy(false))
    if (outcome.status === 'done') void notify('The contract may take nothing any more.')
    if (outcome.status === 'cancelled') void notifyCancelled()
    if (outcome.status === 'failed') void notifyProblem(outcome.problem)
  }

  return (
    <div className="mt-4 rounded-xl border border-line p-3 text-sm" data-testid="allowance">
      <p>
        The payment contract may still take {formatAmount(allowance)} from this wallet, for a budget that was
        allowed and not locked. The next budget uses it; or take it back
        {fee.status === 'known' ? `, for ${formatTrx(fee.feeSun)} at most` : ''}.
      </p>
      <Button size="small" className="mt-2" disabled={isBusy} onClick={() => void revoke()}>
        {isBusy ? 'Waiting for your wallet' : 'Take it back'}
      </Button>
    </div>
  )
}
