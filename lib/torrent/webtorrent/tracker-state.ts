/** What each tracker last said, read from torrent-discovery; and a reconnect sooner than its five minutes. */
import type { TorrentSnapshot } from '../engine.ts'
import type { Torrent } from './types.ts'

const RECONNECT_MS = 8_000

export interface TrackerWatch {
  read(): TorrentSnapshot['trackers']
  /** Starts to listen once discovery exists; harmless to call again. */
  poll(): void
}

export function watchTrackers(torrent: Torrent): TrackerWatch {
  const lastWords = new Map<string, string>()
  const answered = new Set<string>()
  const lostAtMs = new Map<string, number>()
  let isListening = false
  return {
    poll() {
      const tracker = torrent.discovery?.tracker
      if (!tracker) return
      if (!isListening) {
        isListening = true
        tracker.on('update', ({ announce }: { announce?: string }) => {
          if (announce) answered.add(announce)
        })
        tracker.on('warning', (warning: Error) => {
          for (const { announceUrl, reconnecting } of tracker._trackers) {
            if (reconnecting) lastWords.set(announceUrl, warning.message)
          }
        })
      }
      for (const each of tracker._trackers) {
        if (!each.reconnecting) {
          lostAtMs.delete(each.announceUrl)
          continue
        }
        answered.delete(each.announceUrl)
        const since = lostAtMs.get(each.announceUrl) ?? Date.now()
        lostAtMs.set(each.announceUrl, since)
        if (each.reconnectTimer && Date.now() - since > RECONNECT_MS) {
          clearTimeout(each.reconnectTimer)
          lostAtMs.set(each.announceUrl, Date.now())
          each.retries += 1
          each._openSocket()
        }
      }
    },
    read: () =>
      (torrent.discovery?.tracker?._trackers ?? []).map((each) => ({
        url: each.announceUrl,
        status: lostAtMs.has(each.announceUrl)
          ? ('unreachable' as const)
          : each.socket?.connected || answered.has(each.announceUrl)
            ? ('ok' as const)
            : ('connecting' as const),
        message: lastWords.get(each.announceUrl) ?? null,
      })),
  }
}
