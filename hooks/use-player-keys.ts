'use client'
import { useEffect, useEffectEvent } from 'react'

/** Keys for the player, wherever the focus is but in a field, a menu, a dialog or on a control that takes the key itself. */
export function usePlayerKeys(run: (key: string) => boolean): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const target = event.target instanceof Element ? event.target : null
    if (target?.closest('input:not([type="range"]), textarea, select, [role="menu"], [role="dialog"]')) return
    const isControl = target?.closest('button, a, input, [role="slider"]') !== null
    if (isControl && (event.key === ' ' || event.key.startsWith('Arrow'))) return
    if (run(event.key)) event.preventDefault()
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event)
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [])
}
