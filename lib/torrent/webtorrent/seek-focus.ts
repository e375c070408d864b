/** A seek: what its reader waits for comes before everything else. */
import type { PeerWire } from './peer-wire.ts'
import type { Torrent } from './types.ts'

export interface SeekFocus {
  /**
   * Free requests in flight for pieces outside [from, to] are cancelled, and until these pieces are here, or the returned function ends
   * it, the newest reader is not made to take turns with older ones.
   */
  begin(from: number, to: number): () => void
}

/** Overrides webtorrent's rotation of the selections that have a priority. */
export function createSeekFocus(torrent: Torrent, listWires: () => Iterable<PeerWire>): SeekFocus {
  let focused: { readonly from: number; readonly to: number } | null = null

  function isWaiting(): boolean {
    if (!focused) return false
    for (let index = focused.from; index <= focused.to; index++) if (!torrent.bitfield.get(index)) return true
    focused = null
    return false
  }

  // webtorrent rotates them after each time that it filled a wire.
  const { swap } = torrent._selections
  torrent._selections.swap = (i, j) => {
    if (!isWaiting()) swap.call(torrent._selections, i, j)
  }

  return {
    begin(from, to) {
      const mine = { from, to }
      focused = mine
      for (const { wire, merged } of listWires()) {
        if (merged.getDownloadClass() === 'paid') continue
        for (const { piece, offset, length } of [...wire.requests]) {
          if (piece < from || piece > to) wire.cancel(piece, offset, length)
        }
      }
      return () => {
        if (focused === mine) focused = null
      }
    },
  }
}
