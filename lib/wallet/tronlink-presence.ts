/** Whether TronLink is in this browser, found without connecting to it. */

/** An installed extension answers at once; nobody waits longer to learn that there is none. */
const ANSWER_MS = 250
const REQUEST_EVENT = 'TIP6963:requestProvider'
const ANNOUNCE_EVENT = 'TIP6963:announceProvider'

interface InjectedWindow {
  readonly tron?: { readonly isTronLink?: boolean }
  readonly tronLink?: unknown
}

/** Asks by TIP-6963 and looks for the older globals. False in Node. */
export function isTronLinkPresent(): Promise<boolean> {
  if (typeof window === 'undefined') return Promise.resolve(false)
  const injected = window as unknown as InjectedWindow
  if (injected.tronLink || injected.tron?.isTronLink) return Promise.resolve(true)
  return new Promise((resolve) => {
    const finish = (isPresent: boolean): void => {
      clearTimeout(timer)
      window.removeEventListener(ANNOUNCE_EVENT, onAnnounce)
      resolve(isPresent)
    }
    const onAnnounce = (event: Event): void => {
      const detail = (event as CustomEvent<{ info?: { name?: unknown } } | null>).detail
      if (detail?.info?.name === 'TronLink') finish(true)
    }
    const timer = setTimeout(() => finish(Boolean(injected.tronLink || injected.tron?.isTronLink)), ANSWER_MS)
    window.addEventListener(ANNOUNCE_EVENT, onAnnounce)
    window.dispatchEvent(new Event(REQUEST_EVENT))
  })
}
