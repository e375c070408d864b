/** `node seeder/main.ts`: the headless seeder as a program. Log lines on stdout, a status line on a terminal's stderr. */
import { readFile } from 'node:fs/promises'
import { loadConfig, parseConfig } from '../lib/node/load-config.ts'
import type { SiteConfig } from '../lib/node/node.ts'
import { AppError, formatAmount, formatBytes, formatRate, WalletError } from '../lib/units/index.ts'
import { readKeystore } from './keystore.ts'
import { createJsonLog, describeFailure } from './log.ts'
import { HELP, parseArguments, type SeederArguments } from './options.ts'
import { type Seeder, startSeeder } from './start-seeder.ts'

const STATUS_INTERVAL_MS = 1_000

async function readConfig(source: string): Promise<SiteConfig> {
  if (/^https?:/.test(source)) return loadConfig(source)
  let text: string
  try {
    text = await readFile(source, 'utf8')
  } catch (cause) {
    throw new AppError('bad-config', `${source} cannot be read`, { cause })
  }
  try {
    return parseConfig(JSON.parse(text))
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('bad-config', `${source} is not JSON`, { cause })
  }
}

async function readPrivateKey(keystore: string | null): Promise<string> {
  if (keystore !== null) {
    return readKeystore(await readFile(keystore, 'utf8'), process.env.PIECEMEAL_KEYSTORE_PASSWORD ?? '')
  }
  const key = process.env.PIECEMEAL_SEEDER_KEY
  if (!key) throw new WalletError('no-key', 'set PIECEMEAL_SEEDER_KEY or give --keystore')
  return key
}

function showStatus(seeder: Seeder): void {
  const { peers, uploadBytesPerSec, uploadedBytes, earned, redeemable } = seeder.getStatus()
  process.stderr.write(
    `\r\x1b[K${peers} peers · ${formatRate(uploadBytesPerSec)} · ${formatBytes(uploadedBytes)} sent · ` +
      `earned ${formatAmount(earned)} · due ${formatAmount(redeemable)}`,
  )
}

async function run(args: SeederArguments): Promise<void> {
  const config = await readConfig(args.config)
  const log = createJsonLog((line) => process.stdout.write(line))
  const seeder = await startSeeder({
    network: config.network,
    trackers: [...new Set([...config.trackers, ...args.trackers])],
    iceServers: config.iceServers,
    paths: args.paths,
    contentDir: args.contentDir,
    privateKey: await readPrivateKey(args.keystore),
    askPerMiB: args.askPerMiB,
    freeAllowanceBytes: args.freeAllowanceBytes,
    freeBytesPerSec: args.freeBytesPerSec,
    maxUploadBytesPerSec: args.maxUploadBytesPerSec,
    dataDir: args.dataDir,
    relaysOpen: args.relaysOpen,
    redeemAt: args.redeemAt,
    bttPerTrx: args.bttPerTrx,
    log,
  })
  const status = process.stderr.isTTY ? setInterval(() => showStatus(seeder), STATUS_INTERVAL_MS) : null
  let isStopping = false
  const stop = (): void => {
    if (isStopping) process.exit(1)
    isStopping = true
    if (status) clearInterval(status)
    seeder.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log({ event: 'failed', ...describeFailure(error) })
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
}

try {
  const args = parseArguments(process.argv.slice(2))
  if (args === 'help') process.stdout.write(HELP)
  else await run(args)
} catch (error) {
  process.stderr.write(`${describeFailure(error).message}\n`)
  process.exit(1)
}
