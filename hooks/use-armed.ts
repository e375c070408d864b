'use client'
import { useEffect, useState } from 'react'

/** Longer than the gap between the two clicks of a double click. */
const ARM_MS = 600

/**
 * False for a moment after something is asked, and after the window comes to the front: a click that was meant for
 * another page, or for what was here before, then answers nothing.
 */
export function useArmed(): boolean {
  const [isArmed, setArmed] = useState(false)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const rearm = (): void => {
      setArmed(false)
      clearTimeout(timer)
      timer = setTimeout(() => setArmed(true), ARM_MS)
    }
    rearm()
    window.addEventListener('focus', rearm)
    document.addEventListener('visibilitychange', rearm)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('focus', rearm)
      document.removeEventListener('visibilitychange', rearm)
    }
  }, [])
  return isArmed
}
