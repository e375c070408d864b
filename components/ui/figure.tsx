import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

/** A figure with its name. Unknown is a dash, never a zero. */
export function Figure({
  label,
  value,
  large,
}: {
  readonly label: string
  readonly value: ReactNode
  readonly large?: boolean
}) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-muted">{label}</dt>
      <dd className={classNames('font-semibold tabular-nums', large ? 'text-2xl tracking-tight' : 'text-sm')}>
        {value ?? <span title="not known yet">—</span>}
      </dd>
    </div>
  )
}
