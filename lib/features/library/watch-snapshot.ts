/** Joins what the engine and the exchange know of a torrent into what the page shows. */
import type { PeerMoney } from '../../exchange/index.ts'
import { describeCode, type Problem } from '../../kernel/index.ts'
import type { PeerKey, TorrentSnapshot } from '../../torrent/index.ts'
import type { WatchSnapshot } from './snapshot.ts'

/** How long a torrent may look for peers before the page says why nothing moves. */
const PATIENCE_MS = 8_000

/** The codes of `TorrentStatus` 'failed' that have words; others get those of a failed torrent. */
function describeFailure(code: string): Problem {
  return describeCode(code === 'quota' || code === 'storage-failed' ? code : 'torrent-failed')
}

function findProblem(torrent: TorrentSnapshot, nowMs: number): Problem | null {
  const { state, peers, trackers } = torrent
  if (state.status === 'failed') return describeFailure(state.code)
  if (peers.length > 0 || (state.status !== 'downloading' && state.status !== 'resolving')) return null
  if (trackers.length === 0) return describeCode('trackers-empty')
  if (trackers.every(({ status }) => status === 'unreachable')) return describeCode('tracker-unreachable')
  return nowMs - torrent.addedAtMs > PATIENCE_MS ? describeCode('no-peers') : null
}

/** `nowMs` decides whether a torrent without peers has waited long enough to say so. */
export function toWatchSnapshot(
  torrent: TorrentSnapshot,
  getPeerMoney: (peerKey: PeerKey) => PeerMoney,
  nowMs: number,
): WatchSnapshot {
  const peers = torrent.peers.map((peer) => Object.freeze({ ...peer, money: getPeerMoney(peer.peerKey) }))
  return Object.freeze({ ...torrent, peers, problem: findProblem(torrent, nowMs) })
}
