/** Signs transactions with a key at hand: for headless seeders and tests, and inside the demo wallet. */

import { type Hex, hexToBytes, WalletError } from '../base/index.ts'
import {
  type Address,
  addressOfPrivateKey,
  hashRawData,
  messageDigest,
  signDigest,
  type TransactionSigner,
} from '../tron/index.ts'

/** An account whose key is at hand. */
export interface KeySigner extends TransactionSigner {
  readonly address: Address
  /** TIP-191, as wallets sign texts: 65 bytes r, s, v. */
  signText(text: string): Hex
}

/**
 * A signer of the account of a private key (32 bytes, hex), which stays in here. It signs what `raw_data_hex` hashes to, never a
 * bare id. Throws WalletError 'bad-key'.
 */
export function createKeySigner(privateKeyHex: string): KeySigner {
  const privateKey = parsePrivateKey(privateKeyHex)
  return {
    address: addressOfPrivateKey(privateKey),
    signTransaction: async (transaction) => signWithKey(privateKey, transaction),
    signText: (text) => signDigest(privateKey, messageDigest(text)),
  }
}

/** Checks a private key in hex, 0x optional. Throws WalletError 'bad-key', which does not repeat it. */
function parsePrivateKey(privateKeyHex: string): Uint8Array {
  try {
    const privateKey = hexToBytes(privateKeyHex)
    if (privateKey.length !== 32) throw new RangeError('a private key has 32 bytes')
    addressOfPrivateKey(privateKey)
    return privateKey
  } catch {
    // The cause is dropped on purpose: it may quote the secret.
    throw new WalletError('bad-key', 'That is not a private key: 64 hexadecimal digits are expected.')
  }
}

/** tronweb's transaction object with a signature. Throws WalletError 'bad-transaction' when its id does not fit. */
export function signWithKey(privateKey: Uint8Array, transaction: unknown): Record<string, unknown> {
  const fields = (typeof transaction === 'object' && transaction !== null ? transaction : {}) as Record<
    string,
    unknown
  >
  const { raw_data_hex: rawDataHex, txID } = fields
  if (
    typeof rawDataHex !== 'string' ||
    !/^([0-9a-fA-F]{2})+$/.test(rawDataHex) ||
    hashRawData(rawDataHex) !== txID
  )
    throw new WalletError('bad-transaction', 'The transaction’s id is not the hash of its data.')
  return { ...fields, signature: [signDigest(privateKey, hexToBytes(txID)).slice(2)] }
}
