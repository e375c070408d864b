/** Worker thread of make-demo: fills part of a strip, then renders frames as it is asked for them. */
import { parentPort } from 'node:worker_threads'
import { drawMarks } from './draw-marks.ts'
import { getPose } from './film-poses.ts'
import { type FractalStrip, fillStrip } from './fractal-strip.ts'
import type { PaintedLevel } from './paint-strip.ts'
import { type Camera, createCamera, type Size } from './zoom-camera.ts'

/** What the main thread may ask. */
export type FractalTask =
  | { readonly kind: 'fill'; readonly strip: FractalStrip; readonly first: number; readonly step: number }
  | {
      readonly kind: 'aim'
      readonly levels: readonly PaintedLevel[]
      readonly size: Size
      readonly marks: boolean
    }
  | { readonly kind: 'frame'; readonly positionSec: number }

let camera: Camera | null = null
let marks = false
let size: Size = { width: 0, height: 0 }

parentPort?.on('message', (task: FractalTask) => {
  if (task.kind === 'fill') {
    fillStrip(task.strip, task.first, task.step)
    parentPort?.postMessage(null)
  } else if (task.kind === 'aim') {
    camera = createCamera(task.levels, task.size)
    size = task.size
    marks = task.marks
    parentPort?.postMessage(null)
  } else {
    const frame = camera?.render(getPose(task.positionSec)) ?? new Uint8Array(0)
    if (marks) drawMarks(frame, size, Math.floor(task.positionSec + 1e-6))
    parentPort?.postMessage(frame, [frame.buffer])
  }
})
