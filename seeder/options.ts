/** The command line of the seeder, checked. */
import { parseArgs } from 'node:util'
import { type Amount, AppError, parseDecimal, toAmount } from '../lib/units/index.ts'

export const HELP = `Seeds files and sells them piece by piece.

  node seeder/main.ts [options] <file, folder or .torrent> …

  --ask <BTT>          price of a MiB (default 1; 0 sells nothing)
  --free <bytes>       what a peer gets at full rate without paying (default 1048576)
  --free-rate <bytes>  bytes a second that all peers share who do not pay (default 65536; 0: none)
  --upload-cap <bytes> most bytes a second in all (default: no cap)
  --tracker <ws://…>   announce there too (repeatable)
  --config <path|url>  the site's config.json: network, trackers (default public/config.json)
  --content <folder>   where the files of the given .torrent are (default: beside it)
  --data <folder>      the ledger of vouchers (default .cache/seeder; keep it: it is money)
  --keystore <file>    encrypted key; its password in PIECEMEAL_KEYSTORE_PASSWORD
  --redeem-at <BTT>    redeem once so much is due and it is 20 times the fee (needs --btt-per-trx)
  --btt-per-trx <BTT>  what a TRX is worth, to weigh fees
  --no-relay           do not open channels for payers
  --help

The key is read from PIECEMEAL_SEEDER_KEY (64 hexadecimal digits) when no keystore is given.
On SIGINT or SIGTERM it redeems what is worth it and stops.
`

export interface SeederArguments {
  readonly paths: readonly string[]
  readonly askPerMiB: Amount
  readonly freeAllowanceBytes: number
  readonly freeBytesPerSec: number
  readonly maxUploadBytesPerSec: number | null
  readonly trackers: readonly string[]
  readonly config: string
  readonly contentDir: string | null
  readonly dataDir: string
  readonly keystore: string | null
  readonly redeemAt: Amount
  readonly bttPerTrx: Amount | null
  readonly relaysOpen: boolean
}

function fail(words: string): never {
  throw new AppError('bad-arguments', words)
}

function readBtt(text: string, name: string): Amount {
  const value = parseDecimal(text, 18)
  return value === null ? fail(`--${name} is not an amount of BTT: ${text}`) : toAmount(value)
}

function readBytes(text: string, name: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : fail(`--${name} is not a number of bytes: ${text}`)
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
    throw new AppError('bad-arguments', cause instanceof Error ? cause.message : 'unknown option', { cause })
  }
  const { values, positionals } = parsed
  if (values.help) return 'help'
  if (positionals.length === 0) fail('name a file, a folder or a .torrent to seed')
  return {
    paths: positionals,
    askPerMiB: readBtt(values.ask, 'ask'),
    freeAllowanceBytes: readBytes(values.free, 'free'),
    freeBytesPerSec: readBytes(values['free-rate'], 'free-rate'),
    maxUploadBytesPerSec: values['upload-cap'] ? readBytes(values['upload-cap'], 'upload-cap') : null,
    trackers: values.tracker.map(readTracker),
    config: values.config,
    contentDir: values.content ?? null,
    dataDir: values.data,
    keystore: values.keystore ?? null,
    redeemAt: readBtt(values['redeem-at'], 'redeem-at'),
    bttPerTrx: values['btt-per-trx'] ? readBtt(values['btt-per-trx'], 'btt-per-trx') : null,
    relaysOpen: !values['no-relay'],
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
      tracker: { type: 'string', multiple: true, default: [] },
      config: { type: 'string', default: 'public/config.json' },
      content: { type: 'string' },
      data: { type: 'string', default: '.cache/seeder' },
      keystore: { type: 'string' },
      'redeem-at': { type: 'string', default: '1000' },
      'btt-per-trx': { type: 'string' },
      'no-relay': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
}
