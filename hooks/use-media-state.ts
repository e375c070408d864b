'use client'
import { useMemo, useSyncExternalStore } from 'react'

export interface MediaState {
  readonly isPaused: boolean
  readonly isWaiting: boolean
  readonly hasFailed: boolean
  readonly positionSec: number
  /** null until the media's head has arrived. */
  readonly durationSec: number | null
  readonly volume: number
  readonly isMuted: boolean
  readonly playbackRate: number
  readonly buffered: readonly { readonly startSec: number; readonly endSec: number }[]
  readonly hasCaptions: boolean
  readonly showsCaptions: boolean
}

const IDLE: MediaState = Object.freeze({
  isPaused: true,
  isWaiting: false,
  hasFailed: false,
  positionSec: 0,
  durationSec: null,
  volume: 1,
  isMuted: false,
  playbackRate: 1,
  buffered: [],
  hasCaptions: false,
  showsCaptions: false,
})

const EVENTS = [
  'play',
  'pause',
  'playing',
  'waiting',
  'stalled',
  'seeking',
  'seeked',
  'timeupdate',
  'durationchange',
  'loadedmetadata',
  'loadeddata',
  'canplay',
  'progress',
  'volumechange',
  'ratechange',
  'ended',
  'error',
  'emptied',
] as const

function read(media: HTMLMediaElement): MediaState {
  const track = media.textTracks[0]
  const buffered = Array.from({ length: media.buffered.length }, (_, index) => ({
    startSec: media.buffered.start(index),
    endSec: media.buffered.end(index),
  }))
  return Object.freeze({
    isPaused: media.paused,
    isWaiting:
      media.error === null && (media.seeking || media.readyState < media.HAVE_FUTURE_DATA) && !media.ended,
    hasFailed: media.error !== null,
    positionSec: media.currentTime,
    durationSec: Number.isFinite(media.duration) ? media.duration : null,
    volume: media.volume,
    isMuted: media.muted,
    playbackRate: media.playbackRate,
    buffered,
    hasCaptions: track !== undefined,
    showsCaptions: track?.mode === 'showing',
  })
}

/** A media element's state as plain data. */
export function useMediaState(media: HTMLMediaElement | null): MediaState {
  const store = useMemo(() => {
    let snapshot = media ? read(media) : IDLE
    return {
      get: () => snapshot,
      subscribe(listener: () => void) {
        const update = (): void => {
          if (media) snapshot = read(media)
          listener()
        }
        for (const event of EVENTS) media?.addEventListener(event, update)
        for (const event of ['change', 'addtrack']) media?.textTracks.addEventListener(event, update)
        return () => {
          for (const event of EVENTS) media?.removeEventListener(event, update)
          for (const event of ['change', 'addtrack']) media?.textTracks.removeEventListener(event, update)
        }
      },
    }
  }, [media])
  return useSyncExternalStore(store.subscribe, store.get, () => IDLE)
}
