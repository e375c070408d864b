'use client'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useApp, useTorrents } from '@/hooks/use-snapshots.ts'
import type { WatchSnapshot } from '@/lib/node/index.ts'
import { formatBytes, showHidden } from '@/lib/units/index.ts'
import { ForeignText } from '../ui/foreign-text.tsx'
import { Meter } from '../ui/meter.tsx'
import { PauseButton } from './pause-button.tsx'
import { countPeers, getProgress, sayTorrentState } from './torrent-words.ts'

/** The menu's code is large and not needed for the first paint. */
const TorrentMenu = dynamic(() => import('./torrent-menu.tsx').then((module) => module.TorrentMenu), {
  ssr: false,
  loading: () => <span className="size-10" />,
})

function TorrentRow({ torrent }: { readonly torrent: WatchSnapshot }) {
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

/** The torrents that this browser holds. */
export function TorrentList() {
  const torrents = useTorrents()
  const { storage } = useApp()
  return (
    <section aria-labelledby="yours">
      <div className="flex items-baseline justify-between gap-4">
        <h2 id="yours" className="text-2xl font-bold">
          Your torrents
        </h2>
        {storage ? (
          <p className="text-sm text-muted tabular-nums">
            {formatBytes(storage.usedBytes)} of {formatBytes(storage.quotaBytes)} used in this browser
          </p>
        ) : null}
      </div>
      {torrents.length === 0 ? (
        <p className="mt-4 rounded-2xl border border-dashed border-line-strong p-8 text-center text-muted">
          None yet. Play the demo, or open one above: what you fetch stays in this browser until you remove
          it.
        </p>
      ) : (
        <ul className="card mt-4 divide-y divide-line">
          {torrents.map((torrent) => (
            <TorrentRow key={torrent.infoHash} torrent={torrent} />
          ))}
        </ul>
      )}
    </section>
  )
}
