/** `npm run recover`: see --help and docs/RECOVERY.md. Transactions go to stdout as JSON, words to stderr. */
import { readFile } from 'node:fs/promises'
import { AppError, StorageError } from '../../lib/base/index.ts'
import { connectChain, parseRecoveryFile } from '../../lib/channels/index.ts'
import { parseConfig } from '../../lib/config/index.ts'
import { HELP, parseOptions, type RecoverOptions } from './options.ts'
import { recover } from './recover.ts'

try {
  const options = parseOptions(process.argv.slice(2))
  if (options) await run(options)
  else process.stdout.write(HELP)
} catch (error) {
  if (!(error instanceof AppError)) throw error
  process.stderr.write(`recover: ${error.message}\n`)
  process.exitCode = 1
}

async function run({ address, nodeUrl, fromBlock, file, config }: RecoverOptions): Promise<void> {
  const { network } = parseConfig(JSON.parse(await read(config)))
  const openings = file === null ? [] : parseRecoveryFile(await read(file), network)
  const chain = await connectChain({ ...network, fullHost: nodeUrl ?? network.fullHost })
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const transactions = await recover(chain, { address, fromBlock, openings, say })
  process.stdout.write(`${JSON.stringify(transactions, null, 2)}\n`)
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new StorageError('no-file', `${path} cannot be read`, { cause })
  }
}
