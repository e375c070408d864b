import type { Torrent } from './types.ts'

/** Lets wires ask for blocks again, after what held them back has ended. */
export function wakeRequests(torrent: Torrent): void {
  torrent._update()
}
