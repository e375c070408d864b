/** The words of `npm run conformance`. The key is not among them: arguments are seen by every process of the machine. */
import { parseArgs } from 'node:util'
import { ConformanceStop } from './exit-codes.ts'

export const HELP = `Runs the whole life of channels on a TRON node, and says where it is not as on our devnet.

Usage: npm run conformance -- --node <url> --key-env <NAME> [options]

  --node <url>            the node's HTTP API
  --key-env <NAME>        the environment variable that holds the private key of an account with test TRX
  --state <file>          where the run is noted, to go on after a stop
                          (default .conformance/<chain id>.json; none for a devnet whose clock can be moved)
  --solidity-node <url>   where /walletsolidity is served, when not by the node itself
  --rate <calls>          calls a second that a node which is no devnet of ours is asked (default 4)
  --yes                   do not ask
  --mainnet               agree to spend real TRX on mainnet
  --record                run on a devnet in this process, and write its figures as those to compare with
  --help                  show this and stop

The key is 64 hexadecimal digits. It is never printed and never written; the run's other keys are derived from it.
The last line is one JSON object.

Exit code 0: all as on our devnet. 1: money or words are wrong. 2: a probe or an energy differs. 3: the close delay
runs, run it again. 4: bad options. 5: too little TRX. 6: the node is silent, run it again. 7: not agreed to.
`

export interface ConformanceOptions {
  readonly nodeUrl: string
  /** Null with `--record`. */
  readonly keyVariable: string | null
  /** Null: the default place. */
  readonly statePath: string | null
  /** Null: the node itself. */
  readonly solidityUrl: string | null
  /** Null: as fast as it goes. */
  readonly callsPerSec: number | null
  readonly isSure: boolean
  readonly mayUseMainnet: boolean
  readonly isRecording: boolean
}

/** Null when only the help was asked for. Throws ConformanceStop 'bad-arguments'. */
export function parseOptions(args: readonly string[]): ConformanceOptions | null {
  const values = parseWords(args)
  if (values.help) return null
  const isRecording = values.record
  if (!isRecording && values['key-env'] === undefined) throw refuse('--key-env names the variable of the key')
  if (!isRecording && values.node === undefined) throw refuse('--node is missing')
  return {
    nodeUrl: values.node === undefined ? '' : readUrl('node', values.node),
    keyVariable: values['key-env'] === undefined ? null : readVariable(values['key-env']),
    statePath: values.state ?? null,
    solidityUrl:
      values['solidity-node'] === undefined ? null : readUrl('solidity-node', values['solidity-node']),
    callsPerSec: readRate(values.rate),
    isSure: values.yes,
    mayUseMainnet: values.mainnet,
    isRecording,
  }
}

function parseWords(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        node: { type: 'string' },
        'key-env': { type: 'string' },
        state: { type: 'string' },
        'solidity-node': { type: 'string' },
        rate: { type: 'string', default: '4' },
        yes: { type: 'boolean', default: false },
        mainnet: { type: 'boolean', default: false },
        record: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch {
    // Not repeated: what was typed may be a key that went to the wrong place.
    throw refuse(
      'an option is not known or lacks its value; --help lists them. If it was a private key, move its funds: arguments are no secret',
    )
  }
}

function readUrl(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password)
    throw refuse(`--${name} is an http or https address without a user name`)
  return text.replace(/\/+$/, '')
}

function readRate(text: string): number {
  const rate = Number(text)
  if (!(rate >= 0.1 && rate <= 1_000)) throw refuse('--rate is a number from 0.1 to 1000')
  return rate
}

/** A name that a shell could set: a key that was pasted here is none, and is not repeated. */
function readVariable(text: string): string {
  if (!/^[A-Z_][A-Z0-9_]*$/.test(text))
    throw refuse('--key-env is the name of an environment variable in capitals, not the key itself')
  return text
}

function refuse(message: string): ConformanceStop {
  return new ConformanceStop('bad-arguments', message)
}
