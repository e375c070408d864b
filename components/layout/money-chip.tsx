'use client'
import { useEarn, usePay } from '@/hooks/use-snapshots.ts'
import type { EarnSnapshot } from '@/lib/features/earn/index.ts'
import type { PaySnapshot } from '@/lib/features/pay/index.ts'
import { classNames } from '../ui/class-names.ts'

const PAY_WORDS: Readonly<Record<PaySnapshot['status'], string | null>> = {
  free: null,
  starting: 'Starting',
  paying: 'Paying',
  stopped: 'Stopped',
  exhausted: 'Not paying now',
  settling: 'Settling',
  closing: 'Closing',
  settled: 'Settled',
}

function sayMoney(pay: PaySnapshot, earn: EarnSnapshot): string {
  const words = PAY_WORDS[pay.status]
  const isEarning = earn.status === 'on'
  if (words && isEarning) return `${words} + earning`
  return words ?? (isEarning ? 'Earning' : 'Free')
}

/** Free, paying or earning: always in sight. */
export function MoneyChip() {
  const pay = usePay()
  const earn = useEarn()
  const tone = pay.status === 'free' ? (earn.status === 'on' ? 'earn' : 'free') : 'pay'
  return (
    <p
      aria-live="polite"
      data-testid="money-chip"
      className={classNames(
        'inline-flex h-8 min-w-0 items-center gap-1.5 rounded-full border px-2 text-xs sm:px-3 font-semibold whitespace-nowrap',
        tone === 'free' && 'border-line text-muted',
        tone === 'pay' && 'border-pay-solid/60 bg-pay-soft text-pay',
        tone === 'earn' && 'border-earn-solid/50 bg-earn-soft text-earn',
      )}
    >
      <span aria-hidden className="size-2 shrink-0 rounded-[2px] bg-current" />
      <span className="sr-only">Money: </span>
      {/* On a narrow phone long words give way before the page does. */}
      <span className="truncate">{sayMoney(pay, earn)}</span>
    </p>
  )
}
