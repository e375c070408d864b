/** When a page that slept is awake again. Timers alone do not tell: a hidden tab's are slow, a frozen one's stand still. */

const LOOK_INTERVAL_MS = 60_000

interface Page {
  readonly document: Pick<Document, 'addEventListener' | 'visibilityState'>
  readonly window: Pick<Window, 'addEventListener' | 'setInterval' | 'clearInterval'>
}

/** Runs `listener` when the page is shown, restored, back online, and each minute besides, until the result is called. */
export function onPageWake(listener: () => void, page: Page = globalThis): () => void {
  const { document, window } = page
  const stopped = new AbortController()
  const { signal } = stopped
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'visible') listener()
    },
    { signal },
  )
  document.addEventListener('resume', listener, { signal })
  for (const event of ['pageshow', 'online']) window.addEventListener(event, listener, { signal })
  const timer = window.setInterval(listener, LOOK_INTERVAL_MS)
  return () => {
    stopped.abort()
    window.clearInterval(timer)
  }
}
