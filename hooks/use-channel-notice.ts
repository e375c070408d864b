'use client'
import { useEffect, useRef } from 'react'
import type { PaySnapshot } from '@/lib/features/pay/index.ts'

/** Runs `tell` when a further channel was opened that no command of this page asked for: a fee that is not to go unsaid. */
export function useChannelNotice(
  pay: PaySnapshot,
  tell: (pay: Extract<PaySnapshot, { status: 'paying' }>) => void,
): void {
  const known = useRef<number | null>(null)
  useEffect(() => {
    const channels = 'figures' in pay ? pay.figures.channels : null
    const before = known.current
    known.current = channels
    if (pay.status !== 'paying' || pay.underWay || channels === null) return
    // The first channel is what the budget was locked for.
    if (before !== null && before > 0 && channels > before) tell(pay)
  }, [pay, tell])
}
