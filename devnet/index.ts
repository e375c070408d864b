/** The devnet's public face. */
export { DEMO_ACCOUNTS, type DemoAccount } from './chain/demo-accounts.ts'
export { type Deployment, deployContracts } from './deploy-contracts.ts'
export { type Devnet, startDevnet } from './start-devnet.ts'
