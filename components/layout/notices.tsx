'use client'
import dynamic from 'next/dynamic'
import { useTheme } from 'next-themes'
import { useConsentSheetMode } from '@/hooks/consent-wanted.ts'

const Toaster = dynamic(() => import('sonner').then((module) => module.Toaster), { ssr: false })
const ConsentSheet = dynamic(
  () => import('../consent/consent-sheet.tsx').then((module) => module.ConsentSheet),
  { ssr: false },
)

/** What lies over the page: toasts and the consent sheet. */
export function Notices() {
  const consentSheet = useConsentSheetMode()
  const { resolvedTheme } = useTheme()
  return (
    <>
      {consentSheet === 'closed' ? null : <ConsentSheet mode={consentSheet} />}
      <Toaster
        theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
        position="top-center"
        closeButton
        offset={72}
      />
    </>
  )
}
