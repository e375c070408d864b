/** Colours for a fractal strip, and its smaller copies (mip levels) by which a frame is sampled without sparkle. */
import { type FractalStrip, ROWS_PER_E, STRIP_COLUMNS, STRIP_ROWS } from './fractal-strip.ts'

/** One level of the pyramid: RGB, row-major. */
export interface PaintedLevel {
  readonly columns: number
  readonly rows: number
  readonly rgb: Uint8Array
}

const LEVELS = 9
/** Inside of the set: the night in which the colours hang. */
const INSIDE = [12, 14, 40] as const

const smoothStep = (from: number, to: number, value: number): number => {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)))
  return t * t * (3 - 2 * t)
}

/** Palette stops around a loop, 0…1: night blue, teal, foam, gold, ember, plum. */
const STOPS: readonly (readonly [number, number, number])[] = [
  [14, 26, 74],
  [18, 104, 150],
  [96, 206, 200],
  [240, 226, 190],
  [250, 184, 74],
  [206, 78, 66],
  [92, 30, 92],
]

function mixPalette(phase: number, channel: 0 | 1 | 2): number {
  const place = (phase - Math.floor(phase)) * STOPS.length
  const index = Math.floor(place)
  const from = STOPS[index % STOPS.length]!
  const to = STOPS[(index + 1) % STOPS.length]!
  const t = smoothStep(0, 1, place - index)
  return from[channel] * (1 - t) + to[channel] * t
}

function paintTop(strip: FractalStrip): PaintedLevel {
  const rgb = new Uint8Array(new SharedArrayBuffer(STRIP_COLUMNS * STRIP_ROWS * 3))
  for (let row = 0; row < STRIP_ROWS; row++) {
    const depth = row / ROWS_PER_E
    for (let column = 0; column < STRIP_COLUMNS; column++) {
      const at = row * STRIP_COLUMNS + column
      const smooth = strip.smooth[at]!
      const phase = 0.62 * Math.log(1 + smooth) - 0.035 * depth - 0.32
      const nearness = strip.nearness[at]! / 255
      const light = 0.44 + 0.64 * (strip.light[at]! / 255)
      const gain = light * (0.3 + 0.7 * nearness)
      for (const channel of [0, 1, 2] as const) {
        const value = smooth === 0 ? INSIDE[channel] : Math.min(255, mixPalette(phase, channel) * gain + 4)
        rgb[at * 3 + channel] = Math.round(value)
      }
    }
  }
  return { columns: STRIP_COLUMNS, rows: STRIP_ROWS, rgb }
}

function halve(level: PaintedLevel): PaintedLevel {
  const columns = level.columns >> 1
  const rows = level.rows >> 1
  const rgb = new Uint8Array(new SharedArrayBuffer(columns * rows * 3))
  const stride = level.columns * 3
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns * 3; i++) {
      const channel = i % 3
      const from = row * 2 * stride + (i - channel) * 2 + channel
      const sum =
        level.rgb[from]! + level.rgb[from + 3]! + level.rgb[from + stride]! + level.rgb[from + stride + 3]!
      rgb[row * columns * 3 + i] = (sum + 2) >> 2
    }
  }
  return { columns, rows, rgb }
}

/** Paints a strip and its mip levels, the sharpest first. */
export function paintStrip(strip: FractalStrip): readonly PaintedLevel[] {
  const levels = [paintTop(strip)]
  while (levels.length < LEVELS) levels.push(halve(levels[levels.length - 1]!))
  return levels
}
