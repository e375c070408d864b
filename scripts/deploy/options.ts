/** The words of `npm run deploy`. The key is not among them: arguments are seen by every process of the machine. */
import { parseArgs } from 'node:util'
import { type AppError, ProgramError } from '../../lib/base/index.ts'
import { type Address, KNOWN_NETWORKS, type KnownNetwork, parseAddress } from '../../lib/tron/index.ts'

export const KEY_VARIABLE = 'PIECEMEAL_DEPLOYER_KEY'

export const HELP = `Deploys the SwarmChannels contract and names it in the site's configuration.

Usage: npm run deploy -- --network <nile|shasta|mainnet|devnet> [options]

  --network <name>     where to deploy
  --node <url>         another TRON node than the network's own
  --token <address>    the TRC-20 token that channels pay in; needed on Shasta
  --config <file>      the configuration to write (default public/config.json)
  --record <file>      where the deployment is noted (default .deploy/<network>.json)
  --from <address>     whose balance a dry run shows when there is no key
  --dry-run            show what would be done and what it would cost, and stop
  --yes                do not ask (on mainnet the network's name is still to be typed)
  --confirm <name>     what would be typed on mainnet
  --again              deploy although the record names a contract of the same code
  --help               show this and stop

The deployer's private key is read from the environment variable ${KEY_VARIABLE} only:
64 hexadecimal digits. Without it this is a dry run.
`

export type NetworkName = keyof typeof KNOWN_NETWORKS | 'devnet'

export interface DeployOptions {
  readonly network: NetworkName
  readonly nodeUrl: string | null
  readonly token: Address | null
  readonly configPath: string
  readonly recordPath: string
  readonly from: Address | null
  readonly isDryRun: boolean
  readonly isSure: boolean
  readonly typedName: string | null
  readonly mayRepeat: boolean
}

/** Null when only the help was asked for. Throws AppError 'bad-option'. */
export function parseOptions(args: readonly string[]): DeployOptions | null {
  const { values } = parseWords(args)
  if (values.help) return null
  const network = (['nile', 'shasta', 'mainnet', 'devnet'] as const).find((name) => name === values.network)
  if (!network) throw refuse('--network is one of nile, shasta, mainnet, devnet')
  return {
    network,
    nodeUrl: values.node === undefined ? null : readUrl(values.node),
    token: values.token === undefined ? null : readAddress('token', values.token),
    configPath: values.config,
    recordPath: values.record ?? `.deploy/${network}.json`,
    from: values.from === undefined ? null : readAddress('from', values.from),
    isDryRun: values['dry-run'],
    isSure: values.yes,
    typedName: values.confirm ?? null,
    mayRepeat: values.again,
  }
}

function parseWords(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        network: { type: 'string' },
        node: { type: 'string' },
        token: { type: 'string' },
        config: { type: 'string', default: 'public/config.json' },
        record: { type: 'string' },
        from: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        confirm: { type: 'string' },
        again: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    // Not repeated: what was typed may be a key that went to the wrong place.
    const isUnknown = error instanceof Error && 'code' in error
    throw refuse(
      isUnknown
        ? 'an option is not known or lacks its value; --help lists them. If it was a private key, move its funds: arguments are no secret'
        : 'the options cannot be read',
    )
  }
}

function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password)
    throw refuse('--node is an http or https address without a user name')
  return text.replace(/\/+$/, '')
}

function readAddress(name: string, text: string): Address {
  const address = parseAddress(text)
  if (!address) throw refuse(`--${name} is no TRON address`)
  return address
}

function refuse(message: string): AppError {
  return new ProgramError('bad-option', message)
}

/** A network without a deployment of ours yet. */
export type TargetNetwork = Omit<KnownNetwork, 'name' | 'chainId'> & {
  readonly name: NetworkName
  /** Null for a devnet: whatever its genesis gives. */
  readonly chainId: number | null
  /** The node that the deployment speaks to. `fullHost` is the one that the page is to use. */
  readonly nodeUrl: string
}

/** The network that the options name, the token replaced as they say. */
export function toTarget(options: DeployOptions): TargetNetwork {
  if (options.network === 'devnet') {
    const nodeUrl = options.nodeUrl ?? 'http://127.0.0.1:9090'
    return {
      name: 'devnet',
      label: 'Local devnet',
      fullHost: nodeUrl,
      nodeUrl,
      chainId: null,
      token: options.token,
      explorerUrl: `${nodeUrl}/explorer`,
      isTestnet: true,
      faucetUrl: `${nodeUrl}/faucet`,
    }
  }
  const known: KnownNetwork = KNOWN_NETWORKS[options.network]
  return { ...known, nodeUrl: options.nodeUrl ?? known.fullHost, token: options.token ?? known.token }
}
