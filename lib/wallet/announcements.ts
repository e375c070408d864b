/**
 * How wallets announce themselves to a page (TIP-6963). Any script of the page can announce anything: what is kept is bounded,
 * names are text of a stranger, and icons are pictures that come with the announcement or none.
 */

/** An installed extension answers at once; nobody waits longer to learn that there is none. */
const ANSWER_MS = 250
const REQUEST_EVENT = 'TIP6963:requestProvider'
const ANNOUNCE_EVENT = 'TIP6963:announceProvider'

/** More wallets than anybody has installed. */
const MAX_ANNOUNCEMENTS = 32
const MAX_NAME_CHARS = 40
/** Extensions' icons take a few KB. */
const MAX_ICON_CHARS = 64 * 1024
/** In an <img> none of them runs a script. */
const ICON = /^data:image\/(?:png|jpeg|gif|webp|svg\+xml)[;,]/

export interface Announcement {
  /** A stranger's text, at most 40 characters. */
  readonly name: string
  /** Reverse domain name, '' where it gave none. */
  readonly rdns: string
  /** A data: URI of an image, or null. */
  readonly icon: string | null
  readonly provider: unknown
}

/** Asks who is there and waits a quarter of a second for the answers. Empty in Node. Never throws. */
export function collectAnnouncements(): Promise<readonly Announcement[]> {
  if (typeof window === 'undefined') return Promise.resolve([])
  return new Promise((resolve) => {
    const heard: Announcement[] = []
    const finish = (): void => {
      clearTimeout(timer)
      window.removeEventListener(ANNOUNCE_EVENT, onAnnounce)
      resolve(heard)
    }
    const onAnnounce = (event: Event): void => {
      const announcement = parseAnnouncement((event as CustomEvent).detail)
      if (!announcement || heard.some((other) => isSame(other, announcement))) return
      heard.push(announcement)
      if (heard.length >= MAX_ANNOUNCEMENTS) finish()
    }
    const timer = setTimeout(finish, ANSWER_MS)
    window.addEventListener(ANNOUNCE_EVENT, onAnnounce)
    window.dispatchEvent(new Event(REQUEST_EVENT))
  })
}

const isSame = (one: Announcement, other: Announcement): boolean =>
  one.name === other.name && one.rdns === other.rdns

/** An announcement as far as it can be used; null for anything without a name. Its getters may throw. */
export function parseAnnouncement(detail: unknown): Announcement | null {
  try {
    const { info, provider } = detail as { info: Record<string, unknown>; provider: unknown }
    const { name, rdns, icon } = info
    if (typeof name !== 'string' || typeof provider !== 'object' || provider === null) return null
    const shown = [...name.slice(0, 4 * MAX_NAME_CHARS).trim()].slice(0, MAX_NAME_CHARS).join('')
    if (shown === '') return null
    return {
      name: shown,
      rdns: typeof rdns === 'string' ? rdns.slice(0, 100) : '',
      icon: typeof icon === 'string' && icon.length <= MAX_ICON_CHARS && ICON.test(icon) ? icon : null,
      provider,
    }
  } catch {
    return null
  }
}
