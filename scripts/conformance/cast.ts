/**
 * Who takes part. Every key but the account's own is derived from it and the run's id, so that a run that was cut off has
 * them again, and no key is ever written. Derived keys hold test tokens and a few test TRX, and tell nothing of the account's.
 */
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, type Hex, hexToBytes } from '../../lib/base/index.ts'
import type { TransactionSigner } from '../../lib/tron/index.ts'
import { type Address, addressOfPrivateKey, addressToBytes } from '../../lib/tron/index.ts'
import { createKeySigner } from '../../lib/wallet/key-signer.ts'

export interface Party {
  readonly address: Address
  readonly key: Uint8Array
  readonly signer: TransactionSigner
}

export interface Cast {
  /** The account itself: deploys, funds, settles. */
  readonly payer: Party
  /** The session key. */
  readonly session: Party
  /** Sends what anyone may send. */
  readonly relay: Party
  /** Nobody's business: it is to be refused everywhere. */
  readonly stranger: Party
  /** Signs releases for the payees that are away. */
  readonly delegate: Party
  /** 16, ordered by address: so the trees have one shape for every key, and energy can be compared to the unit. */
  readonly payees: readonly Party[]
}

const PAYEES = 16

/** `accountKey` is 64 hexadecimal digits. Throws WalletError 'bad-key'. */
export function createCast(accountKey: string, runId: Hex): Cast {
  const payer = createParty(accountKey)
  const derive = (role: string): Party =>
    createParty(
      bytesToHex(
        hkdf(
          sha256,
          payer.key,
          hexToBytes(runId),
          new TextEncoder().encode(`piecemeal conformance ${role}`),
          32,
        ),
      ),
    )
  const payees = Array.from({ length: PAYEES }, (_, i) => derive(`payee ${i}`))
  payees.sort((a, b) => Buffer.compare(addressToBytes(a.address), addressToBytes(b.address)))
  return {
    payer,
    session: derive('session'),
    relay: derive('relay'),
    stranger: derive('stranger'),
    delegate: derive('delegate'),
    payees,
  }
}

function createParty(keyHex: string): Party {
  const signer = createKeySigner(keyHex)
  const key = hexToBytes(keyHex)
  return { address: addressOfPrivateKey(key), key, signer }
}
