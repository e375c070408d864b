'use client'
import dynamic from 'next/dynamic'
import { useTheme } from 'next-themes'
import { useConsentWanted } from '@/hooks/consent-wanted.ts'
import { useApp } from '@/hooks/use-snapshots.ts'
import { ProblemNote } from '../ui/problem-note.tsx'

const Toaster = dynamic(() => import('sonner').then((module) => module.Toaster), { ssr: false })
const ConsentSheet = dynamic(
  () => import('../consent/consent-sheet.tsx').then((module) => module.ConsentSheet),
  { ssr: false },
)

/** What concerns the whole page: its problem, toasts, the consent sheet. */
export function Notices() {
  const { problem } = useApp()
  const isConsentWanted = useConsentWanted()
  const { resolvedTheme } = useTheme()
  return (
    <>
      {problem ? (
        <div className="pointer-events-none fixed inset-x-0 top-18 z-30 mx-auto w-full max-w-xl px-4">
          <ProblemNote problem={problem} className="pointer-events-auto shadow-lg" />
        </div>
      ) : null}
      {isConsentWanted ? <ConsentSheet /> : null}
      <Toaster
        theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
        position="top-center"
        closeButton
        offset={72}
      />
    </>
  )
}
