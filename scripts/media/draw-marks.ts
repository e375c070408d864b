/** The marks on each frame: the swatch whose hue tells the second, and a line of sixty cells that fills along the top. */
import { FILM_SECONDS, getColourOfSecond, type Rgb, SWATCH } from './second-colour.ts'
import type { Size } from './zoom-camera.ts'

const LINE_HEIGHT = 8
const GAP = 2
/** The dark plate under swatch and timecode. */
const PLATE = { x: 28, y: 24, width: 236, height: 80, radius: 16 }
const SWATCH_RADIUS = 12

function blend(frame: Uint8Array, at: number, colour: Rgb, share: number): void {
  for (let i = 0; i < 3; i++) frame[at + i] = Math.round(frame[at + i]! * (1 - share) + colour[i]! * share)
}

/** How much of a pixel a rounded rectangle covers, 0…1. */
function coverage(x: number, y: number, box: typeof PLATE): number {
  const dx = Math.max(box.x + box.radius - x - 0.5, x + 0.5 - (box.x + box.width - box.radius), 0)
  const dy = Math.max(box.y + box.radius - y - 0.5, y + 0.5 - (box.y + box.height - box.radius), 0)
  return Math.min(1, Math.max(0, box.radius - Math.hypot(dx, dy) + 0.5))
}

function fillBox(frame: Uint8Array, width: number, box: typeof PLATE, colour: Rgb, opacity: number): void {
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) {
      blend(frame, (y * width + x) * 3, colour, opacity * coverage(x, y, box))
    }
  }
}

/** Draws over an RGB frame in place. `second` is 0…59. */
export function drawMarks(frame: Uint8Array, { width }: Size, second: number): void {
  for (let x = 0; x < width; x++) {
    const cell = Math.floor((x * FILM_SECONDS) / width)
    if (x - Math.ceil((cell * width) / FILM_SECONDS) < GAP && cell > 0) continue
    const isFilled = cell <= second
    for (let y = 0; y < LINE_HEIGHT; y++) {
      blend(
        frame,
        (y * width + x) * 3,
        isFilled ? getColourOfSecond(cell) : [10, 12, 30],
        isFilled ? 1 : 0.45,
      )
    }
  }
  fillBox(frame, width, PLATE, [8, 10, 26], 0.72)
  fillBox(frame, width, { ...SWATCH, radius: SWATCH_RADIUS }, getColourOfSecond(second), 1)
}
