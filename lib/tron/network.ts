/** Networks as data; 'custom' is any other chain of java-tron's kind. The deployment (contract, token) comes from public/config.json, never from code. */
import type { Address } from './address.ts'

export const NETWORK_NAMES = ['devnet', 'nile', 'shasta', 'mainnet', 'custom'] as const

export interface Network {
  readonly name: (typeof NETWORK_NAMES)[number]
  /** For people: "Local devnet", "TRON Nile testnet". */
  readonly label: string
  /** Base URL of the TRON HTTP API, without a slash at its end. */
  readonly fullHost: string
  /** Further nodes of the same chain, asked in their order while `fullHost` is away. */
  readonly otherHosts?: readonly string[]
  /** A TronGrid key that is sent to `fullHost` alone. Public, as all of config.json: bind it to the site's origin at TronGrid. */
  readonly apiKey?: string
  /** `block.chainid & 0xffffffff`, as in TIP-712 domains. */
  readonly chainId: number
  /** The SwarmChannels instance for BTT. */
  readonly contract: Address
  /** The TRC-20 BTT token. */
  readonly token: Address
  /** Base URL of an explorer with `transaction/<id>` and `address/<address>`, or null. */
  readonly explorerUrl: string | null
  /** True where coins have no value: only there is the demo wallet offered. */
  readonly isTestnet: boolean
  /** Base URL of a faucet (`POST {address}`), or null. */
  readonly faucetUrl: string | null
}
