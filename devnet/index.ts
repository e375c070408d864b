/** The devnet's public face. */
export { createDemoAccount, DEMO_ACCOUNTS, type DemoAccount, FAUCET_ACCOUNT } from './chain/demo-accounts.ts'
export type { GenesisAccount } from './chain/genesis.ts'
export { type Deployment, deployContracts } from './deploy-contracts.ts'
export { type Devnet, type DevnetOptions, startDevnet } from './start-devnet.ts'
