'use client'
import { useTheme } from 'next-themes'
import { useEffect } from 'react'
import { Toaster, toast } from 'sonner'
import { loadNode } from '@/hooks/load-node.ts'
import { useEarn } from '@/hooks/use-snapshots.ts'
import { useTitleMark } from '@/hooks/use-title-mark.ts'
import { formatAmount } from '@/lib/units/index.ts'
import { notifyCancelled, notifyProblem } from '../ui/notify.ts'

const CLOSING_ID = 'payer-closing'

async function redeem(): Promise<void> {
  const { commands } = await loadNode()
  const outcome = await commands.redeem()
  if (outcome.status === 'cancelled') void notifyCancelled()
  if (outcome.status === 'failed') void notifyProblem(outcome.problem)
}

/** A payer that closes is told on every page and in the tab's title: what is not redeemed in time is lost. */
function useClosingNotice(): void {
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
      action: { label: 'Redeem', onClick: () => void redeem() },
    })
    return () => void toast.dismiss(CLOSING_ID)
  }, [isDue, title, due, until])
}

/** What lies over every page, and is not needed for its first paint. */
export function LateNotices() {
  const { resolvedTheme } = useTheme()
  useClosingNotice()
  return (
    <Toaster
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="top-center"
      closeButton
      offset={72}
    />
  )
}
