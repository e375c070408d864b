/** `npm run conformance`: see --help and docs/DEPLOY.md. The last line is one JSON object, however it ends. */
import { AppError } from '../../lib/base/index.ts'
import { ask } from '../run/ask.ts'
import { conform } from './conform.ts'
import { ConformanceStop, EXIT_CODES } from './exit-codes.ts'
import { writeFigures } from './figures.ts'
import { type ConformanceOptions, HELP, parseOptions } from './options.ts'
import { runReference } from './reference-run.ts'

/** A gateway's nodes are a block or two apart. */
const PATIENCE_MS = 12_000

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof AppError)) throw error
  const ending = error instanceof ConformanceStop ? error.ending : 'failed'
  process.stderr.write(`conformance: ${error.message}\n`)
  say(JSON.stringify({ ok: false, ending, reason: error.message }))
  process.exitCode = EXIT_CODES[ending]
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2))
  if (!options) {
    process.stdout.write(HELP)
    return EXIT_CODES.ok
  }
  if (options.isRecording) {
    await writeFigures((await runReference({}, say)).state)
    say(JSON.stringify({ ok: true, ending: 'ok', reason: null }))
    return EXIT_CODES.ok
  }
  const report = await conform(options, takeKey(options), {
    say,
    ask: (question) => ask(question, new AbortController().signal),
    patienceMs: PATIENCE_MS,
  })
  if (report.reason !== null) process.stderr.write(`conformance: ${report.reason}\n`)
  say(JSON.stringify(report))
  return EXIT_CODES[report.ending]
}

/** Out of the environment for good: no program that this one might start is to inherit it. */
function takeKey({ keyVariable }: ConformanceOptions): string {
  const key = keyVariable === null ? undefined : process.env[keyVariable]
  if (keyVariable !== null) delete process.env[keyVariable]
  if (key && /^(0x)?[0-9a-fA-F]{64}$/.test(key)) return key
  throw new ConformanceStop(
    'bad-arguments',
    `${keyVariable} holds no private key: 64 hexadecimal digits are expected`,
  )
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
