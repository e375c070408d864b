/** Starts a chain with its HTTP API in this process. */

import { bytesToHex, StorageError } from '../lib/base/index.ts'
import type { Network } from '../lib/tron/index.ts'
import { type Address, addressToBytes } from '../lib/tron/index.ts'
import type { Amount, FeeSun } from '../lib/units/index.ts'
import { openBlockLog } from './chain/block-log.ts'
import { Blockchain, type BlockTime } from './chain/blockchain.ts'
import { createDemoAccount, type DemoAccount, FAUCET_ACCOUNT } from './chain/demo-accounts.ts'
import { createGenesis, createGenesisBlock, type GenesisAccount } from './chain/genesis.ts'
import type { DroppedTransactions, Reorganisation } from './chain/reorganisation.ts'
import { parseAccountId } from './codec/account-id.ts'
import { type Deployment, findDeployment } from './deploy-contracts.ts'
import { createExplorerEndpoint } from './explorer/explorer-endpoint.ts'
import { fundAccount } from './fund-account.ts'
import { createControlEndpoint } from './http/control-endpoint.ts'
import { createEventEndpoint } from './http/event-endpoints.ts'
import { createFaucetEndpoint } from './http/faucet-endpoint.ts'
import { FaultPlan } from './http/fault-plan.ts'
import { createRouter, type Endpoint, type Room } from './http/router.ts'
import { type HttpListener, listen } from './http/server.ts'
import { completeRules, type DynamicEnergyRules } from './tvm/dynamic-energy.ts'

const TRON_BLOCK_MS = 3_000
/** Two thirds of TRON's 27 block makers have built on a block that is this deep. */
const TRON_SOLID_LAG_BLOCKS = 19

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
  /** How many blocks the solidified head is behind, and so how many can be dropped; 19 with blocks of 3 s, else 0. */
  readonly solidLagBlocks?: number
  /** Serve /devnet/ to anybody who can reach the port; off by default. */
  readonly controls?: boolean
  /**
   * As a node in its own configuration: no CORS headers, /walletsolidity at a port of its own, no /v1, /faucet and
   * /explorer. What is set beside it goes before it.
   */
  readonly likeNode?: boolean
  /** Let pages of every origin read; on by default. */
  readonly cors?: boolean
  /** A port for /walletsolidity, 0 a free one; null (the default) serves it beside /wallet. */
  readonly solidityPort?: number | null
  /** Serve /v1, /faucet and /explorer, which a node has not; on by default. */
  readonly extras?: boolean
  /** Run calls without a transaction (java-tron's `vm.supportConstant`, which it ships as false); on by default. */
  readonly supportConstant?: boolean
}

type DemoAccountName = 'alice' | 'bob' | 'carol' | 'seeder' | 'viewer'

export interface Devnet {
  readonly url: string
  /** Where /walletsolidity is; the same as `url` unless it has a port of its own. */
  readonly solidityUrl: string
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
  /** Sets the chain's clock and seals a block at that time. Throws BadRequest: time never goes back. */
  setTime(timestampMs: number): Promise<void>
  /** Drops the last blocks, so that another branch can grow. Throws BadRequest when one of them is solidified. */
  reorganise(options: {
    readonly dropBlocks: number
    readonly transactions: DroppedTransactions
  }): Promise<Reorganisation>
  /** Remembers the whole chain, in memory; returns the snapshot's id. */
  takeSnapshot(): Promise<string>
  /** Makes the chain what it was, any number of times. Throws BadRequest on an unknown id. */
  restoreSnapshot(id: string): Promise<void>
  /** Makes busy contracts dearer with each maintenance period, by mainnet's rules where no others are given; null makes none. */
  setDynamicEnergy(rules: Partial<DynamicEnergyRules> | null): Promise<void>
  /** Late answers, errors, cut connections. */
  readonly faults: FaultPlan
  /** Refuses connections, as a node that is not there; the chain itself goes on. */
  goDown(): Promise<void>
  /** Answers again, at the same port. */
  comeBack(): Promise<void>
  stop(): Promise<void>
}

