'use client'
import type { MediaState } from '@/hooks/use-media-state.ts'
import { formatPosition } from '@/lib/units/index.ts'
import type { DownloadedRun } from '../pieces/piece-values.ts'

export interface SeekBarProps {
  readonly state: MediaState
  readonly downloaded: readonly DownloadedRun[]
  onSeek(positionSec: number): void
}

const place = (start: number, end: number): { left: string; width: string } => ({
  left: `${start * 100}%`,
  width: `${Math.max(0, end - start) * 100}%`,
})

/** A slider over what is downloaded (green), buffered (pale) and played (amber). */
export function SeekBar({ state, downloaded, onSeek }: SeekBarProps) {
  const { positionSec, durationSec, buffered } = state
  const total = durationSec || 1
  return (
    <div className="group relative mx-1 h-6">
      <div className="absolute inset-x-0 top-1/2 h-2 -translate-y-1/2 overflow-hidden rounded-full bg-white/20">
        {buffered.map(({ startSec, endSec }) => (
          <span
            key={startSec}
            className="absolute inset-y-0 bg-white/35"
            style={place(startSec / total, endSec / total)}
          />
        ))}
        <span
          className="absolute inset-y-0 left-0 bg-pay-solid"
          style={{ width: `${Math.min(100, (positionSec / total) * 100)}%` }}
        />
        {downloaded.map(({ start, end }) => (
          <span key={start} className="absolute bottom-0 h-[3px] bg-[#33b980]" style={place(start, end)} />
        ))}
      </div>
      <span
        aria-hidden
        className="absolute top-1/2 size-4 -translate-1/2 rounded-[4px] bg-white shadow"
        style={{ left: `${Math.min(100, (positionSec / total) * 100)}%` }}
      />
      <input
        type="range"
        aria-label="Position"
        aria-valuetext={`${formatPosition(positionSec)} of ${durationSec === null ? 'an unknown length' : formatPosition(durationSec)}`}
        min={0}
        max={durationSec ?? 0}
        step={1}
        value={Math.min(positionSec, durationSec ?? 0)}
        disabled={durationSec === null}
        onChange={(event) => onSeek(Number(event.target.value))}
        className="absolute inset-0 size-full cursor-pointer opacity-0 disabled:cursor-default"
      />
      <span className="pointer-events-none absolute -inset-x-1 inset-y-0 rounded-lg group-has-focus-visible:outline-3 group-has-focus-visible:outline-white" />
    </div>
  )
}
