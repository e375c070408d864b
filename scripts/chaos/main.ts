/** `npm run test:chaos`: 200 rounds, or `-- <rounds> <seed>`. The last line is one JSON object with the figures. */
import { runChaos } from './run-chaos.ts'

const DEFAULT_ROUNDS = 200
const [rounds = DEFAULT_ROUNDS, seed = Date.now() % 1_000_000] = process.argv.slice(2).map(Number)

process.stdout.write(`${rounds} rounds, seed ${seed}\n`)
try {
  const report = await runChaos({
    rounds,
    seed,
    onRound: (round, words) => process.stdout.write(`${String(round).padStart(4)}  ${words}\n`),
  })
  process.stdout.write(`${JSON.stringify(report)}\n`)
} catch (error) {
  process.stderr.write(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
