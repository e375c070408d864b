/** How near our largest call is to the 80 ms of CPU that TRON gives a transaction; past them it burns its whole fee limit. */

/** From the most signatures that a transaction of ours needs (docs/decisions/0007), until the node's time is over. */
const SIGNATURES = [1, 16, 20, 32, 48, 64, 96]
/** The best of so many: the rest is the network's and the machine's noise. */
const SAMPLES = 3

export interface Headroom {
  /** The most checks of a signature that a simulation had time for. */
  readonly signatures: number
  /** The least that had not; null when all had. */
  readonly outOfTimeAt: number | null
  /** What one more signature took, by the clock at this end. */
  readonly msPerSignature: number
}

/** `simulate` runs that many signature checks, and tells when the node's time was over; `pauseMs` lies between two of its calls. */
export async function measureHeadroom(
  simulate: (signatures: number) => Promise<'enough' | 'out-of-time'>,
  pauseMs: number,
): Promise<Headroom> {
  let signatures = 0
  let firstMs = 0
  let lastMs = 0
  let outOfTimeAt: number | null = null
  for (const count of SIGNATURES) {
    const tookMs = await timeBest(() => simulate(count), pauseMs)
    if (tookMs === null) {
      outOfTimeAt = count
      break
    }
    if (signatures === 0) firstMs = tookMs
    signatures = count
    lastMs = tookMs
  }
  const msPerSignature = signatures > 1 ? Math.max(0, lastMs - firstMs) / (signatures - 1) : 0
  return { signatures, outOfTimeAt, msPerSignature: Math.round(msPerSignature * 100) / 100 }
}

/** Null when it was out of time each time: once may be a busy moment of the node. */
async function timeBest(
  go: () => Promise<'enough' | 'out-of-time'>,
  pauseMs: number,
): Promise<number | null> {
  let bestMs: number | null = null
  for (let sample = 0; sample < SAMPLES; sample++) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    const startedAtMs = performance.now()
    if ((await go()) === 'out-of-time') continue
    const tookMs = performance.now() - startedAtMs
    if (bestMs === null || tookMs < bestMs) bestMs = tookMs
  }
  return bestMs
}
