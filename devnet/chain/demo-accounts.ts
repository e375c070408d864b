/**
 * Accounts of the devnet, from a fixed seed that is public: their keys are worth nothing and must never be used on a
 * network where coins have value.
 */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, type Hex } from '../../lib/base/index.ts'
import { type Address, addressFromBytes } from '../../lib/tron/index.ts'

export interface DemoAccount {
  /** "devnet-only: alice". */
  readonly label: string
  readonly address: Address
  readonly privateKey: Hex
}

const SEED = 'piecemeal devnet only, worthless keys'

/** The account of a name; the same everywhere, forever. */
export function createDemoAccount(name: string): DemoAccount {
  const secret = sha256(new TextEncoder().encode(`${SEED}/${name}`))
  return {
    label: `devnet-only: ${name}`,
    address: addressFromPublicKey(secp256k1.getPublicKey(secret, false)),
    privateKey: bytesToHex(secret),
  }
}

/** The address of an uncompressed public key (65 bytes). */
export function addressFromPublicKey(publicKey: Uint8Array): Address {
  return addressFromBytes(keccak_256(publicKey.slice(1)).slice(12))
}

/** Holds what the faucet gives, deploys the contracts and owns the test token's supply. */
export const FAUCET_ACCOUNT = createDemoAccount('faucet')
/** Funded at genesis, for the demo and the tests. */
export const DEMO_ACCOUNTS: readonly DemoAccount[] = ['alice', 'bob', 'carol', 'seeder', 'viewer'].map(
  createDemoAccount,
)
