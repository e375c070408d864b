'use client'
import { useEffect, useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('hashchange', listener)
  window.addEventListener('popstate', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('hashchange', listener)
    window.removeEventListener('popstate', listener)
  }
}

export interface WatchFragment {
  /** As in the address bar, "#" included; null on the server. */
  readonly text: string | null
  readonly infoHash: string | null
  readonly fileIndex: number | null
}

/** What `/watch/#…` names: an info-hash and perhaps a file. A magnet is left to the node. */
export function parseWatchFragment(text: string): WatchFragment {
  const infoHash = /^#([0-9a-f]{40})(?:&|$)/i.exec(text)?.[1]?.toLowerCase() ?? null
  const file = /[&]file=(\d{1,6})(?:&|$)/.exec(text)?.[1]
  return { text, infoHash, fileIndex: infoHash && file !== undefined ? Number(file) : null }
}

const SERVER: WatchFragment = { text: null, infoHash: null, fileIndex: null }

/** The URL's fragment, live. Routing by the app tells nobody of a new fragment, so each mount asks once more. */
export function useWatchFragment(): WatchFragment {
  const text = useSyncExternalStore(
    subscribe,
    () => window.location.hash,
    () => null,
  )
  useEffect(() => {
    for (const listener of listeners) listener()
  }, [])
  return text === null ? SERVER : parseWatchFragment(text)
}

/** Names another torrent or file without a new entry in the history. */
export function replaceFragment(fragment: string): void {
  window.history.replaceState(window.history.state, '', `#${fragment}`)
  for (const listener of listeners) listener()
}
