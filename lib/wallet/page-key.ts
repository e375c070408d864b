/** Keys that sign inside the page without a pop-up: they spend or release only what was set aside for them. */

import type { Hex } from '../base/index.ts'
import {
  type Address,
  type AgreementKey,
  addressOfPrivateKey,
  createAgreementKey,
  signDigest,
} from '../tron/index.ts'
import { openSealedKey } from './sealed-key.ts'

export interface PageKey extends AgreementKey {
  readonly address: Address
  /** Signs a digest (32 bytes): 65 bytes r, s, v (27 or 28), low s. */
  sign(digest: Uint8Array): Promise<Hex>
}

/** The key that signs vouchers out of a purse; made at the first call. Throws StorageError. */
export function openSessionKey(): Promise<PageKey> {
  return openPageKey('session')
}

/** The key with which a seller's page answers for its quotes and signs releases; made at the first call. Throws StorageError. */
export function openDelegateKey(): Promise<PageKey> {
  return openPageKey('delegate')
}

async function openPageKey(name: 'session' | 'delegate'): Promise<PageKey> {
  return createPageKey(await openSealedKey(name))
}

/** A key that signs digests and agrees on secrets, of 32 bytes that stay in here. Throws on a bad key. */
export function createPageKey(privateKey: Uint8Array): PageKey {
  return Object.freeze({
    address: addressOfPrivateKey(privateKey),
    sign: async (digest: Uint8Array) => signDigest(privateKey, digest),
    ...createAgreementKey(privateKey),
  })
}
