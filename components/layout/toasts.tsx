'use client'
import { useTheme } from 'next-themes'
import { Toaster } from 'sonner'
import { TransactionToasts } from '../transactions/transaction-toasts.ts'

/** Where toasts appear, and those that no button of a page asked for. */
export function Toasts() {
  const { resolvedTheme } = useTheme()
  return (
    <>
      <Toaster
        theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
        position="top-center"
        closeButton
        offset={72}
      />
      <TransactionToasts />
    </>
  )
}
