import { Zap } from 'lucide-react'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import type { ElsewhereSearch, LockedElsewhere } from '@/lib/features/pay/index.ts'
import type { Problem } from '@/lib/kernel/index.ts'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { MoneyPanel } from './money-panel.tsx'
import { PAY_TITLES } from './money-words.ts'
import type { Offer } from './offer.ts'
import { OpenRecovery } from './open-recovery.tsx'
import { TakeBack } from './take-back.tsx'

/** Rare: only for a node without an event server. */
const ReadBlocks = dynamic(() => import('./read-blocks.tsx').then((module) => module.ReadBlocks), {
  ssr: false,
})

export interface FreePanelProps {
  readonly problem: Problem | null
  readonly offer: Offer
  readonly elsewhere: readonly LockedElsewhere[]
  readonly search: ElsewhereSearch
  readonly docked: boolean
  onPay(): void
}

/** What stands in the place of the offer where a budget would buy nothing. */
function NoOffer({ offer }: Pick<FreePanelProps, 'offer'>) {
  switch (offer.status) {
    case 'noTorrent':
      return (
        <p className="text-sm text-muted">
          Nothing is locked by this browser. <Link href="/">Open a torrent</Link> to pay for its speed.
        </p>
      )
    case 'complete':
      return (
        <p className="text-sm text-muted">
          You have all of it: there is nothing left to pay for. While this page is open you share it with
          others; <Link href="/wallet/">on the wallet page</Link> you can be paid for that.
        </p>
      )
    case 'noSeller':
      return (
        <p className="text-sm text-muted">
          Nobody in sight sells speed here, so a budget would buy nothing. It is offered as soon as one does.
        </p>
      )
    default:
      return null
  }
}

/** Nothing is locked and nothing is paid. */
export function FreePanel({ problem, offer, elsewhere, search, docked, onPay }: FreePanelProps) {
  const isOffered = offer.status === 'open'
  return (
    <MoneyPanel
      title={offer.status === 'noTorrent' ? 'Nothing is paid' : PAY_TITLES.free}
      tone="free"
      docked={docked}
      summary={
        <div className="space-y-2">
          {problem ? <ProblemNote problem={problem} /> : null}
          {elsewhere.map((locked) => (
            <TakeBack key={locked.signer} locked={locked} />
          ))}
          {elsewhere.length > 0 && offer.status === 'noTorrent' ? null : <NoOffer offer={offer} />}
          {search.status !== 'told' && offer.status === 'noTorrent' ? <ReadBlocks search={search} /> : null}
        </div>
      }
      actions={
        isOffered ? (
          <Button look="pay" className={docked ? 'w-full' : ''} onClick={onPay}>
            <Zap className="size-4 fill-current" aria-hidden />
            Pay for speed
          </Button>
        ) : offer.status === 'noTorrent' ? (
          <OpenRecovery />
        ) : null
      }
    >
      {isOffered ? (
        <ul className="space-y-1 text-sm text-muted">
          <li>Seeders send to payers first. You pay only for pieces that arrive intact.</li>
          <li>You sign twice, then no pop-up that you did not ask for.</li>
          <li>Stop at any time. What is left is yours.</li>
        </ul>
      ) : null}
    </MoneyPanel>
  )
}
