'use client'
import dynamic from 'next/dynamic'
import { useConsentSheetMode } from '@/hooks/consent-wanted.ts'

const Toasts = dynamic(() => import('./toasts.tsx').then((module) => module.Toasts), { ssr: false })
const ConsentSheet = dynamic(
  () => import('../consent/consent-sheet.tsx').then((module) => module.ConsentSheet),
  { ssr: false },
)

/** What lies over the page: toasts and the consent sheet. */
export function Notices() {
  const consentSheet = useConsentSheetMode()
  return (
    <>
      {consentSheet === 'closed' ? null : <ConsentSheet mode={consentSheet} />}
      <Toasts />
    </>
  )
}
