/** When a page that slept is awake again. Timers alone do not tell: a hidden tab's are slow, a frozen one's stand still. */

const LOOK_INTERVAL_MS = 60_000

interface Page {
  readonly document: Pick<Document, 'addEventListener' | 'visibilityState'>
  readonly window: Pick<Window, 'addEventListener' | 'setInterval'>
}

/** Runs `listener` when the page is shown, restored, back online, and each minute besides. For the life of the page. */
export function onPageWake(listener: () => void, page: Page = globalThis): void {
  const { document, window } = page
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') listener()
  })
  document.addEventListener('resume', listener)
  for (const event of ['pageshow', 'online']) window.addEventListener(event, listener)
  window.setInterval(listener, LOOK_INTERVAL_MS)
}
