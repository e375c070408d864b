'use client'
import { useEffect, useState } from 'react'

/** The width of an element's content in CSS pixels; 0 until it is measured. */
export function useElementWidth(element: HTMLElement | null): number {
  const [widthPx, setWidthPx] = useState(0)
  useEffect(() => {
    if (!element) return
    const observer = new ResizeObserver(([entry]) => setWidthPx(Math.floor(entry?.contentRect.width ?? 0)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [element])
  return widthPx
}
