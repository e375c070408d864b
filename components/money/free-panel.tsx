import { Zap } from 'lucide-react'
import type { Problem } from '@/lib/kernel/index.ts'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { MoneyPanel } from './money-panel.tsx'
import { PAY_TITLES } from './money-words.ts'

export interface FreePanelProps {
  readonly problem: Problem | null
  readonly docked: boolean
  onPay(): void
}

/** Nothing is locked and nothing is paid. */
export function FreePanel({ problem, docked, onPay }: FreePanelProps) {
  return (
    <MoneyPanel
      title={PAY_TITLES.free}
      tone="free"
      docked={docked}
      summary={problem ? <ProblemNote problem={problem} /> : null}
      actions={
        <Button look="pay" className={docked ? 'w-full' : ''} onClick={onPay}>
          <Zap className="size-4 fill-current" aria-hidden />
          Pay for speed
        </Button>
      }
    >
      <ul className="space-y-1 text-sm text-muted">
        <li>Seeders send to payers first. You pay only for pieces that arrive intact.</li>
        <li>You sign twice, then no pop-up that you did not ask for.</li>
        <li>Stop at any time. What is left is yours.</li>
      </ul>
    </MoneyPanel>
  )
}
