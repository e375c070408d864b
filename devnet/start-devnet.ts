/** Starts a chain with its HTTP API in this process. */
import { type Address, addressToBytes } from '../lib/tron/address.ts'
import type { Network } from '../lib/tron/network.ts'
import type { Amount, FeeSun } from '../lib/units/amount.ts'
import { StorageError } from '../lib/units/app-error.ts'
import { bytesToHex } from '../lib/units/bytes.ts'
import { type BlockLog, openBlockLog } from './chain/block-log.ts'
import { Blockchain, type BlockTime } from './chain/blockchain.ts'
import { createDemoAccount, type DemoAccount, FAUCET_ACCOUNT } from './chain/demo-accounts.ts'
import { createGenesis, type GenesisAccount } from './chain/genesis.ts'
import { parseAccountId } from './codec/account-id.ts'
import { type Deployment, findDeployment } from './deploy-contracts.ts'
import { createExplorerEndpoint } from './explorer/explorer-endpoint.ts'
import { fundAccount } from './fund-account.ts'
import { createControlEndpoint } from './http/control-endpoint.ts'
import { createFaucetEndpoint } from './http/faucet-endpoint.ts'
import { createRouter, type Endpoint } from './http/router.ts'
import { listen } from './http/server.ts'

interface DevnetOptions {
  /** 0 (the default) takes a free port. */
  readonly port?: number
  readonly host?: string
  /** Where the chain is kept; null (the default) forgets it at the end. */
  readonly stateDir?: string | null
  /** 'instant' (the default): a block for each transaction at once; else milliseconds, 3000 as on TRON. */
  readonly blockTime?: BlockTime
  /** Accounts that have something in block 0, beside the demo accounts. */
  readonly prefund?: readonly GenesisAccount[]
  /** Another label is another genesis and so another chain id. */
  readonly chainLabel?: string
  /** How many blocks the solidified head is behind; 0 by default. */
  readonly solidLagBlocks?: number
  /** Serve /devnet/ (mine, advance, status); off by default. */
  readonly controls?: boolean
}

type DemoAccountName = 'alice' | 'bob' | 'carol' | 'seeder' | 'viewer'

export interface Devnet {
  readonly url: string
  readonly chainId: number
  readonly chain: Blockchain
  readonly accounts: Readonly<Record<DemoAccountName | 'faucet', DemoAccount>>
  /** The contracts that `deployContracts` put on this chain, or null. */
  getDeployment(): Deployment | null
  /** Gives TRX, and BTT of the deployed token; returns the transactions' ids. */
  fundAccount(
    address: Address,
    gift: { readonly trxSun: FeeSun; readonly bttAmount: Amount },
  ): Promise<readonly string[]>
  /** What the page's config names; by default for the deployed contracts. Throws when there are none. */
  toNetwork(deployment?: Deployment): Network
  /** Seals a block now. */
  mine(): Promise<void>
  /** Moves the chain's clock forward and seals a block. */
  advance(seconds: number): Promise<void>
  stop(): Promise<void>
}

/** Resolves once the API answers. Rejects when the port is taken or the saved state is of another genesis. */
export async function startDevnet(options: DevnetOptions = {}): Promise<Devnet> {
  const blockTime = options.blockTime ?? 'instant'
  const genesis = createGenesis(options.chainLabel ?? 'piecemeal-devnet', options.prefund ?? [])
  let log: BlockLog | null = null
  const chain = await Blockchain.create({ genesis, blockTime, onSeal: async (sealed) => log?.append(sealed) })
  if (options.stateDir) log = await restore(chain, options.stateDir)
  await chain.mine()
  const listener = await listen(
    createRouter({
      chain,
      solidLagBlocks: options.solidLagBlocks ?? 0,
      extra: createEndpoints(chain, options),
    }),
    options.host ?? '127.0.0.1',
    options.port ?? 0,
  ).catch(async (error: unknown) => {
    await log?.close()
    throw error
  })
  const stopBlocks = blockTime === 'instant' ? () => undefined : scheduleBlocks(chain, blockTime)
  const accounts = {
    faucet: FAUCET_ACCOUNT,
    alice: createDemoAccount('alice'),
    bob: createDemoAccount('bob'),
    carol: createDemoAccount('carol'),
    seeder: createDemoAccount('seeder'),
    viewer: createDemoAccount('viewer'),
  }
  const devnet: Devnet = {
    url: listener.url,
    chainId: chain.chainId,
    chain,
    accounts,
    getDeployment: () => findDeployment(chain),
    fundAccount: (address, gift) =>
      fundAccount(chain, bytesToHex(addressToBytes(address)), gift, findDeployment(chain)),
    toNetwork(deployment = findDeployment(chain) ?? undefined) {
      if (!deployment)
        throw new StorageError('devnet-contracts', 'the contracts are not deployed on this devnet')
      return {
        name: 'devnet',
        label: 'Local devnet',
        fullHost: listener.url,
        chainId: chain.chainId,
        contract: deployment.contract,
        token: deployment.token,
        explorerUrl: `${listener.url}/explorer`,
        isTestnet: true,
        faucetUrl: `${listener.url}/faucet`,
      }
    },
    async mine() {
      await chain.mine()
    },
    async advance(seconds) {
      await chain.advance(seconds)
    },
    async stop() {
      stopBlocks()
      await listener.close()
      await chain.settled()
      await log?.close()
    },
  }
  return devnet
}

function createEndpoints(chain: Blockchain, options: DevnetOptions): Endpoint[] {
  return [
    createFaucetEndpoint({
      give: (to, gift) => fundAccount(chain, to, gift, findDeployment(chain)),
      hasToken: () => findDeployment(chain) !== null,
    }),
    createExplorerEndpoint(chain, () => ({ bttToken: parseAccountId(findDeployment(chain)?.token) })),
    ...(options.controls ? [createControlEndpoint(chain)] : []),
  ]
}

/** Seals a block at each multiple of `stepMs`; returns what stops it. */
function scheduleBlocks(chain: Blockchain, stepMs: number): () => void {
  let timer: NodeJS.Timeout
  const next = () => {
    timer = setTimeout(
      async () => {
        // A full disk must not end the process: the block stays open and is tried again.
        await chain
          .mine()
          .catch((error: Error) => process.stderr.write(`devnet: no block: ${error.message}\n`))
        if (!isStopped) next()
      },
      stepMs - (chain.nowMs() % stepMs),
    )
  }
  let isStopped = false
  next()
  return () => {
    isStopped = true
    clearTimeout(timer)
  }
}

async function restore(chain: Blockchain, stateDir: string): Promise<BlockLog> {
  const log = await openBlockLog(stateDir, chain.head.id)
  for (const saved of log.saved) {
    await chain.restore(saved)
    if (chain.head.id === saved.id) continue
    await log.close()
    throw new StorageError(
      'devnet-state',
      `block ${chain.head.number} in ${stateDir} does not replay: delete it`,
    )
  }
  return log
}
