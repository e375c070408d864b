'use client'
import { useState } from 'react'
import { loadNode } from '@/hooks/load-node.ts'
import { useNow } from '@/hooks/use-now.ts'
import { useWallet } from '@/hooks/use-snapshots.ts'
import type { Outcome } from '@/lib/kernel/index.ts'
import type { NodeCommands } from '@/lib/site/index.ts'
import { Button } from '../ui/button.tsx'
import { notifyCancelled } from '../ui/notify.ts'
import type { LivePay } from './live-panel.tsx'

export interface PayActionsProps {
  readonly pay: LivePay
  onConnect(): void
  onTopUp(): void
  onSettle(): void
}

/** Stop, resume, top up, confirm, settle: what the state allows. */
export function PayActions({ pay, onConnect, onTopUp, onSettle }: PayActionsProps) {
  const [isBusy, setBusy] = useState(false)
  const wallet = useWallet()
  const isConnected = wallet.status === 'connected'
  const nowMs = useNow(pay.status === 'closing' ? 5_000 : null)
  const isFunder = isConnected && wallet.address === pay.funder

  async function run(command: (commands: NodeCommands) => Promise<Outcome>): Promise<void> {
    setBusy(true)
    const { commands } = await loadNode()
    const outcome = await command(commands).finally(() => setBusy(false))
    // A failure stands in the panel already.
    if (outcome.status === 'cancelled') void notifyCancelled()
  }

  if (pay.status === 'settling') return null
  // Unknown: the settlement itself asks the chain.
  const isWaiting =
    pay.status === 'closing' &&
    pay.chainAheadMs !== null &&
    nowMs + pay.chainAheadMs < Number(pay.closeAtSec) * 1000
  return (
    <>
      {pay.status === 'paying' && pay.needsOpen ? (
        <Button look="pay" disabled={isBusy} onClick={() => void run((commands) => commands.openMoreSeats())}>
          Confirm new seeders
        </Button>
      ) : null}
      {pay.status !== 'closing' && isFunder && !pay.isFound ? (
        <Button
          look={pay.status === 'exhausted' ? 'pay' : 'quiet'}
          disabled={isBusy || pay.underWay !== null}
          onClick={onTopUp}
        >
          Top up
        </Button>
      ) : null}
      {pay.status === 'paying' ? (
        <Button onClick={() => void loadNode().then(({ commands }) => commands.stopPaying())}>
          Stop paying
        </Button>
      ) : null}
      {pay.status === 'stopped' && !pay.isFound ? (
        <Button look="pay" disabled={isBusy} onClick={() => void run((commands) => commands.resumePaying())}>
          Resume paying
        </Button>
      ) : null}
      <Button
        look={pay.status === 'paying' ? 'quiet' : 'primary'}
        disabled={isBusy || isWaiting}
        onClick={isConnected ? onSettle : onConnect}
      >
        {isConnected ? (pay.isFound ? 'Take it back' : 'Settle') : 'Connect to settle'}
      </Button>
    </>
  )
}
