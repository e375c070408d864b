/** Wallets and keys: the only room that holds secrets. A wallet's adapter is loaded when it is first asked for. */
export * from './demo-wallet.ts'
export * from './find-wallets.ts'
export * from './page-key.ts'
export * from './request-faucet.ts'
export * from './wallet-connection.ts'
export * from './wallets.ts'
