'use client'
import { useTheme } from 'next-themes'
import { Toaster } from 'sonner'
import { useApp } from '@/hooks/use-snapshots.ts'
import { ConsentSheet } from '../consent/consent-sheet.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'

/** What concerns the whole page: its problem, toasts, the consent sheet. */
export function Notices() {
  const { problem } = useApp()
  const { resolvedTheme } = useTheme()
  return (
    <>
      {problem ? (
        <div className="pointer-events-none fixed inset-x-0 top-18 z-30 mx-auto w-full max-w-xl px-4">
          <ProblemNote problem={problem} className="pointer-events-auto shadow-lg" />
        </div>
      ) : null}
      <ConsentSheet />
      <Toaster
        theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
        position="top-center"
        closeButton
        offset={72}
      />
    </>
  )
}
