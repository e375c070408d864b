/** What a run found: a table for people, one JSON object for programs. */
import { formatDecimal, TRX } from '../../lib/units/index.ts'
import type { Totals } from './books.ts'
import type { Ending } from './exit-codes.ts'
import type { Figures } from './figures.ts'
import type { Headroom } from './headroom.ts'
import type { ProbeReport } from './probes.ts'
import type { RunState } from './run-state.ts'

/** The most signatures that a transaction of ours needs (docs/decisions/0007). */
export const NEEDED_SIGNATURES = 20

export interface EnergyRow {
  readonly node: number
  /** Null where the reference has no such step. */
  readonly devnet: number | null
  /** What dynamic energy added on the node, not in `node`. */
  readonly penalty: number
}

export interface ConformanceReport {
  readonly ok: boolean
  readonly ending: Ending
  /** Null when all is right. */
  readonly reason: string | null
  readonly node: string
  readonly chainId: number | null
  readonly version: string
  readonly account: string | null
  readonly contract: string | null
  readonly token: string | null
  readonly cors: boolean | null
  /** Whether the solidified state tells the same; null where it is not served. */
  readonly solid: boolean | null
  readonly steps: Readonly<Record<string, string>>
  readonly checks: Readonly<Record<string, string>>
  readonly probes: ProbeReport | null
  readonly energy: Readonly<Record<string, EnergyRow>>
  readonly headroom: Headroom | null
  readonly money: Readonly<Record<keyof Totals, string>> | null
  /** Burned by all steps so far. */
  readonly feeSun: string
  /** Chain time from which the run goes on; null unless it waits. */
  readonly goesOnAt: string | null
}

export function compareEnergy(state: RunState, reference: Figures): Readonly<Record<string, EnergyRow>> {
  return Object.fromEntries(
    Object.entries(state.steps).flatMap(([name, step]) =>
      step.status === 'done'
        ? [[name, { node: step.energy, devnet: reference[name]?.energy ?? null, penalty: step.penalty }]]
        : [],
    ),
  )
}

export function sumFees(state: RunState): bigint {
  return Object.values(state.steps).reduce(
    (sum, step) => (step.status === 'done' ? sum + BigInt(step.feeSun) : sum),
    0n,
  )
}

/** The table, and under it each probe that differs. */
export function describeReport(
  state: RunState,
  report: ConformanceReport,
  referenceName: string,
): readonly string[] {
  const line = (...cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(20) : cell.padStart(12))).join(' ')
  const rows = Object.entries(report.energy).map(([name, { node, devnet, penalty }]) => {
    const step = state.steps[name]!
    const difference = devnet === null ? '?' : node === devnet ? '=' : signed(node - devnet)
    const feeSun = step.status === 'done' ? BigInt(step.feeSun) : 0n
    const fee = formatDecimal(feeSun, TRX.decimals, 3)
    return line(name, group(node), devnet === null ? '-' : group(devnet), difference, group(penalty), fee)
  })
  const { probes, headroom } = report
  return [
    '',
    line('call', 'node', referenceName, 'difference', 'penalty', 'TRX burned'),
    ...rows,
    line('all', '', '', '', '', formatDecimal(BigInt(report.feeSun), TRX.decimals, 3)),
    '',
    ...(headroom ? [describeHeadroom(headroom)] : []),
    ...(probes ? [`Probes     ${probes.equal} as on java-tron 4.8.0, ${probes.different.length} not`] : []),
    ...(probes?.different ?? []).flatMap(({ name, wanted, got }) => [
      `  ${name}`,
      `    there  ${wanted}`,
      `    here   ${got}`,
    ]),
  ]
}

function describeHeadroom({ signatures, outOfTimeAt, msPerSignature }: Headroom): string {
  const end = outOfTimeAt === null ? 'and it was not out of time yet' : `and not for ${outOfTimeAt}`
  return `Time       a simulation had it for ${signatures} signatures, ${end}; our largest call needs ${NEEDED_SIGNATURES}; one took ${msPerSignature} ms, of the 80 of a transaction`
}

const group = (value: number): string => value.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',')
const signed = (value: number): string => (value > 0 ? `+${group(value)}` : `-${group(-value)}`)
