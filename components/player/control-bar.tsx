'use client'
import {
  Captions,
  CaptionsOff,
  Maximize,
  Pause,
  PictureInPicture2,
  Play,
  Volume1,
  Volume2,
  VolumeX,
} from 'lucide-react'
import type { ReactNode } from 'react'
import type { MediaState } from '@/hooks/use-media-state.ts'
import { formatPosition } from '@/lib/units/index.ts'
import type { DownloadedRun } from '../pieces/piece-values.ts'
import { CONTROL_CLASS } from './control-class.ts'
import type { PlayerCommands } from './player-commands.ts'
import { SeekBar } from './seek-bar.tsx'
import { ShortcutsHelp } from './shortcuts-help.tsx'
import { SpeedMenu } from './speed-menu.tsx'

export interface ControlBarProps {
  readonly state: MediaState
  readonly commands: PlayerCommands
  readonly downloaded: readonly DownloadedRun[]
}

function Control({
  label,
  onClick,
  children,
  pressed,
  className = '',
}: {
  readonly label: string
  readonly children: ReactNode
  readonly pressed?: boolean
  readonly className?: string
  onClick(): void
}) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      onClick={onClick}
      className={`${CONTROL_CLASS} ${className}`}
    >
      {children}
    </button>
  )
}

export function ControlBar({ state, commands, downloaded }: ControlBarProps) {
  const { isPaused, isMuted, volume, positionSec, durationSec } = state
  const VolumeIcon = isMuted || volume === 0 ? VolumeX : volume < 0.5 ? Volume1 : Volume2
  return (
    <fieldset className="min-w-0 px-2 pt-2 pb-1.5 sm:px-3" aria-label="Player controls">
      <SeekBar state={state} downloaded={downloaded} onSeek={commands.seekTo} />
      <div className="flex items-center gap-0.5 sm:gap-1">
        <Control label={isPaused ? 'Play (k)' : 'Pause (k)'} onClick={commands.togglePlay}>
          {isPaused ? (
            <Play className="size-5 fill-current" aria-hidden />
          ) : (
            <Pause className="size-5 fill-current" aria-hidden />
          )}
        </Control>
        <Control label={isMuted ? 'Sound on (m)' : 'Sound off (m)'} onClick={commands.toggleMute}>
          <VolumeIcon className="size-5" aria-hidden />
        </Control>
        <input
          type="range"
          aria-label="Volume"
          min={0}
          max={1}
          step={0.05}
          value={isMuted ? 0 : volume}
          onChange={(event) => commands.setVolume(Number(event.target.value))}
          className="hidden w-20 accent-white sm:block"
        />
        <p className="px-2 text-sm whitespace-nowrap tabular-nums" data-testid="position">
          {formatPosition(positionSec)} / {durationSec === null ? '—' : formatPosition(durationSec)}
        </p>
        <div className="flex-1" />
        {state.hasCaptions ? (
          <Control label="Captions (c)" pressed={state.showsCaptions} onClick={commands.toggleCaptions}>
            {state.showsCaptions ? (
              <Captions className="size-5 text-pay-solid" aria-hidden />
            ) : (
              <CaptionsOff className="size-5" aria-hidden />
            )}
          </Control>
        ) : null}
        <SpeedMenu rate={state.playbackRate} onChange={commands.setRate} />
        <ShortcutsHelp />
        <Control
          label="Picture in picture"
          onClick={commands.togglePictureInPicture}
          className="hidden sm:grid"
        >
          <PictureInPicture2 className="size-5" aria-hidden />
        </Control>
        <Control label="Full screen (f)" onClick={commands.toggleFullscreen}>
          <Maximize className="size-5" aria-hidden />
        </Control>
      </div>
    </fieldset>
  )
}
