'use client'
import { useState } from 'react'
import { loadNode } from '@/hooks/load-node.ts'
import type { WalletSnapshot } from '@/lib/features/wallet/index.ts'
import type { Problem } from '@/lib/kernel/index.ts'
import { Button } from '../ui/button.tsx'
import { ForeignText } from '../ui/foreign-text.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'

export interface WrongNetworkProps {
  readonly wallet: Extract<WalletSnapshot, { status: 'wrongNetwork' }>
  onSwitched?(): void
}

/** The wallet is connected, but elsewhere. */
export function WrongNetwork({ wallet, onSwitched }: WrongNetworkProps) {
  const [problem, setProblem] = useState<Problem | null>(null)

  async function run(): Promise<void> {
    const node = await loadNode()
    const outcome = await node.commands.switchNetwork()
    setProblem(outcome.status === 'failed' ? outcome.problem : null)
    if (outcome.status === 'done' && node.wallet.get().status === 'connected') onSwitched?.()
  }

  return (
    <div className="space-y-4">
      <p role="alert">
        <ForeignText text={wallet.name} /> is on another network. This site works on{' '}
        <strong>{wallet.wanted}</strong>. Nothing was signed.
      </p>
      {problem ? <ProblemNote problem={problem} role="alert" /> : null}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" onClick={() => void run()}>
          Switch to {wallet.wanted}
        </Button>
        <Button onClick={() => void loadNode().then(({ commands }) => commands.disconnectWallet())}>
          Disconnect
        </Button>
      </div>
    </div>
  )
}
