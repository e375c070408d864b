'use client'
import { useId, useState } from 'react'
import { loadNode } from '@/hooks/load-node.ts'
import { useArmed } from '@/hooks/use-armed.ts'
import { useTorrent } from '@/hooks/use-snapshots.ts'
import type { PaySnapshot } from '@/lib/features/pay/index.ts'
import type { Outcome } from '@/lib/kernel/index.ts'
import type { NodeCommands } from '@/lib/site/index.ts'
import { formatAmount } from '@/lib/units/index.ts'
import { findHighestAsk } from '../peers/peer-words.ts'
import { Button } from '../ui/button.tsx'
import { notifyProblem } from '../ui/notify.ts'
import { getAmountLeft } from './money-words.ts'

export interface PayHereProps {
  readonly infoHash: string
  readonly pay: Extract<PaySnapshot, { status: 'paying' }>
}

/** A budget is for what its owner agreed to. On any other torrent this asks once, in its place in the panel. */
export function PayHere({ infoHash, pay }: PayHereProps) {
  const id = useId()
  const torrent = useTorrent(infoHash)
  const isArmed = useArmed()
  const [isBusy, setBusy] = useState(false)
  const { figures, torrents } = pay
  const answer = torrents[infoHash]
  if (answer === 'pay') return null

  async function run(command: (commands: NodeCommands) => Promise<Outcome>): Promise<void> {
    if (!isArmed || isBusy) return
    setBusy(true)
    const { commands } = await loadNode()
    const outcome = await command(commands).finally(() => setBusy(false))
    if (outcome.status === 'failed') void notifyProblem(outcome.problem)
  }
  const payHere = (): void => void run((commands) => commands.payHere(infoHash))

  const asked = torrent ? findHighestAsk([torrent]) : null
  const price = asked === null ? '' : `Its seeders ask up to ${formatAmount(asked, 4)} per MiB. `
  const terms = `${price}You pay at most ${formatAmount(figures.maxAskPerMiB, 4)} per MiB. Left of the budget: ${formatAmount(getAmountLeft(figures))}.`
  // What is complete costs nothing more; a tip still needs the word.
  if (answer === 'free' || torrent?.state.status === 'seeding')
    return (
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 text-sm">
        <p className="min-w-0 flex-1 basis-48 text-muted" id={id}>
          This torrent is free for you. {terms}
        </p>
        <Button size="small" aria-describedby={id} aria-disabled={!isArmed} onClick={payHere}>
          Pay here
        </Button>
      </div>
    )
  return (
    <fieldset
      aria-describedby={id}
      className="rounded-xl border border-pay-solid/60 bg-pay-soft p-3"
      data-testid="pay-here"
    >
      <legend className="sr-only">Pay here too?</legend>
      {/* Filled a moment later: a region that comes with its words is not read out. */}
      <span aria-live="polite" className="sr-only">
        {isArmed ? 'Nothing is paid for this torrent. The money panel asks: pay here too?' : ''}
      </span>
      <p className="font-semibold" aria-hidden>
        Pay here too?
      </p>
      <p id={id} className="mt-1 text-sm tabular-nums">
        Nothing is paid for this torrent. {terms}
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button look="pay" size="small" aria-disabled={!isArmed} onClick={payHere}>
          Yes, pay here
        </Button>
        <Button
          size="small"
          aria-disabled={!isArmed}
          onClick={() => void run((commands) => commands.watchFreeHere(infoHash))}
        >
          Not here
        </Button>
      </div>
    </fieldset>
  )
}
