/** Keys that sign inside the page without a pop-up: they spend or release only what was set aside for them. */
import { type Address, addressOfPrivateKey, signDigest } from '../tron/index.ts'
import type { Hex } from '../units/index.ts'
import { openSealedKey } from './sealed-key.ts'

interface PageKey {
  readonly address: Address
  /** Signs a digest (32 bytes): 65 bytes r, s, v (27 or 28), low s. */
  sign(digest: Uint8Array): Promise<Hex>
}

/** The key that signs vouchers out of a purse; made at the first call. Throws StorageError. */
export function openSessionKey(): Promise<PageKey> {
  return openPageKey('session')
}

/** The key with which a seller's page signs releases; made at the first call. Throws StorageError. */
export function openDelegateKey(): Promise<PageKey> {
  return openPageKey('delegate')
}

async function openPageKey(name: 'session' | 'delegate'): Promise<PageKey> {
  const privateKey = await openSealedKey(name)
  return Object.freeze({
    address: addressOfPrivateKey(privateKey),
    sign: async (digest: Uint8Array) => signDigest(privateKey, digest),
  })
}
