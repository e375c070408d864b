/** Chain, ledger and payer, each made once and only when first asked for: tronweb is the heaviest thing we load. */

import { AppError } from '../base/index.ts'
import type { Chain } from '../channels/index.ts'
import { createIdbLedger, createPayer, type LedgerStore, type PayerAccount } from '../payments/index.ts'
import type { Network } from '../tron/index.ts'

export interface MoneyRoom {
  chain(): Promise<Chain>
  ledger(): Promise<LedgerStore>
  payer(): Promise<PayerAccount>
  /** Whether this browser has money locked, without loading the chain's code. */
  hasLockedMoney(): Promise<boolean>
}

export interface MoneyRoomOptions {
  readonly network: () => Promise<Network>
  /** False in a tab that does not lead: two tabs must never sign from one channel. */
  readonly mayPay: () => boolean
  readonly onReceipts: () => void
}

/** Runs `make` at the first call; a failure is not remembered, so that the next call tries again. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null
      throw error
    })
    return made
  }
}

export function createMoneyRoom({ network, mayPay, onReceipts }: MoneyRoomOptions): MoneyRoom {
  const ledger = once(async () => {
    // A ledger belongs to one contract on one chain: another network's channels mean nothing here.
    const { chainId, contract } = await network()
    const store = await createIdbLedger(`piecemeal-ledger-${chainId}-${contract}`)
    store.onReceipts(onReceipts)
    return store
  })
  const chain = once(async () => {
    const { connectChain } = await import('../channels/connect-chain.ts')
    return connectChain(await network())
  })
  const payer = once(async () => {
    if (!mayPay()) throw new AppError('other-tab', 'another tab of this site leads')
    const { openSessionKey } = await import('../wallet/index.ts')
    const [connected, store, sessionKey] = await Promise.all([chain(), ledger(), openSessionKey()])
    const account = createPayer({ chain: connected, ledger: store, sessionKey })
    await account.restore()
    return account
  })
  return {
    chain,
    ledger,
    payer,
    async hasLockedMoney() {
      const sessions = await (await ledger()).list('sessions')
      return sessions.some(({ state }) => state.status !== 'settled' && state.status !== 'failed')
    },
  }
}
