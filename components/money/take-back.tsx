'use client'
import { useState } from 'react'
import { loadNode } from '@/hooks/load-node.ts'
import type { LockedElsewhere } from '@/lib/features/pay/index.ts'
import { formatAmount } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { notifyCancelled } from '../ui/notify.ts'

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`)

/** When it comes, and what is signed for it. */
function sayTerms({ amount, atOnce, signaturesNow, signaturesLater }: LockedElsewhere): string {
  const now = atOnce > 0n ? `${formatAmount(atOnce)} comes at once. ` : ''
  const later =
    amount > atOnce
      ? `${atOnce > 0n ? 'The rest' : 'It'} comes after an hour or more, less what seeders redeem until then. `
      : ''
  const again = signaturesLater > 0 ? `, and ${times(signaturesLater)} when the wait is over` : ''
  const signs = signaturesNow > 0 ? `You sign ${times(signaturesNow)} now${again}.` : 'You sign once.'
  return `${now}${later}${signs}`
}

/** Coins of this wallet that another browser locked, or this one before its data were cleared. */
export function TakeBack({ locked }: { readonly locked: LockedElsewhere }) {
  const [isBusy, setBusy] = useState(false)
  async function takeBack(): Promise<void> {
    setBusy(true)
    const { commands } = await loadNode()
    const outcome = await commands.takeBack(locked.signer).finally(() => setBusy(false))
    if (outcome.status === 'cancelled') void notifyCancelled()
  }
  return (
    <div className="rounded-xl border border-pay-solid/60 bg-pay-soft p-3" data-testid="locked-elsewhere">
      <p className="font-semibold tabular-nums">{formatAmount(locked.amount)} locked elsewhere</p>
      <p className="mt-1 text-sm">
        Another browser or device with this wallet locked it, or this browser’s data were cleared. If it is
        still paying there, let it go on: taking it back ends that. {sayTerms(locked)}
      </p>
      {locked.unreadable > 0 ? (
        <p className="mt-1 text-sm">
          This node no longer has the record of{' '}
          {locked.unreadable === 1 ? 'a channel' : `${locked.unreadable} channels`}:{' '}
          <code>npm run recover</code> can ask another one.
        </p>
      ) : null}
      <Button
        look="pay"
        size="small"
        className="mt-3"
        disabled={isBusy || (locked.signaturesNow === 0 && locked.signaturesLater === 0)}
        onClick={() => void takeBack()}
      >
        Take it back
      </Button>
    </div>
  )
}
