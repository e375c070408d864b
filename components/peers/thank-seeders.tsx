'use client'
import { HandCoins } from 'lucide-react'
import { useState } from 'react'
import { loadNode } from '@/hooks/load-node.ts'
import type { WatchSnapshot } from '@/lib/features/library/index.ts'
import { type Amount, BTT, formatAmount, parseMoney, toAmount, ZERO_AMOUNT } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { Identicon } from '../ui/identicon.tsx'
import { notify, notifyProblem } from '../ui/notify.ts'
import { findThanked, getPayee } from './peer-words.ts'

const PRESETS = ['1', '5', '20'] as const

/** At the end of a film: who was paid for it may be thanked, out of the same budget. */
export function ThankSeeders({ torrent }: { readonly torrent: WatchSnapshot }) {
  const [isDone, setDone] = useState(false)
  const [isSending, setSending] = useState(false)
  const seeders = findThanked(torrent)
  if (isDone || seeders.length === 0) return null

  async function tipEach(amount: Amount): Promise<void> {
    setSending(true)
    const { commands } = await loadNode()
    let sent = ZERO_AMOUNT
    for (const { peerKey } of seeders) {
      const outcome = await commands.tip(torrent.infoHash, peerKey, amount, '')
      if (outcome.status === 'done') sent = toAmount(sent + amount)
      else if (outcome.status === 'failed') void notifyProblem(outcome.problem)
    }
    setSending(false)
    if (sent === 0n) return
    setDone(true)
    void notify(`Tipped ${formatAmount(sent)} in all. Thank you.`)
  }

  const isOne = seeders.length === 1
  return (
    <section
      aria-label="Thank the seeders"
      className="card flex flex-wrap items-center gap-x-4 gap-y-3 p-4 sm:px-5"
      data-testid="thank-seeders"
    >
      <span className="flex -space-x-2">
        {seeders.slice(0, 4).map(({ peerKey, money }) => (
          <Identicon key={peerKey} address={getPayee(money) ?? ''} />
        ))}
      </span>
      <p className="min-w-0 flex-1 basis-56 text-sm">
        <span className="block font-semibold">
          {isOne ? 'A seeder' : `${seeders.length} seeders`} brought you this.{' '}
          {isOne ? 'Tip it?' : 'Tip each?'}
        </span>
        <span className="block text-muted">Out of your budget, without a pop-up.</span>
      </p>
      <div className="flex flex-wrap gap-2">
        {PRESETS.map((preset) => (
          <Button
            key={preset}
            size="small"
            disabled={isSending}
            onClick={() => void tipEach(parseMoney(preset, BTT) ?? ZERO_AMOUNT)}
          >
            <HandCoins className="size-4" aria-hidden />
            {preset} BTT
          </Button>
        ))}
        <Button look="ghost" size="small" onClick={() => setDone(true)}>
          No, thanks
        </Button>
      </div>
    </section>
  )
}