/** Resolves once the API answers. Rejects when the port is taken or the saved state is of another genesis. */
export async function startDevnet(options: DevnetOptions = {}): Promise<Devnet> {
  const blockTime = options.blockTime ?? 'instant'
  const genesis = createGenesis(options.chainLabel ?? 'piecemeal-devnet', options.prefund ?? [])
  const log = options.stateDir
    ? await openBlockLog(options.stateDir, createGenesisBlock(genesis).id)
    : undefined
  const faults = new FaultPlan()
  const close = async (error: unknown): Promise<never> => {
    await log?.close()
    throw error
  }
  const chain = await Blockchain.create({
    genesis,
    blockTime,
    solidLagBlocks: options.solidLagBlocks ?? (blockTime === TRON_BLOCK_MS ? TRON_SOLID_LAG_BLOCKS : 0),
    ...(log ? { store: log } : {}),
    supportsConstant: options.supportConstant ?? true,
  }).catch(close)
  if (log) await chain.replay(log.saved, log.solidNumber).catch(close)
  await chain.mine().catch(close)
  const hasExtras = options.extras ?? !options.likeNode
  const listener = await listenAll(chain, faults, options, hasExtras).catch(close)
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
    solidityUrl: listener.solidityUrl,
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
        explorerUrl: hasExtras ? `${listener.url}/explorer` : null,
        isTestnet: true,
        faucetUrl: hasExtras ? `${listener.url}/faucet` : null,
      }
    },
    async mine() {
      await chain.mine()
    },
    async advance(seconds) {
      await chain.advance(seconds)
    },
    async setTime(timestampMs) {
      await chain.setTime(timestampMs)
    },
    reorganise: (choice) => chain.reorganise(choice),
    takeSnapshot: () => chain.takeSnapshot(),
    restoreSnapshot: (id) => chain.restoreSnapshot(id),
    async setDynamicEnergy(rules) {
      await chain.setDynamicEnergy(rules && completeRules(rules))
    },
    faults,
    goDown: () => listener.goDown(),
    comeBack: () => listener.comeBack(),
    async stop() {
      stopBlocks()
      faults.clear()
      await listener.close()
      await chain.settled()
      await log?.close()
    },
  }
  return devnet
}

/** Listens at one port, or at two where /walletsolidity has its own. */
async function listenAll(
  chain: Blockchain,
  faults: FaultPlan,
  options: DevnetOptions,
  hasExtras: boolean,
): Promise<HttpListener & { readonly solidityUrl: string }> {
  const host = options.host ?? '127.0.0.1'
  const cors = options.cors ?? !options.likeNode
  const solidityPort = options.solidityPort ?? (options.likeNode ? 0 : null)
  const open = (port: number, rooms: readonly Room[], extra: readonly Endpoint[]) =>
    listen(faults.wrap(createRouter({ chain, extra, rooms })), { host, port, cors })
  const extra = [
    ...(hasExtras ? createExtras(chain) : []),
    ...(options.controls ? [createControlEndpoint(chain, faults)] : []),
  ]
  const port = options.port ?? 0
  if (solidityPort === null) {
    const listener = await open(port, ['wallet', 'walletsolidity'], extra)
    return { ...listener, solidityUrl: listener.url }
  }
  const full = await open(port, ['wallet'], extra)
  const solidity = await open(solidityPort, ['walletsolidity'], []).catch(async (error: unknown) => {
    await full.close()
    throw error
  })
  const both = [full, solidity]
  const each = async (act: (listener: HttpListener) => Promise<void>) => {
    await Promise.all(both.map(act))
  }
  return {
    url: full.url,
    solidityUrl: solidity.url,
    goDown: () => each((listener) => listener.goDown()),
    comeBack: () => each((listener) => listener.comeBack()),
    close: () => each((listener) => listener.close()),
  }
}

/** What people and pages have here beside a node's own API. */
function createExtras(chain: Blockchain): Endpoint[] {
  return [
    createFaucetEndpoint({
      give: (to, gift) => fundAccount(chain, to, gift, findDeployment(chain)),
      hasToken: () => findDeployment(chain) !== null,
    }),
    createExplorerEndpoint(chain, () => ({ bttToken: parseAccountId(findDeployment(chain)?.token) })),
    createEventEndpoint(chain),
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
