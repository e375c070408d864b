/** The command line of the seeder, checked. */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ProgramError } from '../lib/base/index.ts'
import { DEFAULT_REDEEM_FLOOR } from '../lib/payments/index.ts'
import {
  type Amount,
  BTT,
  type FeeSun,
  formatAmountExact,
  formatExact,
  parseMoney,
  TRX,
} from '../lib/units/index.ts'
import { DEFAULT_RELAY_BUDGETS, type RelayBudgets } from './relay-policy.ts'

export const HELP = `Seeds files and sells them piece by piece.

  piecemeal-seeder [options] <file, folder or .torrent> …      (in a clone: npm run seed -- …)

What is sold, and for how much
  --ask <BTT>           price of a MiB (default 1; 0 sells nothing)
  --free <bytes>        what a peer gets at full rate without paying (default 1048576)
  --free-rate <bytes>   bytes a second that all peers share who do not pay (default 65536; 0: none)
  --content <folder>    where the files of the given .torrent are (default: beside it)
  --torrents <folder>   where a .torrent of each file and folder is written (default: <data>/torrents)

Who finds it
  --config <path|url>   the site's config.json: network, trackers (default: the one that came with this program)
  --tracker <ws://…>    announce there too (repeatable)
  --connections <n>     most peers of a torrent at once (default 200)
  --upload-cap <bytes>  most bytes a second in all (default: no cap)

Money
  --keystore <file>     encrypted key (Web3 Secret Storage, version 3); its password in PIECEMEAL_KEYSTORE_PASSWORD
  --data <folder>       the log of vouchers (default .cache/seeder; keep it: it is money)
  --redeem-at <BTT>     redeem by itself once so much is due (default 1000) …
  --btt-per-trx <BTT>   … and it is 20 times the fee, at this rate (default: the "rates" of config.json)
  --redeem-floor <BTT>  where no rate is known: the least due in one channel that is redeemed by itself (default 5000000)
  --relay               open channels for payers at your expense, where a seat is worth 20 times the fee at the known rate
  --relay-per-payer <TRX>   … for one payer at most so much a day (default 15)
  --relay-per-day <TRX>     … for all of them so much a day (default 50)
  --relay-in-all <TRX>      … and so much over the life of the data folder (default 500)
  --no-relay            open none (as without --relay)

Watching it
  --http <port>         serve /status (JSON) and /metrics (Prometheus) on 127.0.0.1 (0: a free port, see the log)
  --status              ask the seeder at --http for its status, print it and end
  --stop-within <sec>   how long a stop may wait for a redemption (default 20)
  --help

Without --keystore the key is read from PIECEMEAL_SEEDER_KEY: 64 hexadecimal digits.
Log lines are JSON on stdout; a terminal gets a status line on stderr.
SIGINT and SIGTERM: serves no more, redeems what is worth it, closes the log, ends with 0. A second one ends at once.
Ends with 2 for a bad command line or config.json, 3 for files that cannot be seeded, 4 for the key, 5 for the data
folder, 6 for the chain, a tracker or a port, 7 when the chain did not pay what vouchers say (redeemFailed in the
log), 1 for anything else.
`

export interface SeederArguments {
  readonly command: 'seed' | 'status'
  readonly paths: readonly string[]
  readonly askPerMiB: Amount
  readonly freeAllowanceBytes: number
  readonly freeBytesPerSec: number
  readonly maxUploadBytesPerSec: number | null
  readonly maxConnections: number
  readonly trackers: readonly string[]
  readonly config: string
  readonly contentDir: string | null
  readonly torrentsDir: string | null
  readonly dataDir: string
  readonly keystore: string | null
  readonly redeemAt: Amount
  readonly redeemFloor: Amount
  readonly bttPerTrx: Amount | null
  readonly relay: RelayBudgets | null
  readonly httpPort: number | null
  readonly stopWithinMs: number
}

/** What a `quote` can carry. */
const MAX_AMOUNT = 1n << 128n

function fail(words: string): never {
  throw new ProgramError('bad-arguments', words)
}

function readBtt(text: string, name: string): Amount {
  const value = parseMoney(text, BTT)
  return value !== null && value < MAX_AMOUNT ? value : fail(`--${name} is not an amount of BTT: ${text}`)
}

const formatTrxExact = (feeSun: FeeSun): string => formatExact(feeSun, TRX)

