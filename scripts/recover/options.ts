/** The command line of `npm run recover`. */
import { parseArgs } from 'node:util'
import { ProgramError } from '../../lib/base/index.ts'
import { type Address, parseAddress } from '../../lib/tron/index.ts'

export const HELP = `npm run recover -- --address T… [--node URL] [--from-block N] [--file FILE] [--config FILE]

Finds what a wallet has locked in Piecemeal's contract, from the chain alone, and prints the transactions that bring it back.
Nothing is signed and nothing is sent: sign each with your own wallet. No key is asked for.

  --address T…     the wallet that locked the coins
  --node URL       a TRON node; by default that of the configuration
  --from-block N   where the node has no event server: read the blocks from N on. Any block before the first lock will do
  --file FILE      a recovery file, for what no node keeps any more
  --config FILE    the site's configuration, which names network and contract; by default public/config.json

What can be sent now comes first. After a channel's delay (an hour, if the seeder does not answer) run it again.
`

export interface RecoverOptions {
  readonly address: Address
  readonly nodeUrl: string | null
  readonly fromBlock: number | null
  readonly file: string | null
  readonly config: string
}

const bad = (words: string): ProgramError => new ProgramError('bad-arguments', words)

/** null: help is wanted. Throws ProgramError 'bad-arguments'. */
export function parseOptions(args: readonly string[]): RecoverOptions | null {
  const text = { type: 'string' } as const
  let values: Partial<Record<string, string | boolean>>
  try {
    values = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean' },
        address: text,
        node: text,
        'from-block': text,
        file: text,
        config: text,
      },
    }).values
  } catch (error) {
    throw bad(error instanceof Error ? error.message : String(error))
  }
  if (values.help || args.length === 0) return null
  const address = parseAddress(values.address)
  if (!address) throw bad('--address is the wallet that locked the coins: T and 33 more characters')
  const node = values.node === undefined ? null : String(values.node)
  if (node !== null && !/^https?:$/.test(URL.canParse(node) ? new URL(node).protocol : ''))
    throw bad('--node is the address of a node: http://… or https://…')
  const from = values['from-block']
  if (from !== undefined && !/^[1-9]\d{0,11}$/.test(String(from)))
    throw bad('--from-block is a number from 1 on')
  return {
    address,
    nodeUrl: node?.replace(/\/+$/, '') ?? null,
    fromBlock: from === undefined ? null : Number(from),
    file: values.file === undefined ? null : String(values.file),
    config: String(values.config ?? 'public/config.json'),
  }
}
