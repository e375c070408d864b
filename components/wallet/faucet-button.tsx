'use client'
import { useState } from 'react'
import { loadNode } from '@/hooks/load-node.ts'
import { useApp, useWallet } from '@/hooks/use-snapshots.ts'
import { Button } from '../ui/button.tsx'
import { notify, notifyProblem } from '../ui/notify.ts'

/** Test coins, where a network gives them away. */
export function FaucetButton({ className }: { readonly className?: string }) {
  const network = useApp().config?.network
  const wallet = useWallet()
  const [isBusy, setBusy] = useState(false)
  if (!network?.isTestnet || !network.faucetUrl || wallet.status !== 'connected') return null
  const isAsked = isBusy || wallet.isFilling

  async function request(): Promise<void> {
    setBusy(true)
    const { commands } = await loadNode()
    const outcome = await commands.requestFaucet().finally(() => setBusy(false))
    if (outcome.status === 'done') void notify('Test coins arrived.')
    if (outcome.status === 'failed') void notifyProblem(outcome.problem)
  }

  return (
    <Button size="small" className={className} disabled={isAsked} onClick={() => void request()}>
      {isAsked ? 'Asking the faucet' : 'Get test coins'}
    </Button>
  )
}
