/** Wallets and keys: the only room that holds secrets. TronLink's adapter is loaded when it is first asked for. */
export * from './demo-wallet.ts'
export * from './page-key.ts'
export * from './request-faucet.ts'
export * from './tronlink.ts'
export * from './tronlink-presence.ts'
export * from './wallet-connection.ts'
export * from './wallets.ts'
