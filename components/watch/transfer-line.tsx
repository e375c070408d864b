import type { WatchSnapshot } from '@/lib/features/library/index.ts'
import { formatBytes, formatRate } from '@/lib/units/index.ts'
import { countPeers, getProgress, sayTorrentState } from '../torrents/torrent-words.ts'

/** The transfer in one line of figures. */
export function TransferLine({ torrent }: { readonly torrent: WatchSnapshot }) {
  const isKnown = torrent.lengthBytes > 0
  return (
    <p className="mt-1 flex flex-wrap gap-x-4 text-sm text-muted tabular-nums" data-testid="transfer">
      <span>{sayTorrentState(torrent)}</span>
      <span>
        {isKnown
          ? `${formatBytes(torrent.verifiedBytes)} of ${formatBytes(torrent.lengthBytes)} (${Math.floor(getProgress(torrent) * 100)} %)`
          : '— of —'}
      </span>
      <span>{countPeers(torrent.peers.length)}</span>
      {torrent.uploadedBytes > 0 ? (
        <span>
          sent {formatBytes(torrent.uploadedBytes)}, {formatRate(torrent.uploadBytesPerSec)}
        </span>
      ) : null}
    </p>
  )
}
