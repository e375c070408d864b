/** Test only: every capability as a fake that does nothing by itself, and what a test moves of it. */
import type { SiteConfig } from '../../config/index.ts'
import type { Exchange } from '../../exchange/index.ts'
import { mergeSchemas, openMemoryLedger, partOf } from '../../ledger/index.ts'
import { PAYMENT_SCHEMA } from '../../payments/index.ts'
import { createLedgerChain, type LedgerChain, testNetwork } from '../../payments/testing/ledger-chain.ts'
import type { Address } from '../../tron/index.ts'
import type { WalletConnection } from '../../wallet/index.ts'
import type { Capabilities } from '../capabilities.ts'
import type { RunningSwarm, Swarm } from '../swarm.ts'
import { createTransactionLog } from '../transactions/transaction-log.ts'
import { TRANSACTION_SCHEMA } from '../transactions/transaction-record.ts'
import { createWalletDesk, type WalletDesk } from '../wallet-desk.ts'

export interface FakeSwarm {
  /** What `started` and `getRunning` give from then on. */
  run(running: Partial<RunningSwarm>): void
  readonly swarm: Swarm
}

/** Nothing runs until `run`; an exchange that was given is there at once. */
export function fakeSwarm(exchange: Partial<Exchange> = {}): FakeSwarm {
  const started = Promise.withResolvers<RunningSwarm>()
  started.promise.catch(() => undefined)
  let running: RunningSwarm | null = null
  return {
    run(parts) {
      running = parts as RunningSwarm
      started.resolve(running)
    },
    swarm: {
      started: started.promise,
      join: () => started.promise,
      requireExchange: async () => exchange as Exchange,
      onExchange: (use) => use(exchange as Exchange),
      getRunning: () => running,
      stop: async () => undefined,
    },
  }
}

export interface FakeCapabilities {
  readonly capabilities: Capabilities
  readonly desk: WalletDesk
  readonly chain: LedgerChain
  /** What was reported, in order. */
  readonly errors: unknown[]
  wake(): void
}

/** `balances`: BTT base units by account. Any capability may be given instead of its fake. */
export function fakeCapabilities(
  over: Partial<Capabilities> = {},
  balances: ReadonlyMap<Address, bigint> = new Map(),
): FakeCapabilities {
  const chain = createLedgerChain(new Map(balances))
  const ledger = openMemoryLedger(mergeSchemas(PAYMENT_SCHEMA, TRANSACTION_SCHEMA))
  const { access, desk } = createWalletDesk()
  const errors: unknown[] = []
  const wakers = new Set<() => void>()
  const config = { network: testNetwork, rates: null } as unknown as SiteConfig
  return {
    chain,
    desk,
    errors,
    wake() {
      for (const waker of wakers) waker()
    },
    capabilities: {
      config: async () => config,
      lead: { granted: Promise.resolve(), require: async () => undefined },
      chain: async () => chain,
      ledger: async () => partOf(ledger, PAYMENT_SCHEMA),
      transactions: createTransactionLog(async () => partOf(ledger, TRANSACTION_SCHEMA)),
      swarm: fakeSwarm().swarm,
      wallet: access,
      walletDesk: desk,
      publish: (publish) => publish,
      report: (error) => void errors.push(error),
      onWake(listener) {
        wakers.add(listener)
        return () => void wakers.delete(listener)
      },
      ...over,
    },
  }
}

/** A connection of a wallet that signs what it is asked. */
export function fakeConnection(
  signer: WalletConnection['signer'],
  over: Partial<WalletConnection> = {},
): WalletConnection {
  return {
    kind: 'demo',
    name: 'Demo wallet',
    address: signer.address,
    canSignSilently: true,
    signer,
    signMessage: async () => '0x',
    getChainId: async () => testNetwork.chainId,
    switchChain: async () => undefined,
    onChange: () => () => undefined,
    disconnect: () => undefined,
    ...over,
  }
}
