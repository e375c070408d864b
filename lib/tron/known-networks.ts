/**
 * The public TRON networks as data, for whoever deploys to one. The page uses none of this: its network is the one in
 * public/config.json. Chain ids: developers.tron.network, "Networks". Tokens: BitTorrent's TRC-20 BTT, 18 decimals.
 */
import { type Address, parseAddress } from './address.ts'
import type { Network } from './network.ts'

type KnownName = Exclude<Network['name'], 'devnet' | 'custom'>

/** A network before there is a contract of ours on it; `token` is null where no BTT is known. */
export type KnownNetwork = Omit<Network, 'name' | 'contract' | 'token'> & {
  readonly name: KnownName
  readonly token: Address | null
}

export const KNOWN_NETWORKS = {
  mainnet: {
    name: 'mainnet',
    label: 'TRON',
    fullHost: 'https://api.trongrid.io',
    chainId: 0x2b6653dc,
    token: parseAddress('TAFjULxiVgT4qWk6UZwjqwZXTSaGaqnVp4'),
    explorerUrl: 'https://tronscan.org/#',
    isTestnet: false,
    faucetUrl: null,
  },
  nile: {
    name: 'nile',
    label: 'TRON Nile testnet',
    fullHost: 'https://nile.trongrid.io',
    chainId: 0xcd8690dc,
    token: parseAddress('TVSvjZdyDSNocHm7dP3jvCmMNsCnMTPa5W'),
    explorerUrl: 'https://nile.tronscan.org/#',
    isTestnet: true,
    faucetUrl: null,
  },
  shasta: {
    name: 'shasta',
    label: 'TRON Shasta testnet',
    fullHost: 'https://api.shasta.trongrid.io',
    chainId: 0x94a9059e,
    token: null,
    explorerUrl: 'https://shasta.tronscan.org/#',
    isTestnet: true,
    faucetUrl: null,
  },
} as const satisfies Readonly<Record<KnownName, KnownNetwork>>
