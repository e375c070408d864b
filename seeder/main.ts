/** `piecemeal-seeder`: the headless seeder as a program. Log lines on stdout, a status line on a terminal's stderr. */
import { join } from 'node:path'
import {
  AppError,
  formatAmount,
  formatBytes,
  formatRate,
  type StorageError,
  showHidden,
} from '../lib/units/index.ts'
import { createKeySigner } from '../lib/wallet/key-signer.ts'
import { exitCodeOf } from './exit-code.ts'
import { createJsonLog, describeFailure } from './log.ts'
import { HELP, parseArguments, type SeederArguments } from './options.ts'
import { checkChain, checkTrackers } from './preflight.ts'
import { readConfig, readPrivateKey } from './read-setup.ts'
import { checkPath } from './seed-content.ts'
import { fetchStatus, type StatusServer, serveStatus } from './serve-status.ts'
import { type Seeder, startSeeder } from './start-seeder.ts'
import { writeTorrents } from './write-torrents.ts'

const STATUS_INTERVAL_MS = 1_000
/** As a shell reports a program that a signal ended. */
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

const log = createJsonLog((line) => process.stdout.write(line))

function showStatus(seeder: Seeder): void {
  const { peers, uploadBytesPerSec, uploadedBytes, earned, redeemable, chain } = seeder.getStatus()
  process.stderr.write(
    `\r\x1b[K${peers} peers · ${formatRate(uploadBytesPerSec)} · ${formatBytes(uploadedBytes)} sent · ` +
      `earned ${formatAmount(earned)} · due ${formatAmount(redeemable)}${chain.status === 'up' ? '' : ' · no chain'}`,
  )
}

/** Throws what is wrong with the command line, the files, the key, the chain and the trackers, in this order. */
async function bringUp(
  args: SeederArguments,
  onLedgerFailure: (failure: StorageError) => void,
): Promise<Seeder> {
  const config = await readConfig(args.config)
  for (const path of args.paths) await checkPath(path, args.contentDir)
  const privateKey = await readPrivateKey(args.keystore, process.env)
  const { address } = createKeySigner(privateKey)
  const trackers = [...new Set([...config.trackers, ...args.trackers])]
  if (args.askPerMiB > 0n && (await checkChain(config.network, address)) === 0n)
    log({ event: 'warning', message: `${address} has no TRX: it earns, but cannot redeem or open channels.` })
  if (args.askPerMiB > 0n && args.bttPerTrx === null && !config.network.isTestnet)
    log({
      event: 'warning',
      message: 'Without --btt-per-trx fees are not weighed: redeeming may cost more than it brings.',
    })
  for (const url of await checkTrackers(trackers))
    log({ event: 'warning', message: `The tracker ${url} does not answer; it is tried again.` })
  return startSeeder({
    network: config.network,
    trackers,
    iceServers: config.iceServers,
    paths: args.paths,
    contentDir: args.contentDir,
    privateKey,
    askPerMiB: args.askPerMiB,
    freeAllowanceBytes: args.freeAllowanceBytes,
    freeBytesPerSec: args.freeBytesPerSec,
    maxUploadBytesPerSec: args.maxUploadBytesPerSec,
    maxConnections: args.maxConnections,
    dataDir: args.dataDir,
    relaysOpen: args.relaysOpen,
    redeemAt: args.redeemAt,
    bttPerTrx: args.bttPerTrx,
    log,
    onLedgerFailure,
  })
}

async function run(args: SeederArguments): Promise<void> {
  const isTerminal = process.stderr.isTTY === true
  let isStopping = false
  let line: NodeJS.Timeout | null = null
  let server: StatusServer | null = null
  let seeder: Seeder | null = null

  async function stop(exitCode: number): Promise<void> {
    isStopping = true
    if (line) clearInterval(line)
    try {
      await seeder?.stop({ withinMs: args.stopWithinMs })
      await server?.stop()
    } catch (error) {
      log({ event: 'failed', ...describeFailure(error) })
      process.exit(exitCode === 0 ? exitCodeOf(error) : exitCode)
    }
    process.exit(exitCode)
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(SIGNAL_EXIT_CODES[signal])
      isStopping = true
      // Before it is up, the stop waits for that.
      if (seeder) void stop(0)
    })
  }
  const started = await bringUp(args, (failure) => {
    process.stderr.write(`${failure.message}: no voucher can be taken any more, so nothing more is sold.\n`)
    if (seeder && !isStopping) void stop(exitCodeOf(failure))
  })
  seeder = started
  if (isStopping) return stop(0)
  try {
    for (const shared of await writeTorrents(started, args.torrentsDir ?? join(args.dataDir, 'torrents'))) {
      log({ event: 'seeding', ...shared })
      if (isTerminal) process.stderr.write(`\r\x1b[K${showHidden(shared.name)}\n  ${shared.magnetUri}\n`)
    }
    if (args.httpPort !== null) {
      server = await serveStatus(args.httpPort, () => started.getStatus())
      log({ event: 'status', url: server.url })
    }
  } catch (error) {
    await started.stop({ withinMs: args.stopWithinMs })
    throw error
  }
  if (isTerminal) line = setInterval(() => showStatus(started), STATUS_INTERVAL_MS)
}

try {
  const args = parseArguments(process.argv.slice(2))
  if (args === 'help') process.stdout.write(HELP)
  else if (args.command === 'status') process.stdout.write(await fetchStatus(args.httpPort ?? 0))
  else await run(args)
} catch (error) {
  const hint =
    error instanceof AppError && error.code === 'bad-arguments' ? ' (--help lists the options)' : ''
  process.stderr.write(`${showHidden(describeFailure(error).message)}${hint}\n`)
  process.exit(exitCodeOf(error))
}
