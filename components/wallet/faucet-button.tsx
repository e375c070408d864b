'use client'
import { useState } from 'react'
import { toast } from 'sonner'
import { loadNode } from '@/hooks/load-node.ts'
import { useApp, useWallet } from '@/hooks/use-snapshots.ts'
import { Button } from '../ui/button.tsx'

/** Test coins, where a network gives them away. */
export function FaucetButton({ className }: { readonly className?: string }) {
  const network = useApp().config?.network
  const wallet = useWallet()
  const [isBusy, setBusy] = useState(false)
  if (!network?.isTestnet || !network.faucetUrl || wallet.status !== 'connected') return null

  async function request(): Promise<void> {
    setBusy(true)
    const { commands } = await loadNode()
    const outcome = await commands.requestFaucet().finally(() => setBusy(false))
    if (outcome.status === 'done') toast.success('Test coins arrived.')
    if (outcome.status === 'failed')
      toast.error(outcome.problem.title, { description: outcome.problem.action })
  }

  return (
    <Button size="small" className={className} disabled={isBusy} onClick={() => void request()}>
      {isBusy ? 'Asking the faucet' : 'Get test coins'}
    </Button>
  )
}
