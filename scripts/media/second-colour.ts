/**
 * The colour that tells the second. The film shows a swatch whose hue is 6° times the second on screen, so that a test
 * (or a person) can read off a picture which second is playing: `getSecondOfColour(...averageOf(SWATCH))`.
 */

/** Length of the film. */
export const FILM_SECONDS = 60
/** Size of the film's picture in pixels. */
export const FILM_WIDTH = 1280
export const FILM_HEIGHT = 720

/** Where the swatch stands in the picture, in pixels of 1280×720. Average a few pixels about its middle. */
export const SWATCH = { x: 40, y: 36, width: 56, height: 56 } as const

/** Eight-bit red, green, blue. */
export type Rgb = readonly [red: number, green: number, blue: number]

const SATURATION = 0.82
const LIGHTNESS = 0.6

/** The swatch's colour in one second, 0…59. */
export function getColourOfSecond(second: number): Rgb {
  const hue = (second * 360) / FILM_SECONDS
  const reach = SATURATION * Math.min(LIGHTNESS, 1 - LIGHTNESS)
  const channel = (offset: number): number => {
    const k = (offset + hue / 30) % 12
    return Math.round(255 * (LIGHTNESS - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return [channel(0), channel(8), channel(4)]
}

/** The second, 0…59, whose swatch has this colour; null for greys and for what is too pale to be a swatch. */
export function getSecondOfColour(red: number, green: number, blue: number): number | null {
  const most = Math.max(red, green, blue)
  const range = most - Math.min(red, green, blue)
  if (range < 60) return null
  const sextant =
    most === red
      ? (green - blue) / range
      : most === green
        ? 2 + (blue - red) / range
        : 4 + (red - green) / range
  return Math.round((((sextant + 6) % 6) / 6) * FILM_SECONDS) % FILM_SECONDS
}
