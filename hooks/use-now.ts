'use client'
import { useEffect, useState } from 'react'

/** The time, read again each `intervalMs`; null stands still. */
export function useNow(intervalMs: number | null): number {
  const [nowMs, setNowMs] = useState(() => Date.now())
  useEffect(() => {
    if (intervalMs === null) return
    const timer = setInterval(() => setNowMs(Date.now()), intervalMs)
    return () => clearInterval(timer)
  }, [intervalMs])
  return nowMs
}
