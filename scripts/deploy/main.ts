/** `npm run deploy`: see --help and docs/DEPLOY.md. Ends with 0 when all is done, 2 when a transaction's fate is open, else 1. */
import { AppError, ProgramError } from '../../lib/base/index.ts'
import { createKeySigner } from '../../lib/wallet/key-signer.ts'
import { ask } from '../run/ask.ts'
import { readArtifact } from './contract-code.ts'
import { type DeployOutcome, deploy } from './deploy.ts'
import { HELP, KEY_VARIABLE, parseOptions } from './options.ts'

const EXIT_CODES: Readonly<Record<DeployOutcome, number>> = { deployed: 0, dry: 0, declined: 1, unknown: 2 }

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof AppError)) throw error
  process.stderr.write(`deploy: ${error.message}\n`)
  process.exitCode = 1
}

async function main(): Promise<number> {
  const key = process.env[KEY_VARIABLE]
  // No program that this one might start is to inherit it.
  delete process.env[KEY_VARIABLE]
  const options = parseOptions(process.argv.slice(2))
  if (!options) {
    process.stdout.write(HELP)
    return 0
  }
  const stopping = new AbortController()
  process.once('SIGINT', () =>
    stopping.abort(new ProgramError('interrupted', 'interrupted: nothing was sent')),
  )
  const outcome = await deploy(options, {
    artifact: readArtifact('SwarmChannels'),
    signer: key ? createKeySigner(key) : null,
    say: (line) => process.stdout.write(`${line}\n`),
    ask: (question) => ask(question, stopping.signal),
    signal: stopping.signal,
  })
  return EXIT_CODES[outcome]
}
