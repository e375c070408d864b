/** Two worker threads that compute the strip once and then render frames of the zoom in order. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { allocateStrip } from './fractal-strip.ts'
import type { FractalTask } from './fractal-worker.ts'
import { type PaintedLevel, paintStrip } from './paint-strip.ts'
import type { Size } from './zoom-camera.ts'

const THREADS = 2

/** What a shot asks for: RGB frames at these moments of the film. */
export interface Shot {
  readonly positionsSec: readonly number[]
  readonly size: Size
  /** Swatch, plate and line; only for the film's own size. */
  readonly marks: boolean
}

export interface FractalStudio {
  /** Frames in order, width × height × 3 bytes each. */
  shoot(shot: Shot): AsyncGenerator<Uint8Array>
  close(): Promise<void>
}

async function ask(worker: Worker, task: FractalTask): Promise<Uint8Array> {
  const answer = once(worker, 'message')
  worker.postMessage(task)
  const [frame] = await answer
  return frame as Uint8Array
}

/** Computes and paints the strip; takes about a minute of two processors. */
export async function openStudio(): Promise<FractalStudio> {
  const workers = Array.from(
    { length: THREADS },
    () => new Worker(new URL('./fractal-worker.ts', import.meta.url)),
  )
  const strip = allocateStrip()
  await Promise.all(
    workers.map((worker, first) => ask(worker, { kind: 'fill', strip, first, step: THREADS })),
  )
  const levels: readonly PaintedLevel[] = paintStrip(strip)
  return {
    async *shoot({ positionsSec, size, marks }) {
      await Promise.all(workers.map((worker) => ask(worker, { kind: 'aim', levels, size, marks })))
      const pending = workers.map((worker, i) => {
        const positionSec = positionsSec[i]
        return positionSec === undefined ? null : ask(worker, { kind: 'frame', positionSec })
      })
      for (let n = 0; n < positionsSec.length; n++) {
        const slot = n % THREADS
        const frame = await pending[slot]!
        const positionSec = positionsSec[n + THREADS]
        pending[slot] = positionSec === undefined ? null : ask(workers[slot]!, { kind: 'frame', positionSec })
        if (frame) yield frame
      }
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
