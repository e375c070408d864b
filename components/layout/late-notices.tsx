'use client'
import dynamic from 'next/dynamic'
import { useTheme } from 'next-themes'
import { useCallback, useEffect, useState } from 'react'
import { Toaster, toast } from 'sonner'
import { useEarn } from '@/hooks/use-snapshots.ts'
import { useTitleMark } from '@/hooks/use-title-mark.ts'
import { formatAmount } from '@/lib/units/index.ts'
import { TransactionToasts } from '../transactions/transaction-toasts.ts'

const CLOSING_ID = 'payer-closing'

const RedeemDialog = dynamic(
  () => import('../wallet/redeem-dialog.tsx').then((module) => module.RedeemDialog),
  { ssr: false },
)

/** A payer that closes is told on every page and in the tab's title: what is not redeemed in time is lost. */
function useClosingNotice(onRedeem: () => void): void {
  const { closing, status } = useEarn()
  const isDue = closing !== null && status !== 'redeeming'
  useTitleMark(isDue)
  const title = closing?.problem.title ?? ''
  const due = closing ? formatAmount(closing.due, 4) : ''
  const until = closing ? new Date(Number(closing.closeAtSec) * 1_000).toLocaleString() : ''
  useEffect(() => {
    if (!isDue) return
    toast.warning(title, {
      id: CLOSING_ID,
      duration: Number.POSITIVE_INFINITY,
      description: `${due} goes back to the payer if it is not redeemed by ${until}.`,
      action: { label: 'Redeem', onClick: onRedeem },
    })
    return () => void toast.dismiss(CLOSING_ID)
  }, [isDue, title, due, until, onRedeem])
}

/** What lies over every page, and is not needed for its first paint. */
export function LateNotices() {
  const { resolvedTheme } = useTheme()
  const [isAsking, setAsking] = useState(false)
  useClosingNotice(useCallback(() => setAsking(true), []))
  return (
    <>
      <Toaster
        theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
        position="top-center"
        closeButton
        offset={72}
      />
      <TransactionToasts />
      {isAsking ? <RedeemDialog onClose={() => setAsking(false)} /> : null}
    </>
  )
}
