'use client'
import { useEffect, useEffectEvent, useState } from 'react'

export interface PageDropZoneProps {
  onFiles(files: readonly File[]): void
  onText(text: string): void
}

/** The whole page takes drops, and pastes that no field takes. */
export function PageDropZone({ onFiles, onText }: PageDropZoneProps) {
  const [isOver, setOver] = useState(false)

  const drop = useEffectEvent((event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const files = [...(event.dataTransfer?.files ?? [])]
    const text = event.dataTransfer?.getData('text/plain') ?? ''
    if (files.length > 0) onFiles(files)
    else if (text) onText(text)
  })
  const paste = useEffectEvent((event: ClipboardEvent) => {
    if (event.target instanceof Element && event.target.closest('input, textarea, [contenteditable]')) return
    const files = [...(event.clipboardData?.files ?? [])]
    const text = event.clipboardData?.getData('text/plain').trim() ?? ''
    if (files.length > 0) onFiles(files)
    else if (text) onText(text)
  })

  useEffect(() => {
    const over = (event: DragEvent): void => {
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false)
    }
    const listeners = new AbortController()
    const { signal } = listeners
    window.addEventListener('dragover', over, { signal })
    window.addEventListener('dragleave', leave, { signal })
    window.addEventListener('drop', (event) => drop(event), { signal })
    window.addEventListener('paste', (event) => paste(event), { signal })
    return () => listeners.abort()
  }, [])

  if (!isOver) return <span hidden data-testid="drop-zone" />
  return (
    <div className="pointer-events-none fixed inset-0 z-50 grid place-items-center bg-paper/85 p-6 backdrop-blur-sm">
      <div className="grid size-full place-items-center rounded-2xl border-4 border-dashed border-pay-solid text-center">
        <div>
          <p className="text-2xl font-bold">Drop it here</p>
          <p className="mt-1 text-muted">A .torrent opens. Any other file becomes a torrent that you seed.</p>
        </div>
      </div>
    </div>
  )
}
