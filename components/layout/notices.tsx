'use client'
import dynamic from 'next/dynamic'
import { useTheme } from 'next-themes'
import { useConsentWanted } from '@/hooks/consent-wanted.ts'

const Toaster = dynamic(() => import('sonner').then((module) => module.Toaster), { ssr: false })
const ConsentSheet = dynamic(
  () => import('../consent/consent-sheet.tsx').then((module) => module.ConsentSheet),
  { ssr: false },
)

/** What lies over the page: toasts and the consent sheet. */
export function Notices() {
  const isConsentWanted = useConsentWanted()
  const { resolvedTheme } = useTheme()
  return (
    <>
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
