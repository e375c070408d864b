import { Check } from 'lucide-react'
import type { Hex } from '@/lib/base/index.ts'
import type { PayStep } from '@/lib/features/pay/index.ts'
import { Spinner } from '../ui/spinner.tsx'
import { TxLink } from '../ui/tx-link.tsx'
import { STEP_WORDS, WAITING_WORDS } from './money-words.ts'

export interface ChainStepsProps {
  /** All of the command, in order: those before `step` are done. */
  readonly plan: readonly PayStep[]
  readonly step: PayStep
  readonly waitingFor: keyof typeof WAITING_WORDS
  readonly txId: Hex | null
}

/** Where a transaction stands: what is done, what is waited for, what comes. */
export function ChainSteps({ plan, step, waitingFor, txId }: ChainStepsProps) {
  const current = plan.indexOf(step)
  return (
    <ol className="space-y-3">
      {plan.map((name, index) => (
        <li key={name} aria-current={index === current ? 'step' : undefined} className="flex gap-3">
          <span className="grid size-6 shrink-0 place-items-center rounded-md bg-sunken text-xs font-semibold tabular-nums">
            {index < current ? <Check className="size-4 text-earn" aria-label="done" /> : index + 1}
          </span>
          <div className="min-w-0">
            <p className={index === current ? 'font-semibold' : 'text-muted'}>{STEP_WORDS[name].name}</p>
            {index === current ? (
              <div className="text-sm">
                <p className="text-muted">{STEP_WORDS[name].does}</p>
                <p role="status" className="mt-1 flex items-center gap-2 font-medium text-pay">
                  <Spinner />
                  {WAITING_WORDS[waitingFor]}
                </p>
                {txId ? <TxLink txId={txId} /> : null}
              </div>
            ) : null}
          </div>
        </li>
      ))}
    </ol>
  )
}
