import type { WatchSnapshot } from '@/lib/features/library/index.ts'
import { formatRate } from '@/lib/units/index.ts'

/** What a torrent is doing, in a few words. */
export function sayTorrentState(torrent: WatchSnapshot): string {
  const { state, downloadBytesPerSec, uploadBytesPerSec, peers } = torrent
  switch (state.status) {
    case 'resolving':
      return 'Asking peers what it holds'
    case 'checking':
      return 'Checking stored pieces'
    case 'downloading':
      return peers.length === 0 ? 'Looking for peers' : `Downloading, ${formatRate(downloadBytesPerSec)}`
    case 'seeding':
      return uploadBytesPerSec > 0 ? `Seeding, ${formatRate(uploadBytesPerSec)}` : 'Complete, seeding'
    case 'paused':
      return 'Paused'
    case 'failed':
      return 'Stopped by an error'
  }
}

/** 0…1; 0 while the length is unknown. */
export function getProgress({ lengthBytes, verifiedBytes }: WatchSnapshot): number {
  return lengthBytes === 0 ? 0 : verifiedBytes / lengthBytes
}

export const countPeers = (count: number): string =>
  count === 1 ? '1 peer' : `${count === 0 ? 'no' : count} peers`
