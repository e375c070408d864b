/**
 * `npm run mutate:contracts [name …]`: breaks the contract in each way of mutants.ts and shows that a test notices. The last
 * line is "N mutants, N killed, 0 survived"; the exit code is 0 only then.
 */
import { mutants } from './mutants.ts'
import { applyMutant, type Fate, openMutationLab } from './mutation.ts'
import { readSources } from './solc-input.ts'

const wanted = process.argv.slice(2)
const chosen = mutants.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
// A stale table is found before anything is compiled.
for (const mutant of chosen) applyMutant(readSources(), mutant)

const fates: Fate['status'][] = []
const startedAtMs = performance.now()
const lab = await openMutationLab()
try {
  for (const mutant of chosen) {
    const fate = await lab.try(mutant)
    fates.push(fate.status)
    process.stdout.write(
      `${fate.status.padEnd(13)}${mutant.name.padEnd(36)}${detailOf(fate, mutant.breaks)}\n`,
    )
  }
} finally {
  lab.close()
}
const count = (status: Fate['status']): number => fates.filter((fate) => fate === status).length
const tookSec = Math.round((performance.now() - startedAtMs) / 1000)
process.stdout.write(
  `\n${tookSec} s${count('not-compiled') > 0 ? `, ${count('not-compiled')} did not compile` : ''}\n`,
)
process.stdout.write(`${fates.length} mutants, ${count('killed')} killed, ${count('survived')} survived\n`)
if (fates.length === 0 || count('killed') !== fates.length) process.exitCode = 1

function detailOf(fate: Fate, breaks: string): string {
  if (fate.status === 'killed') return fate.by
  return fate.status === 'survived' ? `nobody noticed: ${breaks}` : (fate.reason.split('\n')[0] ?? '')
}
