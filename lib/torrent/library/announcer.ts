import type { TorrentSnapshot } from '../engine.ts'
import type { TorrentEntry } from './entry.ts'

const CHANGE_INTERVAL_MS = 250

export interface Announcer {
  changed(): void
  /** The entry's snapshot as of the last announcement. */
  cached(entry: TorrentEntry): TorrentSnapshot
  close(): void
}

/** Says "changed" at once, then at most each 250 ms; snapshots are rebuilt only when something changed. */
export function createAnnouncer(announce: () => void): Announcer {
  let timer: ReturnType<typeof setTimeout> | null = null
  let isPending = false
  let version = 0
  const cache = new WeakMap<TorrentEntry, { readonly version: number; readonly snapshot: TorrentSnapshot }>()
  const fire = (): void => {
    isPending = false
    version += 1
    timer = setTimeout(() => {
      timer = null
      if (isPending) fire()
    }, CHANGE_INTERVAL_MS)
    if (typeof timer === 'object') timer.unref?.()
    announce()
  }
  return {
    changed(): void {
      if (timer) isPending = true
      else fire()
    },
    cached(entry: TorrentEntry): TorrentSnapshot {
      const known = cache.get(entry)
      if (known?.version === version) return known.snapshot
      const snapshot = entry.snapshot()
      cache.set(entry, { version, snapshot })
      return snapshot
    },
    close(): void {
      if (timer) clearTimeout(timer)
      timer = null
      isPending = false
    },
  }
}
