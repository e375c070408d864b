/**
 * The Mandelbrot set about one point, as a strip in log-polar coordinates: a column is an angle, a row a power of the
 * radius. Every frame of a zoom is a resampling of the one strip, so each point is computed once for the whole film.
 */

/** Where the zoom goes: a spiral in Seahorse Valley. */
export const TARGET = { re: -0.743643887037151, im: 0.13182590420533 } as const

/** Texels around the circle. */
export const STRIP_COLUMNS = 2560
/** Rows for each factor e of radius, so that texels are square. */
export const ROWS_PER_E = STRIP_COLUMNS / (2 * Math.PI)
/** Radius of row 0: a little beyond the corner of the first frame. */
export const OUTER_RADIUS = 3.2
/** Factors of e between the first row and the last. */
export const STRIP_DEPTH_E = 21
export const STRIP_ROWS = Math.ceil(STRIP_DEPTH_E * ROWS_PER_E)

const BAILOUT_SQUARED = 1e6
const MAX_ITERATIONS = 4000
/** Direction of the light that models the relief. */
const LIGHT = { re: Math.cos(2.2), im: Math.sin(2.2), height: 1.4 }

/** Smooth iteration count (0 inside the set), light 0…255 and distance to the set 0…255, each row-major. */
export interface FractalStrip {
  readonly smooth: Float32Array
  readonly light: Uint8Array
  readonly nearness: Uint8Array
}

/** Memory for a strip that workers can fill together. */
export function allocateStrip(): FractalStrip {
  const texels = STRIP_COLUMNS * STRIP_ROWS
  return {
    smooth: new Float32Array(new SharedArrayBuffer(texels * 4)),
    light: new Uint8Array(new SharedArrayBuffer(texels)),
    nearness: new Uint8Array(new SharedArrayBuffer(texels)),
  }
}

function isInMainBulbs(re: number, im: number): boolean {
  const imSquared = im * im
  const q = (re - 0.25) ** 2 + imSquared
  return q * (q + re - 0.25) <= 0.25 * imSquared || (re + 1) ** 2 + imSquared <= 0.0625
}

/** Fills the rows `first`, `first + step`, … of a strip. */
export function fillStrip(strip: FractalStrip, first: number, step: number): void {
  for (let row = first; row < STRIP_ROWS; row += step) {
    const radius = OUTER_RADIUS * Math.exp(-row / ROWS_PER_E)
    for (let column = 0; column < STRIP_COLUMNS; column++) {
      const angle = (column / STRIP_COLUMNS) * 2 * Math.PI
      fillTexel(
        strip,
        row * STRIP_COLUMNS + column,
        TARGET.re + radius * Math.cos(angle),
        TARGET.im + radius * Math.sin(angle),
        radius,
      )
    }
  }
}

function fillTexel(strip: FractalStrip, at: number, re: number, im: number, radius: number): void {
  if (isInMainBulbs(re, im)) return
  let x = 0
  let y = 0
  let slopeX = 0
  let slopeY = 0
  for (let n = 0; n < MAX_ITERATIONS; n++) {
    const nextSlopeX = 2 * (x * slopeX - y * slopeY) + 1
    slopeY = 2 * (x * slopeY + y * slopeX)
    slopeX = nextSlopeX
    const nextX = x * x - y * y + re
    y = 2 * x * y + im
    x = nextX
    const squared = x * x + y * y
    if (squared > BAILOUT_SQUARED) {
      const slopeSquared = slopeX * slopeX + slopeY * slopeY
      strip.smooth[at] = Math.max(0.01, n + 1 - Math.log2(Math.log2(squared) / 2))
      // Distance estimate: |z| ln|z| / |z'|, relative to the distance from the zoom's centre.
      const distance = (Math.sqrt(squared) * Math.log(squared)) / (2 * Math.sqrt(slopeSquared)) / radius
      strip.nearness[at] = Math.round(255 * Math.tanh((distance * 60) ** 0.45))
      const normalX = (x * slopeX + y * slopeY) / Math.sqrt(squared * slopeSquared)
      const normalY = (y * slopeX - x * slopeY) / Math.sqrt(squared * slopeSquared)
      const lit = (normalX * LIGHT.re + normalY * LIGHT.im + LIGHT.height) / (1 + LIGHT.height)
      strip.light[at] = Math.round(255 * Math.max(0, lit))
      return
    }
  }
}
