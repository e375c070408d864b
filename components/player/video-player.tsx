'use client'
import { Play } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useMediaState } from '@/hooks/use-media-state.ts'
import { usePlayerKeys } from '@/hooks/use-player-keys.ts'
import type { WatchSnapshot } from '@/lib/features/library/index.ts'
import { formatRate, showHidden } from '@/lib/units/index.ts'
import { findDownloadedRuns } from '../pieces/piece-values.ts'
import { Spinner } from '../ui/spinner.tsx'
import { ControlBar } from './control-bar.tsx'
import { createPlayerCommands, runShortcut } from './player-commands.ts'

export interface VideoPlayerProps {
  readonly url: string
  readonly title: string
  readonly torrent: WatchSnapshot
  readonly file: WatchSnapshot['files'][number]
  readonly posterUrl: string | null
  readonly captionsUrl: string | null
}

function sayWaiting({ peers, downloadBytesPerSec, state }: WatchSnapshot): string {
  if (state.status === 'paused') return 'The transfer is paused.'
  if (peers.length === 0) return 'Waiting for a peer that has the next piece.'
  return `Buffering, ${formatRate(downloadBytesPerSec)}`
}

function getFileOffset(files: WatchSnapshot['files'], index: number): number {
  return files.reduce((sum, file) => (file.index < index ? sum + file.lengthBytes : sum), 0)
}

export function VideoPlayer({ url, title, torrent, file, posterUrl, captionsUrl }: VideoPlayerProps) {
  const [media, setMedia] = useState<HTMLVideoElement | null>(null)
  const [frame, setFrame] = useState<HTMLElement | null>(null)
  const state = useMediaState(media)
  const commands = useMemo(() => createPlayerCommands(media, frame), [media, frame])
  usePlayerKeys((key) => runShortcut(key, commands, state.volume))
  const offsetBytes = getFileOffset(torrent.files, file.index)
  const downloaded = findDownloadedRuns(torrent.pieces, torrent.pieceLengthBytes, { ...file, offsetBytes })
  return (
    <section
      ref={setFrame}
      aria-label={`Player: ${showHidden(title)}`}
      className="group/player overflow-hidden rounded-2xl bg-black text-white in-fullscreen:flex in-fullscreen:flex-col in-fullscreen:rounded-none"
    >
      <div className="relative min-h-0 flex-1">
        {/* biome-ignore lint/a11y/useMediaCaption: where a torrent brings captions, they are there */}
        <video
          ref={setMedia}
          src={url}
          poster={posterUrl ?? undefined}
          playsInline
          autoPlay
          preload="auto"
          aria-label={showHidden(title)}
          onClick={commands.togglePlay}
          onDoubleClick={commands.toggleFullscreen}
          className="aspect-video max-h-[70dvh] w-full bg-black object-contain group-fullscreen/player:h-full group-fullscreen/player:max-h-none"
        >
          {captionsUrl ? <track kind="captions" src={captionsUrl} srcLang="en" label="English" /> : null}
        </video>
        {state.hasFailed ? (
          <p role="alert" className="absolute inset-0 grid place-items-center bg-black/85 p-6 text-center">
            This browser cannot play this file. Pieces that arrived were paid for and are yours: save the file
            and open it in another player.
          </p>
        ) : state.isWaiting ? (
          <p
            role="status"
            className="pointer-events-none absolute inset-x-0 top-4 mx-auto flex w-fit items-center gap-3 rounded-full bg-black/75 px-4 py-2 text-sm"
          >
            <Spinner />
            {sayWaiting(torrent)}
          </p>
        ) : null}
        {state.isPaused && !state.hasFailed ? (
          <button
            type="button"
            aria-label="Play"
            onClick={commands.togglePlay}
            className="absolute inset-0 m-auto grid size-18 place-items-center rounded-2xl bg-pay-solid text-on-pay shadow-xl"
          >
            <Play className="size-8 fill-current" aria-hidden />
          </button>
        ) : null}
      </div>
      <ControlBar state={state} commands={commands} downloaded={downloaded} />
    </section>
  )
}
