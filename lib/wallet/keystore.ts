/** An encrypted keystore file (Web3 Secret Storage, version 3), as wallets export them. For programs: it needs Node's crypto. */
import { createDecipheriv, pbkdf2Sync, scryptSync, timingSafeEqual } from 'node:crypto'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, type Hex, hexToBytes, WalletError } from '../base/index.ts'

/** Memory that scrypt may take: n = 2^18, r = 8 need 256 MiB. */
const MAX_SCRYPT_BYTES = 512 * 1_048_576

type Fields = Readonly<Record<string, unknown>>

function fail(words: string): never {
  throw new WalletError('bad-keystore', `the keystore ${words}`)
}

function readObject(fields: Fields, name: string): Fields {
  const value = fields[name]
  return typeof value === 'object' && value !== null ? (value as Fields) : fail(`lacks "${name}"`)
}

function readHex(fields: Fields, name: string): Uint8Array {
  const value = fields[name]
  return typeof value === 'string' && /^([0-9a-fA-F]{2})+$/.test(value)
    ? hexToBytes(value)
    : fail(`lacks "${name}"`)
}

function readCount(fields: Fields, name: string): number {
  const value = fields[name]
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
    ? value
    : fail(`lacks "${name}"`)
}

function deriveKey(crypto: Fields, password: string): Uint8Array {
  const parameters = readObject(crypto, 'kdfparams')
  const salt = readHex(parameters, 'salt')
  const lengthBytes = readCount(parameters, 'dklen')
  if (lengthBytes < 32) fail('has too short a key')
  if (crypto.kdf === 'scrypt') {
    const options = {
      N: readCount(parameters, 'n'),
      r: readCount(parameters, 'r'),
      p: readCount(parameters, 'p'),
      maxmem: MAX_SCRYPT_BYTES,
    }
    return scryptSync(password, salt, lengthBytes, options)
  }
  if (crypto.kdf !== 'pbkdf2') fail('uses an unknown key derivation')
  return pbkdf2Sync(password, salt, readCount(parameters, 'c'), lengthBytes, 'sha256')
}

/** The private key in a keystore's JSON text. Throws WalletError 'bad-keystore' or 'wrong-password'. */
export function readKeystore(text: string, password: string): Hex {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw new WalletError('bad-keystore', 'the keystore is not JSON', { cause })
  }
  const root = typeof parsed === 'object' && parsed !== null ? (parsed as Fields) : fail('is not an object')
  const crypto = readObject(root, root.Crypto === undefined ? 'crypto' : 'Crypto')
  if (crypto.cipher !== 'aes-128-ctr') fail('uses an unknown cipher')
  const cipherText = readHex(crypto, 'ciphertext')
  const key = deriveKey(crypto, password)
  const mac = keccak_256(new Uint8Array([...key.subarray(16, 32), ...cipherText]))
  const expected = readHex(crypto, 'mac')
  if (expected.length !== mac.length || !timingSafeEqual(mac, expected)) {
    throw new WalletError('wrong-password', 'the keystore’s password is wrong')
  }
  const decipher = createDecipheriv(
    'aes-128-ctr',
    key.subarray(0, 16),
    readHex(readObject(crypto, 'cipherparams'), 'iv'),
  )
  return bytesToHex(new Uint8Array([...decipher.update(cipherText), ...decipher.final()]))
}
