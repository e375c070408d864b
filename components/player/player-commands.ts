/** What the player's buttons and keys do to the media element. */
const SEEK_STEP_SEC = 5
const SEEK_JUMP_SEC = 10
const VOLUME_STEP = 0.1

export interface PlayerCommands {
  togglePlay(): void
  seekTo(positionSec: number): void
  seekBy(deltaSec: number): void
  setVolume(volume: number): void
  toggleMute(): void
  toggleCaptions(): void
  setRate(rate: number): void
  toggleFullscreen(): void
  togglePictureInPicture(): void
}

/** `ignore`: the browser may refuse (no gesture, not supported); then nothing changes, and nothing is lost. */
const ignore = (): void => undefined

export function createPlayerCommands(
  media: HTMLVideoElement | null,
  frame: HTMLElement | null,
): PlayerCommands {
  const seekTo = (positionSec: number): void => {
    if (media) media.currentTime = Math.max(0, Math.min(positionSec, media.duration || 0))
  }
  return {
    togglePlay() {
      if (media?.paused) media.play().catch(ignore)
      else media?.pause()
    },
    seekTo,
    seekBy: (deltaSec) => media && seekTo(media.currentTime + deltaSec),
    setVolume(volume) {
      if (!media) return
      media.volume = Math.max(0, Math.min(1, volume))
      media.muted = media.volume === 0
    },
    toggleMute() {
      if (media) media.muted = !media.muted
    },
    toggleCaptions() {
      const track = media?.textTracks[0]
      if (track) track.mode = track.mode === 'showing' ? 'hidden' : 'showing'
    },
    setRate(rate) {
      if (media) media.playbackRate = rate
    },
    toggleFullscreen() {
      if (document.fullscreenElement) document.exitFullscreen().catch(ignore)
      else frame?.requestFullscreen?.().catch(ignore)
    },
    togglePictureInPicture() {
      if (document.pictureInPictureElement) document.exitPictureInPicture().catch(ignore)
      else media?.requestPictureInPicture?.().catch(ignore)
    },
  }
}

export const SHORTCUTS: readonly { readonly keys: string; readonly does: string }[] = [
  { keys: 'Space or K', does: 'play or pause' },
  { keys: '← and →', does: `${SEEK_STEP_SEC} seconds back and on` },
  { keys: 'J and L', does: `${SEEK_JUMP_SEC} seconds back and on` },
  { keys: '↑ and ↓', does: 'louder and quieter' },
  { keys: 'M', does: 'sound on or off' },
  { keys: 'C', does: 'captions on or off' },
  { keys: 'F', does: 'full screen' },
]

/** Runs the command of a key. False when the key means nothing here. */
export function runShortcut(key: string, commands: PlayerCommands, volume: number): boolean {
  switch (key.toLowerCase()) {
    case ' ':
    case 'k':
      commands.togglePlay()
      return true
    case 'arrowleft':
      commands.seekBy(-SEEK_STEP_SEC)
      return true
    case 'arrowright':
      commands.seekBy(SEEK_STEP_SEC)
      return true
    case 'j':
      commands.seekBy(-SEEK_JUMP_SEC)
      return true
    case 'l':
      commands.seekBy(SEEK_JUMP_SEC)
      return true
    case 'arrowup':
      commands.setVolume(volume + VOLUME_STEP)
      return true
    case 'arrowdown':
      commands.setVolume(volume - VOLUME_STEP)
      return true
    case 'm':
      commands.toggleMute()
      return true
    case 'c':
      commands.toggleCaptions()
      return true
    case 'f':
      commands.toggleFullscreen()
      return true
    default:
      return false
  }
}
