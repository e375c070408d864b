'use client'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useApp } from '@/hooks/use-snapshots.ts'
import type { WatchSnapshot } from '@/lib/features/library/index.ts'
import { MoneyBar } from '../money/money-bar.tsx'
import { PeerList } from '../peers/peer-list.tsx'
import { PieceMap } from '../pieces/piece-map.tsx'
import { FileStage } from '../player/file-stage.tsx'
import { PauseButton } from '../torrents/pause-button.tsx'
import { ForeignText } from '../ui/foreign-text.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { FileList } from './file-list.tsx'
import { pickFile } from './pick-file.ts'
import { TransferLine } from './transfer-line.tsx'

/** The menu's code is large and not needed for the first paint. */
const TorrentMenu = dynamic(
  () => import('../torrents/torrent-menu.tsx').then((module) => module.TorrentMenu),
  { ssr: false, loading: () => <span className="size-10" /> },
)

/** Only at the end of a film that was paid for. */
const ThankSeeders = dynamic(
  () => import('../peers/thank-seeders.tsx').then((module) => module.ThankSeeders),
  { ssr: false },
)

export interface WatchTorrentProps {
  readonly torrent: WatchSnapshot
  readonly fileIndex: number | null
}

/** The stage with its pieces and peers; the money beside it, or below on phones. */
export function WatchTorrent({ torrent, fileIndex }: WatchTorrentProps) {
  const router = useRouter()
  const demo = useApp().config?.demos.find(({ infoHash }) => infoHash === torrent.infoHash)
  const file = pickFile(torrent.files, fileIndex)
  const title = demo?.title ?? (torrent.name || 'Torrent without a name yet')
  return (
    <div className="page-width grid gap-6 py-4 sm:py-8 lg:grid-cols-[minmax(0,1fr)_22rem] xl:grid-cols-[minmax(0,1fr)_24rem]">
      <div className="min-w-0 space-y-5">
        <FileStage torrent={torrent} file={file} demo={demo ?? null} />
        <div className="flex items-start gap-2">
          <div className="min-w-0 flex-1">
            <h1 className="text-xl font-bold sm:text-2xl">
              <ForeignText text={title} />
            </h1>
            <TransferLine torrent={torrent} />
          </div>
          <PauseButton torrent={torrent} />
          <TorrentMenu torrent={torrent} onRemoved={() => router.push('/')} />
        </div>
        {torrent.problem ? <ProblemNote problem={torrent.problem} /> : null}
        <ThankSeeders key={torrent.infoHash} torrent={torrent} />
        <PieceMap torrent={torrent} />
        <PeerList torrent={torrent} />
        {torrent.files.length > 1 ? (
          <FileList infoHash={torrent.infoHash} files={torrent.files} current={file?.index ?? null} />
        ) : null}
      </div>
      <aside
        aria-label="Money"
        className="sticky bottom-0 z-20 -mx-4 self-end sm:mx-0 lg:top-24 lg:bottom-auto lg:self-start"
      >
        <MoneyBar infoHash={torrent.infoHash} docked />
      </aside>
    </div>
  )
}