function readTrx(text: string, name: string): FeeSun {
  return parseMoney(text, TRX) ?? fail(`--${name} is not an amount of TRX: ${text}`)
}

function readRate(text: string): Amount {
  const rate = readBtt(text, 'btt-per-trx')
  return rate > 0n ? rate : fail('--btt-per-trx cannot be 0: at such a rate every fee is worth paying')
}

function readBytes(text: string, name: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : fail(`--${name} is not a number of bytes: ${text}`)
}

function readCount(text: string, name: string, least: number, most: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most
    ? value
    : fail(`--${name} is not a number from ${least} to ${most}: ${text}`)
}

function readTracker(text: string): string {
  return URL.canParse(text) && /^wss?:/.test(text)
    ? text
    : fail(`--tracker is not a ws:// or wss:// address: ${text}`)
}

/** Checks the arguments; 'help' when asked for. Throws AppError 'bad-arguments' that says which. */
export function parseArguments(args: readonly string[]): SeederArguments | 'help' {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (cause) {
    throw new ProgramError('bad-arguments', cause instanceof Error ? cause.message : 'unknown option', {
      cause,
    })
  }
  const { values, positionals } = parsed
  if (values.help) return 'help'
  if (values.status && values.http === undefined)
    fail('--status needs --http <port>: where the seeder serves it')
  if (!values.status && positionals.length === 0) fail('name a file, a folder or a .torrent to seed')
  return {
    command: values.status ? 'status' : 'seed',
    paths: positionals,
    askPerMiB: readBtt(values.ask, 'ask'),
    freeAllowanceBytes: readBytes(values.free, 'free'),
    freeBytesPerSec: readBytes(values['free-rate'], 'free-rate'),
    maxUploadBytesPerSec: values['upload-cap'] ? readBytes(values['upload-cap'], 'upload-cap') : null,
    maxConnections: readCount(values.connections, 'connections', 1, 10_000),
    trackers: values.tracker.map(readTracker),
    config: values.config,
    contentDir: values.content ?? null,
    torrentsDir: values.torrents ?? null,
    dataDir: values.data,
    keystore: values.keystore ?? null,
    redeemAt: readBtt(values['redeem-at'], 'redeem-at'),
    redeemFloor: readBtt(values['redeem-floor'], 'redeem-floor'),
    bttPerTrx: values['btt-per-trx'] === undefined ? null : readRate(values['btt-per-trx']),
    relay:
      values.relay && !values['no-relay']
        ? {
            perPayerSun: readTrx(values['relay-per-payer'], 'relay-per-payer'),
            perDaySun: readTrx(values['relay-per-day'], 'relay-per-day'),
            inAllSun: readTrx(values['relay-in-all'], 'relay-in-all'),
          }
        : null,
    httpPort: values.http === undefined ? null : readCount(values.http, 'http', 0, 65_535),
    stopWithinMs: readCount(values['stop-within'], 'stop-within', 0, 3_600) * 1_000,
  }
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ask: { type: 'string', default: '1' },
      free: { type: 'string', default: '1048576' },
      'free-rate': { type: 'string', default: '65536' },
      'upload-cap': { type: 'string' },
      connections: { type: 'string', default: '200' },
      tracker: { type: 'string', multiple: true, default: [] },
      config: { type: 'string', default: fileURLToPath(new URL('../public/config.json', import.meta.url)) },
      content: { type: 'string' },
      torrents: { type: 'string' },
      data: { type: 'string', default: '.cache/seeder' },
      keystore: { type: 'string' },
      'redeem-at': { type: 'string', default: '1000' },
      'redeem-floor': { type: 'string', default: formatAmountExact(DEFAULT_REDEEM_FLOOR) },
      'btt-per-trx': { type: 'string' },
      relay: { type: 'boolean', default: false },
      'relay-per-payer': { type: 'string', default: formatTrxExact(DEFAULT_RELAY_BUDGETS.perPayerSun) },
      'relay-per-day': { type: 'string', default: formatTrxExact(DEFAULT_RELAY_BUDGETS.perDaySun) },
      'relay-in-all': { type: 'string', default: formatTrxExact(DEFAULT_RELAY_BUDGETS.inAllSun) },
      'no-relay': { type: 'boolean', default: false },
      http: { type: 'string' },
      status: { type: 'boolean', default: false },
      'stop-within': { type: 'string', default: '20' },
      help: { type: 'boolean', default: false },
    },
  })
}
