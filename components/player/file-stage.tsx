'use client'
import { useNode } from '@/hooks/use-node.ts'
import type { SiteConfig } from '@/lib/config/index.ts'
import type { WatchSnapshot } from '@/lib/features/library/index.ts'
import { isolateText } from '@/lib/units/index.ts'
import { Spinner } from '../ui/spinner.tsx'
import { getFileName } from '../watch/pick-file.ts'
import { AudioStage } from './audio-stage.tsx'
import { OtherStage } from './other-stage.tsx'
import { TextStage } from './text-stage.tsx'
import { VideoPlayer } from './video-player.tsx'

export interface FileStageProps {
  readonly torrent: WatchSnapshot
  readonly file: WatchSnapshot['files'][number] | null
  readonly demo: SiteConfig['demos'][number] | null
}

const WAITING_WORDS: Readonly<Record<string, string>> = {
  resolving: 'Asking peers what this torrent holds.',
  checking: 'Checking the pieces that are stored here.',
  paused: 'The transfer is paused.',
  failed: 'This torrent stopped with an error.',
}

/** The chosen file, shown as what it is. */
export function FileStage({ torrent, file, demo }: FileStageProps) {
  const url = useNode()?.commands.getStreamUrl(torrent.infoHash, file?.index ?? 0) ?? null
  if (!file || !url)
    return (
      <div className="grid aspect-video max-h-[70dvh] w-full place-items-center rounded-2xl bg-black p-6 text-white">
        <p role="status" className="flex items-center gap-3 text-center">
          <Spinner />
          {WAITING_WORDS[torrent.state.status] ?? 'Getting ready to play.'}
        </p>
      </div>
    )
  const kind = file.mimeType.split('/')[0]
  const name = getFileName(file.path)
  if (kind === 'video')
    return (
      <VideoPlayer
        key={url}
        url={url}
        title={demo?.title ?? name}
        torrent={torrent}
        file={file}
        posterUrl={demo?.posterUrl ?? null}
        captionsUrl={demo?.captionsUrl ?? null}
      />
    )
  if (kind === 'audio') return <AudioStage key={url} url={url} name={name} />
  // An SVG is a program; as an image it runs nothing, so it may be shown like the rest.
  if (kind === 'image')
    return (
      <div className="grid max-h-[75dvh] place-items-center overflow-hidden rounded-2xl bg-sunken">
        {/* biome-ignore lint/performance/noImgElement: streamed from the torrent */}
        <img src={url} alt={isolateText(name)} className="max-h-[75dvh] max-w-full object-contain" />
      </div>
    )
  if (kind === 'text' || file.mimeType === 'application/json')
    return <TextStage key={url} url={url} file={file} name={name} />
  return <OtherStage url={url} file={file} name={name} />
}
