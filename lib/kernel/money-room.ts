/** Chain and ledger, each made once and only when first asked for: tronweb is the heaviest thing we load. */
import type { Chain } from '../channels/index.ts'
import type { LedgerStore } from '../payments/index.ts'
import { createIdbLedger } from '../payments/index.ts'
import type { Network } from '../tron/index.ts'
import { once } from './once.ts'

export interface MoneyRoom {
  chain(): Promise<Chain>
  ledger(): Promise<LedgerStore>
}

export function createMoneyRoom(network: () => Promise<Network>): MoneyRoom {
  return {
    ledger: once(async () => {
      // A ledger belongs to one contract on one chain: another network's channels mean nothing here.
      const { chainId, contract } = await network()
      return createIdbLedger(`piecemeal-ledger-${chainId}-${contract}`)
    }),
    chain: once(async () => {
      const { connectChain } = await import('../channels/connect-chain.ts')
      return connectChain(await network())
    }),
  }
}
