export type * from './snapshot.ts'
export { walletFeature } from './wallet.ts'
