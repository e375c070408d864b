/**
 * Where the wallet that is connected lies: the wallet feature puts it there, whoever moves money takes it from there. So no feature
 * knows another.
 */
import { createStore, type Store, WalletError } from '../base/index.ts'
import type { Address } from '../tron/index.ts'
import type { Amount, FeeSun } from '../units/index.ts'
import type { WalletConnection } from '../wallet/index.ts'

/** What an account holds; null while unknown, never 0 for it. */
export interface Held {
  readonly address: Address
  readonly trx: FeeSun | null
  readonly btt: Amount | null
}

export interface WalletAccess {
  /** The live connection, on whatever network. */
  getConnection(): WalletConnection | null
  /** The live connection on the site's network. Throws WalletError 'not-connected' when there is none. */
  requireConnection(): WalletConnection
  /** Hears of each connection and of its end. Returns the unsubscriber. */
  onConnection(listener: (connection: WalletConnection | null) => void): () => void
  /** What the connected account holds; null while none is connected. */
  readonly held: Store<Held | null>
  /** Asks for the balances to be read again: something moved. */
  refreshBalances(): void
}

export interface WalletDesk {
  /** `isUsable`: on the site's network. */
  put(connection: WalletConnection | null, isUsable: boolean): void
  /** Tells who listens of the connection that lies here. */
  announce(): void
  hold(held: Held | null): void
  onRefresh(refresh: () => void): void
}

export function createWalletDesk(): { readonly access: WalletAccess; readonly desk: WalletDesk } {
  const held = createStore<Held | null>(null)
  const listeners = new Set<(connection: WalletConnection | null) => void>()
  let connection: WalletConnection | null = null
  let isUsable = false
  let refresh = (): void => undefined
  return {
    access: {
      getConnection: () => connection,
      requireConnection() {
        if (!connection || !isUsable) throw new WalletError('not-connected', 'Connect a wallet first.')
        return connection
      },
      onConnection(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      held,
      refreshBalances: () => refresh(),
    },
    desk: {
      put(next, isNextUsable) {
        connection = next
        isUsable = isNextUsable
      },
      announce() {
        for (const listener of [...listeners]) listener(connection)
      },
      hold: held.set,
      onRefresh(next) {
        refresh = next
      },
    },
  }
}
