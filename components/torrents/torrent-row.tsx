'use client'
import Link from 'next/link'
import type { WatchSnapshot } from '@/lib/features/library/index.ts'
import { formatBytes, showHidden } from '@/lib/units/index.ts'
import { ForeignText } from '../ui/foreign-text.tsx'
import { Meter } from '../ui/meter.tsx'
import { PauseButton } from './pause-button.tsx'
import { TorrentMenu } from './torrent-menu.tsx'
import { countPeers, getProgress, sayTorrentState } from './torrent-words.ts'

/** One torrent of the list, with its progress and menu. */
export function TorrentRow({ torrent }: { readonly torrent: WatchSnapshot }) {
  const name = torrent.name || torrent.infoHash
  const percent = `${Math.floor(getProgress(torrent) * 100)} %`
  return (
    <li className="flex items-center gap-2 p-3 sm:gap-4 sm:p-4">
      <div className="min-w-0 flex-1">
        <Link href={`/watch/#${torrent.infoHash}`} className="block truncate font-semibold hover:underline">
          <ForeignText text={name} />
        </Link>
        <p className="mt-0.5 mb-2 flex flex-wrap gap-x-3 text-sm text-muted tabular-nums">
          <span>{torrent.lengthBytes === 0 ? '—' : formatBytes(torrent.lengthBytes)}</span>
          <span>{torrent.lengthBytes === 0 ? '—' : percent}</span>
          <span>{countPeers(torrent.peers.length)}</span>
          <span>{sayTorrentState(torrent)}</span>
        </p>
        <Meter label={`Progress of ${showHidden(name)}`} value={getProgress(torrent)} text={percent} />
      </div>
      <PauseButton torrent={torrent} />
      <TorrentMenu torrent={torrent} />
    </li>
  )
}
