'use client'
import dynamic from 'next/dynamic'
import { useApp, useTorrents } from '@/hooks/use-snapshots.ts'
import { formatBytes } from '@/lib/units/index.ts'

/** A first visit has no torrent, and needs none of this. */
const TorrentRow = dynamic(() => import('./torrent-row.tsx').then((module) => module.TorrentRow), {
  ssr: false,
  loading: () => <li className="h-24" aria-hidden />,
})

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
