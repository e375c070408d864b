/**
 * Two peers that offer each other a WebRTC connection in the same moment would each keep the one it heard of first and
 * destroy the other's: none is left, until both time out. Invariant: of two that are not connected yet both sides keep the
 * one whose offer came from the smaller peer id. One that does not connect gives way to the next offer.
 */
import type { Torrent, WebRtcPeer } from './types.ts'

/** A connection that took longer than this is not coming: webtorrent itself waits 25 s, and turns new offers away. */
const GIVE_UP_MS = 10_000

/** `ownPeerId`: 40 lower-case hex digits. Must run before the torrent meets its first peer. */
export function settleGlare(
  torrent: Pick<Torrent, '_addPeer' | '_peers' | 'removePeer'>,
  ownPeerId: string,
  nowMs: () => number = () => performance.now(),
): void {
  const begunAtMs = new WeakMap<object, number>()
  const addPeer = torrent._addPeer
  torrent._addPeer = (peer, type, source) => {
    if (typeof peer !== 'string') {
      const known = torrent._peers.get(peer.id)
      if (known && givesWay(known, peer)) torrent.removePeer(peer.id)
    }
    const added = addPeer.call(torrent, peer, type, source)
    if (added) begunAtMs.set(added, nowMs())
    return added
  }

  function givesWay(
    known: { readonly type: string; readonly connected: boolean; readonly conn: unknown },
    next: WebRtcPeer,
  ): boolean {
    if (known.type !== 'webrtc' || known.connected) return false
    if (nowMs() - (begunAtMs.get(known) ?? nowMs()) > GIVE_UP_MS) return true
    const isOwnOffer = (known.conn as WebRtcPeer | null)?.initiator === true
    const isNextBetter = (next.initiator === true) === ownPeerId < next.id
    return isOwnOffer !== (next.initiator === true) && isNextBetter
  }
}
