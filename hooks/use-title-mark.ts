'use client'
import { useEffect } from 'react'

const MARK = '(!) '

/** Marks the title of the tab while something cannot wait, whatever page is opened meanwhile. */
export function useTitleMark(isMarked: boolean): void {
  useEffect(() => {
    if (!isMarked) return
    const mark = (): void => {
      if (!document.title.startsWith(MARK)) document.title = MARK + document.title
    }
    mark()
    const observer = new MutationObserver(mark)
    observer.observe(document.head, { childList: true, subtree: true, characterData: true })
    return () => {
      observer.disconnect()
      if (document.title.startsWith(MARK)) document.title = document.title.slice(MARK.length)
    }
  }, [isMarked])
}
