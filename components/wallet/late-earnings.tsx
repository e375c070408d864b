'use client'
import dynamic from 'next/dynamic'

/** `EarningsSection`, whose code comes after the first paint. */
export const LateEarnings = dynamic(
  () => import('./earnings-section.tsx').then((module) => module.EarningsSection),
  { ssr: false },
)
