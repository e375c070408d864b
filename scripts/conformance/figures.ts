/** What the life's steps cost on our devnet, as `--record` has written them: to price a run, and to compare our devnet with. */
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { ChainPrices } from '../../lib/tron/index.ts'
import { type FeeSun, toFeeSun } from '../../lib/units/index.ts'
import type { RunState } from './run-state.ts'

export interface Figure {
  readonly energy: number
  readonly bandwidthBytes: number
}
export type Figures = Readonly<Record<string, Figure>>

/** For a step that was never recorded. */
const DEAR: Figure = { energy: 500_000, bandwidthBytes: 2_000 }

const PATH = fileURLToPath(new URL('./devnet-figures.json', import.meta.url))

export function readFigures(): Figures {
  return JSON.parse(readFileSync(PATH, 'utf8')) as Figures
}

export async function writeFigures(state: RunState): Promise<void> {
  await writeFile(PATH, `${JSON.stringify(toFigures(state), null, 2)}\n`)
}

/** The steps that are done. */
export function toFigures(state: RunState): Figures {
  return Object.fromEntries(
    Object.entries(state.steps).flatMap(([name, step]) =>
      step.status === 'done' ? [[name, { energy: step.energy, bandwidthBytes: step.bandwidthBytes }]] : [],
    ),
  )
}

/** Who sends what; the account itself sends the rest. */
export const STEPS_OF = {
  relay: ['openRelayed', 'redeemFirst', 'redeemRepeat', 'redeemBatch', 'redeemClosing'],
  session: ['openBySigner', 'settleBySigner', 'startCloseBySigner'],
} as const

/** An account's first TRX make it: 1 TRX, and 0.1 of bandwidth. */
const CREATION_SUN = 1_100_000n

/** What a helper is given: half as much again as its steps cost, since a client refuses to send on the edge. */
export function giftOf(role: keyof typeof STEPS_OF, figures: Figures, prices: ChainPrices): FeeSun {
  return toFeeSun((priceOf(STEPS_OF[role], figures, prices) * 3n) / 2n)
}

/** What is left to pay from the account, without staked energy and free bandwidth: an upper bound but for dynamic energy. */
export function costOf(state: RunState, figures: Figures, prices: ChainPrices): FeeSun {
  const helpers: readonly string[] = [...STEPS_OF.relay, ...STEPS_OF.session]
  const left = Object.keys(figures).filter(
    (name) => state.steps[name] === undefined && !helpers.includes(name),
  )
  let sun = priceOf(left, figures, prices)
  if (left.includes('giftRelay')) sun += giftOf('relay', figures, prices) + CREATION_SUN
  if (left.includes('giftSession')) sun += giftOf('session', figures, prices) + CREATION_SUN
  return toFeeSun(sun)
}

function priceOf(names: readonly string[], figures: Figures, prices: ChainPrices): bigint {
  return names.reduce((sun, name) => {
    const { energy, bandwidthBytes } = figures[name] ?? DEAR
    return sun + BigInt(energy) * prices.energySun + BigInt(bandwidthBytes) * prices.bandwidthSun
  }, 0n)
}
