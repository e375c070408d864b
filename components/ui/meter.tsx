import { classNames } from './class-names.ts'

export interface MeterProps {
  readonly label: string
  /** 0…1. */
  readonly value: number
  /** The value in words for screen readers. */
  readonly text: string
  readonly tone?: 'earn' | 'pay'
}

/** A bar that says how much of a whole is there. */
export function Meter({ label, value, text, tone = 'earn' }: MeterProps) {
  const percent = Math.min(100, Math.max(0, value * 100))
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(percent)}
      aria-valuetext={text}
      className="h-1.5 overflow-hidden rounded-full bg-sunken"
    >
      <div
        className={classNames('h-full rounded-full', tone === 'pay' ? 'bg-pay-solid' : 'bg-earn-solid')}
        style={{ width: `${percent}%` }}
      />
    </div>
  )
}
