/** `piecemeal-seeder`: the headless seeder as a program. Log lines on stdout, a status line on a terminal's stderr. */
import { join } from 'node:path'
import { AppError, type StorageError } from '../lib/base/index.ts'
import type { Rates } from '../lib/config/index.ts'
import { formatAmount, formatBytes, formatRate, showHidden } from '../lib/units/index.ts'
import { createKeySigner } from '../lib/wallet/key-signer.ts'
import { exitCodeOf, UNPAID_EXIT_CODE } from './exit-code.ts'
import { createJsonLog, describeFailure } from './log.ts'
import { HELP, parseArguments, type SeederArguments } from './options.ts'
import { checkChain, checkTrackers } from './preflight.ts'
import { readConfig, readPrivateKey } from './read-setup.ts'
import { checkPath } from './seed-content.ts'
import { fetchStatus, type StatusServer, serveStatus } from './serve-status.ts'
import { type Seeder, startSeeder } from './start-seeder.ts'
import { writeTorrents } from './write-torrents.ts'

/** Coins change their worth by a tenth in a week; after so long a rate says little. */
const MAX_RATE_AGE_MS = 90 * 86_400_000
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

/** What the operator should know of the rate at which fees are weighed. */
function warnOfRate(args: SeederArguments, rates: Rates | null): readonly string[] {
  if (args.bttPerTrx !== null) return []
  if (rates === null)
    return [
      `No rate is known: only a channel that owes ${formatAmount(args.redeemFloor)} or more is redeemed by itself. Give --btt-per-trx.`,
    ]
  if (Date.now() - rates.asOfMs <= MAX_RATE_AGE_MS) return []
  const day = new Date(rates.asOfMs).toISOString().slice(0, 10)
  return [`The rates of config.json are of ${day}: bring them up to date, or give --btt-per-trx.`]
}

/** Throws what is wrong with the command line, the files, the key, the chain and the trackers, in this order. */
async function bringUp(
  args: SeederArguments,
  onLedgerFailure: (failure: StorageError) => void,
): Promise<Seeder> {
  const config = await readConfig(args.config)
  for (const path of args.paths) await checkPath(path, args.contentDir)
  const wallet = createKeySigner(await readPrivateKey(args.keystore, process.env))
  const { address } = wallet
  const trackers = [...new Set([...config.trackers, ...args.trackers])]
  if (args.askPerMiB > 0n && (await checkChain(config.network, address)) === 0n)
    log({ event: 'warning', message: `${address} has no TRX: it earns, but cannot redeem or open channels.` })
  const bttPerTrx = args.bttPerTrx ?? config.rates?.bttPerTrx ?? null
  if (args.askPerMiB > 0n)
    for (const message of warnOfRate(args, config.rates)) log({ event: 'warning', message })
  if (args.relay && bttPerTrx === null)
    log({ event: 'warning', message: 'No rate is known, so --relay opens no channel. Give --btt-per-trx.' })
  for (const url of await checkTrackers(trackers))
    log({ event: 'warning', message: `The tracker ${url} does not answer; it is tried again.` })
  return startSeeder({
    network: config.network,
    trackers,
    iceServers: config.iceServers,
    paths: args.paths,
    contentDir: args.contentDir,
    wallet,
    askPerMiB: args.askPerMiB,
    freeAllowanceBytes: args.freeAllowanceBytes,
    freeBytesPerSec: args.freeBytesPerSec,
    maxUploadBytesPerSec: args.maxUploadBytesPerSec,
    maxConnections: args.maxConnections,
    dataDir: args.dataDir,
    relay: args.relay,
    redeemAt: args.redeemAt,
    redeemFloor: args.redeemFloor,
    bttPerTrx,
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
    const isUnpaid = exitCode === 0 && seeder !== null && seeder.getStatus().redeemAlarm !== null
    process.exit(isUnpaid ? UNPAID_EXIT_CODE : exitCode)
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
