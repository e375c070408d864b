/** The camera's way through the film: fast over the plain coast of the set, then slowly along the spirals. */
import { FILM_SECONDS } from './second-colour.ts'
import type { Pose } from './zoom-camera.ts'

/** Frames a second. */
export const FILM_FPS = 24
/** Factors of e zoomed at an even pace over the whole film, and at once in its first seconds. */
const EVEN_ZOOM_E = 7.5
const DIVE_ZOOM_E = 4.9
const DIVE_SECONDS = 15
/** Seconds over which the even pace comes to rest at the end. */
const REST_SECONDS = 6
const TOTAL_TURNS = -0.11

const smoothStep = (t: number): number => {
  const share = Math.min(1, Math.max(0, t))
  return share * share * (3 - 2 * share)
}

/** The pose at a moment of the film. */
export function getPose(positionSec: number): Pose {
  const position = Math.min(FILM_SECONDS, Math.max(0, positionSec))
  const resting = Math.max(0, position - (FILM_SECONDS - REST_SECONDS))
  const paced = position - (resting * resting) / (2 * REST_SECONDS)
  const share = paced / (FILM_SECONDS - REST_SECONDS / 2)
  return {
    zoomE: EVEN_ZOOM_E * share + DIVE_ZOOM_E * smoothStep(position / DIVE_SECONDS),
    turn: TOTAL_TURNS * share,
  }
}
