'use client'
import { Sprout } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { loadNode } from '@/hooks/load-node.ts'
import { useEarn, useWallet } from '@/hooks/use-snapshots.ts'
import type { Outcome, Problem } from '@/lib/kernel/index.ts'
import type { NodeCommands } from '@/lib/site/index.ts'
import { BTT, formatAmount, formatAmountExact, parseMoney } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { Figure } from '../ui/figure.tsx'
import { notifyCancelled } from '../ui/notify.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import { TxLink } from '../ui/tx-link.tsx'

const RedeemDialog = dynamic(() => import('./redeem-dialog.tsx').then((module) => module.RedeemDialog), {
  ssr: false,
})

/** BTT per MiB. */
const DEFAULT_PRICE = '10'

/** Seed and earn: a price, a switch, and what came of it. */
export function EarnCard() {
  const earn = useEarn()
  const isConnected = useWallet().status === 'connected'
  const [typed, setPrice] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const [failure, setFailure] = useState<Problem | null>(null)
  const kept = earn.status === 'off' ? earn.keptAskPerMiB : null
  const price = typed ?? (kept === null ? DEFAULT_PRICE : formatAmountExact(kept))
  const parsed = parseMoney(price, BTT)
  const askPerMiB = parsed === 0n ? null : parsed
  const problem = earn.closing?.problem ?? ('problem' in earn ? earn.problem : null) ?? failure

  async function run(command: (commands: NodeCommands) => Promise<Outcome>): Promise<void> {
    setBusy(true)
    setFailure(null)
    const { commands } = await loadNode()
    const outcome = await command(commands).finally(() => setBusy(false))
    if (outcome.status === 'cancelled') void notifyCancelled()
    if (outcome.status === 'failed') setFailure(outcome.problem)
  }

  return (
    <section aria-labelledby="earn-card" className="card p-5 sm:p-6">
      <h2 id="earn-card" className="flex items-center gap-2 text-lg font-semibold">
        <Sprout className="size-5 text-earn" aria-hidden />
        Seed and earn
      </h2>
      <p className="mt-1 text-muted">
        {earn.status === 'on'
          ? `On. Payers give ${formatAmount(earn.askPerMiB, 4)} per MiB while a tab of this browser is open, also after a reload; ${earn.payers === 1 ? '1 payer' : `${earn.payers} payers`} so far.`
          : kept !== null
            ? 'You sold speed here before. Start again to go on: nothing is sold until then.'
            : 'Set a price for what you seed. Payers get it faster; others still get their free share.'}
      </p>
      <dl className="mt-5 grid grid-cols-2 gap-4" data-testid="earnings">
        <Figure
          label="Earned"
          large
          value={isConnected || earn.status !== 'off' ? formatAmount(earn.earned, 4) : null}
        />
        <Figure
          label="To redeem"
          large
          value={isConnected || earn.status !== 'off' ? formatAmount(earn.redeemable, 4) : null}
        />
      </dl>
      {earn.status === 'redeeming' ? (
        <p role="status" className="mt-4 text-sm">
          Redeeming in one transaction. Confirm it in your wallet, then wait for the network.{' '}
          {earn.txId ? <TxLink txId={earn.txId} /> : null}
        </p>
      ) : null}
      {problem ? <ProblemNote problem={problem} className="mt-4" /> : null}
      {earn.status === 'off' ? (
        <TextField
          className="mt-5 max-w-60"
          label="Your price per MiB"
          unit="BTT"
          inputMode="decimal"
          autoComplete="off"
          value={price}
          onChange={(event) => setPrice(event.target.value)}
          problem={askPerMiB === null ? 'Write a number above 0 with a decimal point: 0.5 or 1250.5.' : null}
        />
      ) : null}
      {earn.status === 'off' && earn.asksForSignature && isConnected ? (
        <p role={isBusy ? 'status' : undefined} className="mt-4 max-w-prose text-sm text-muted">
          {isBusy
            ? 'Your wallet shows a text to sign: that this browser answers for your seeding. Signing it costs nothing and moves no money.'
            : 'Once a month your wallet asks you to sign a text: that this browser answers for your seeding. It costs nothing and cannot move your money.'}
        </p>
      ) : null}
      <div className="mt-5 flex flex-wrap items-center gap-2">
        {earn.status === 'off' ? (
          <Button
            look="earn"
            disabled={!isConnected || askPerMiB === null || isBusy}
            onClick={() => askPerMiB && void run((commands) => commands.startEarning({ askPerMiB }))}
          >
            Start earning
          </Button>
        ) : null}
        {earn.status === 'on' ? (
          <Button onClick={() => void loadNode().then(({ commands }) => commands.stopEarning())}>
            Stop earning
          </Button>
        ) : null}
        <Button
          disabled={!isConnected || isBusy || earn.status === 'redeeming' || earn.redeemable === 0n}
          onClick={() => setAsking(true)}
        >
          Redeem
        </Button>
        {isConnected ? null : (
          <p className="text-sm text-muted">Connect a wallet first: earnings go to it.</p>
        )}
      </div>
      {isAsking ? <RedeemDialog onClose={() => setAsking(false)} /> : null}
    </section>
  )
}
