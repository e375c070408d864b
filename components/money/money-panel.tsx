'use client'
import { ChevronDown } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'

export interface MoneyPanelProps {
  readonly title: string
  readonly tone: 'free' | 'pay' | 'earn'
  /** One line that is always in sight. */
  readonly summary?: ReactNode
  readonly actions?: ReactNode
  /** Folded away on phones when docked. */
  readonly children?: ReactNode
  readonly docked: boolean
}

/** The frame of the money bar: a strip at the foot on phones, a card elsewhere. */
export function MoneyPanel({ title, tone, summary, actions, children, docked }: MoneyPanelProps) {
  const id = useId()
  const [isUnfolded, setUnfolded] = useState(false)
  return (
    <section
      aria-labelledby={`${id}-title`}
      data-testid="money-bar"
      className={classNames(
        'border border-line bg-surface p-4 sm:p-5',
        docked
          ? 'max-h-[80dvh] overflow-y-auto border-x-0 border-b-0 shadow-[0_-8px_24px_rgb(0_0_0/0.12)] sm:rounded-t-2xl sm:border-x lg:max-h-none lg:rounded-2xl lg:border-b lg:shadow-none'
          : 'rounded-2xl',
        tone === 'pay' && 'border-t-pay-solid lg:border-t-4',
        tone === 'earn' && 'border-t-earn-solid lg:border-t-4',
      )}
    >
      <div className="flex items-center gap-3">
        <h2 id={`${id}-title`} aria-live="polite" className="min-w-0 flex-1 font-semibold">
          {title}
        </h2>
        {docked && children ? (
          <Button
            look="ghost"
            size="icon"
            className="-my-2 lg:hidden"
            aria-expanded={isUnfolded}
            aria-controls={`${id}-more`}
            aria-label="Money in detail"
            onClick={() => setUnfolded(!isUnfolded)}
          >
            <ChevronDown className={classNames('size-5', !isUnfolded && 'rotate-180')} aria-hidden />
          </Button>
        ) : null}
      </div>
      {summary ? <div className="mt-2">{summary}</div> : null}
      {children ? (
        <div
          id={`${id}-more`}
          className={classNames('mt-4 space-y-4', docked && !isUnfolded && 'hidden lg:block')}
        >
          {children}
        </div>
      ) : null}
      {actions ? <div className="mt-4 flex flex-wrap gap-2">{actions}</div> : null}
    </section>
  )
}
