/** Frames of the zoom: for each pixel its place in the painted strip, trilinear between mip levels. */
import { OUTER_RADIUS, ROWS_PER_E, STRIP_COLUMNS } from './fractal-strip.ts'
import type { PaintedLevel } from './paint-strip.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

/** Where the camera is: `zoomE` factors of e below the first frame, turned by `turn` full turns. */
export interface Pose {
  readonly zoomE: number
  readonly turn: number
}

/** Height of the first frame in units of the complex plane. */
const FIRST_HEIGHT = 2.7

/** Renders RGB frames of one size. */
export interface Camera {
  render(pose: Pose): Uint8Array<ArrayBuffer>
}

export function createCamera(levels: readonly PaintedLevel[], { width, height }: Size): Camera {
  const pixels = width * height
  const logRadius = new Float32Array(pixels)
  const turns = new Float32Array(pixels)
  const detail = new Float32Array(pixels)
  for (let at = 0; at < pixels; at++) {
    const x = (at % width) - width / 2 + 0.5
    const y = height / 2 - 0.5 - Math.floor(at / width)
    const radius = Math.max(0.6, Math.hypot(x, y))
    logRadius[at] = Math.log((radius * FIRST_HEIGHT) / height / OUTER_RADIUS)
    turns[at] = Math.atan2(y, x) / (2 * Math.PI)
    detail[at] = Math.min(
      levels.length - 1.01,
      Math.max(0, Math.log2(STRIP_COLUMNS / (2 * Math.PI * radius))),
    )
  }

  const sample = (
    level: PaintedLevel,
    row: number,
    turn: number,
    out: Float32Array,
    weight: number,
  ): void => {
    const { columns, rows, rgb } = level
    const down = Math.min(rows - 1.001, Math.max(0, row - 0.5))
    const across = turn * columns - 0.5
    const top = Math.floor(down)
    const left = Math.floor(across)
    const fy = down - top
    const fx = across - left
    const c0 = (left + columns) % columns
    const c1 = (left + 1 + columns) % columns
    const a = (top * columns + c0) * 3
    const b = (top * columns + c1) * 3
    const stride = columns * 3
    const wa = (1 - fx) * (1 - fy) * weight
    const wb = fx * (1 - fy) * weight
    const wc = (1 - fx) * fy * weight
    const wd = fx * fy * weight
    for (let i = 0; i < 3; i++) {
      out[i]! += rgb[a + i]! * wa + rgb[b + i]! * wb + rgb[a + stride + i]! * wc + rgb[b + stride + i]! * wd
    }
  }

  return {
    render({ zoomE, turn }) {
      const frame = new Uint8Array(pixels * 3)
      const colour = new Float32Array(3)
      for (let at = 0; at < pixels; at++) {
        const row = (zoomE - logRadius[at]!) * ROWS_PER_E
        const angle = turns[at]! + turn
        const wrapped = angle - Math.floor(angle)
        const level = Math.floor(detail[at]!)
        const blend = detail[at]! - level
        colour.fill(0)
        sample(levels[level]!, row / 2 ** level, wrapped, colour, 1 - blend)
        sample(levels[level + 1]!, row / 2 ** (level + 1), wrapped, colour, blend)
        frame[at * 3] = colour[0]! + 0.5
        frame[at * 3 + 1] = colour[1]! + 0.5
        frame[at * 3 + 2] = colour[2]! + 0.5
      }
      return frame
    },
  }
}
