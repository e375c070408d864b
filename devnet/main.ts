/** `node devnet/main.ts`: a devnet with the contracts deployed, until it is interrupted. */
import { parseArgs } from 'node:util'
import { AppError, ProgramError } from '../lib/base/index.ts'
import { DEMO_ACCOUNTS, deployContracts, startDevnet } from './index.ts'

const HELP = `A local TRON chain for development: tronweb and TronLink's custom network work against it.

Usage: node devnet/main.ts [options]

  --port <number>        port to listen on; 0 takes a free one (default 9090)
  --host <address>       address to listen on (default 127.0.0.1)
  --state <folder>       keep the chain in a folder; without it the chain is forgotten at the end
  --block-time <ms>      milliseconds between blocks, or "instant" (default 3000)
  --label <text>         another label is another genesis and so another chain id
  --solid-lag <blocks>   how many blocks the solidified head is behind (default 19, as on TRON)
  --controls             serve /devnet/: mine, set the time, drop blocks, take snapshots, fail
  --like-node            as a node in its own configuration: --no-cors, --bare, a free --solidity-port
  --no-cors              send no CORS headers
  --bare                 no /v1, /faucet and /explorer
  --solidity-port <n>    serve /walletsolidity at a port of its own; 0 takes a free one
  --no-constant          refuse calls without a transaction, as a node does until it is told otherwise
  --dynamic-energy       busy contracts get dearer, by mainnet's rules
  --json                 print one line of JSON in place of text
  --help                 show this and stop
`

try {
  await main()
} catch (error) {
  const isKnown = error instanceof AppError || (error instanceof Error && 'code' in error)
  if (!isKnown) throw error
  process.stderr.write(`devnet: ${error.message}\n`)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '9090' },
      host: { type: 'string', default: '127.0.0.1' },
      state: { type: 'string' },
      'block-time': { type: 'string', default: '3000' },
      label: { type: 'string' },
      'solid-lag': { type: 'string', default: '19' },
      controls: { type: 'boolean', default: false },
      'like-node': { type: 'boolean', default: false },
      'no-cors': { type: 'boolean', default: false },
      bare: { type: 'boolean', default: false },
      'solidity-port': { type: 'string' },
      'no-constant': { type: 'boolean', default: false },
      'dynamic-energy': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const blockTime =
    values['block-time'] === 'instant'
      ? 'instant'
      : readNumber('block-time', values['block-time'], 50, 60_000)
  const devnet = await startDevnet({
    port: readNumber('port', values.port, 0, 65_535),
    host: values.host,
    stateDir: values.state ?? null,
    blockTime,
    solidLagBlocks: readNumber('solid-lag', values['solid-lag'], 0, 1_000),
    controls: values.controls,
    likeNode: values['like-node'],
    ...(values['no-cors'] ? { cors: false } : {}),
    ...(values.bare ? { extras: false } : {}),
    ...(values['solidity-port'] === undefined
      ? {}
      : { solidityPort: readNumber('solidity-port', values['solidity-port'], 0, 65_535) }),
    supportConstant: !values['no-constant'],
    ...(values.label === undefined ? {} : { chainLabel: values.label }),
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void devnet.stop())
  await deployContracts(devnet)
  if (values['dynamic-energy'] && !devnet.chain.dynamicEnergy) await devnet.setDynamicEnergy({})
  const network = devnet.toNetwork()
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ network, accounts: DEMO_ACCOUNTS })}\n`)
    return
  }
  const accounts = DEMO_ACCOUNTS.map(
    ({ label, address, privateKey }) => `  ${label.padEnd(20)} ${address}  ${privateKey}`,
  )
  process.stdout.write(`devnet     ${devnet.url}
chain id   0x${devnet.chainId.toString(16).padStart(8, '0')}
channels   ${network.contract}
BTT        ${network.token}
solidity   ${devnet.solidityUrl}
explorer   ${network.explorerUrl ?? 'none'}
faucet     ${network.faucetUrl ?? 'none'}
accounts   keys are public and worth nothing: never use them elsewhere
${accounts.join('\n')}
`)
}

function readNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new ProgramError('bad-option', `--${name} must be a whole number from ${min} to ${max}`)
}
