/** What an invariant campaign did, by its own count: a campaign whose actions never succeed proves nothing. */

export interface Tally {
  readonly runs: number
  /** How often each act succeeded, over all runs. */
  readonly counts: ReadonlyMap<string, number>
  /** Acts that were too rare for the campaign to mean anything. */
  readonly rare: readonly string[]
}

/** An act that comes up less often than in each fourth run is as good as untried. */
const LEAST_PER_RUN = 0.25

/**
 * Adds up the lines that `afterInvariant` of contracts/test/channels/Invariant.t.sol writes, one a run: `act=count act=count …`. Throws
 * RangeError on another form, and when there is no run at all.
 */
export function addUpTally(text: string): Tally {
  // forge walks the last run twice.
  const runs = new Set(text.split('\n').filter((line) => line !== ''))
  if (runs.size === 0) throw new RangeError('the invariant campaign left no tally')
  const counts = new Map<string, number>()
  for (const run of runs) {
    for (const entry of run.trim().split(' ')) {
      const [, act, count] = /^(\w+)=(\d+)$/.exec(entry) ?? []
      if (!act || !count) throw new RangeError(`not a tally: ${entry}`)
      counts.set(act, (counts.get(act) ?? 0) + Number(count))
    }
  }
  const rare = [...counts].filter(([, count]) => count < runs.size * LEAST_PER_RUN).map(([act]) => act)
  return { runs: runs.size, counts, rare }
}

/** For people: three acts a line. */
export function formatTally({ runs, counts }: Tally): string {
  const cells = [...counts].map(([act, count]) => `${act.padEnd(24)}${String(count).padStart(9)}`)
  const rows = cells.flatMap((_, i) => (i % 3 === 0 ? [cells.slice(i, i + 3).join('   ')] : []))
  return [`What ${runs} invariant runs did:`, ...rows, ''].join('\n')
}
