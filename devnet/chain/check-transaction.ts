/** Checks that come before a transaction's effect: signature, reference block, lifetime, duplicate, size. */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { Address } from '../../lib/tron/address.ts'
import { hexToBytes } from '../../lib/units/bytes.ts'
import { accountIdToAddress } from '../codec/account-id.ts'
import { encodeSignedTransaction, type Transaction } from '../codec/transaction.ts'
import { toBareHex } from '../codec/transaction-json.ts'
import { DevnetRefusal } from '../devnet-error.ts'
import { type Block, refBlockOf } from './block.ts'
import { addressFromPublicKey } from './demo-accounts.ts'
import { MAX_TRANSACTION_BYTES } from './fees.ts'

const MAX_LIFETIME_MS = 86_400_000

export interface CheckContext {
  readonly head: Block
  /** The block of a number, while the chain has it. */
  readonly getBlock: (number: number) => Block | undefined
  readonly isKnown: (txId: string) => boolean
}

/** Throws DevnetRefusal with java-tron's code and words. */
export function checkTransaction(transaction: Transaction, context: CheckContext): void {
  if (encodeSignedTransaction(transaction).length > MAX_TRANSACTION_BYTES) {
    throw new DevnetRefusal('TOO_BIG_TRANSACTION_ERROR', 'Transaction size is too big.')
  }
  checkSignature(transaction)
  if (context.isKnown(transaction.txId)) {
    throw new DevnetRefusal('DUP_TRANSACTION_ERROR', 'Dup transaction.')
  }
  checkReference(transaction, context)
  const { expirationMs } = transaction
  const headMs = context.head.timestampMs
  if (expirationMs <= headMs || expirationMs > headMs + MAX_LIFETIME_MS) {
    throw new DevnetRefusal('TRANSACTION_EXPIRATION_ERROR', 'Transaction expired')
  }
}

function checkSignature(transaction: Transaction): void {
  const refuse = (reason: string) => new DevnetRefusal('SIGERROR', `Validate signature error: ${reason}`)
  const [signature] = transaction.signatures
  if (!signature) throw refuse('miss sig or contract')
  if (transaction.signatures.length > 1)
    throw refuse('Signature count is 2 more than key counts of permission : 1')
  if (signature.length !== 65) throw refuse(`Signature size is ${signature.length}`)
  const owner = accountIdToAddress(transaction.body.owner)
  const signer = recoverSigner(transaction.txId, signature)
  if (!signer) throw refuse('the signature recovers to no key')
  if (signer !== owner) {
    throw refuse(`${toBareHex(signature)} is signed by ${signer} but it is not contained of permission.`)
  }
}

/** Who signed a transaction's id (65 bytes r, s, v; v counts from 0 or 27); null when that is nobody. */
export function recoverSigner(txId: string, signature: Uint8Array): Address | null {
  const recovery = (signature[64] ?? 0) >= 27 ? signature[64]! - 27 : (signature[64] ?? 0)
  try {
    const point = secp256k1.Signature.fromBytes(signature.slice(0, 64))
      .addRecoveryBit(recovery)
      .recoverPublicKey(hexToBytes(txId))
    return addressFromPublicKey(point.toBytes(false))
  } catch (cause) {
    if (cause instanceof Error) return null
    throw cause
  }
}

/** TAPOS: the transaction names one of the last 65,536 blocks by the end of its number and a part of its id. */
function checkReference(transaction: Transaction, context: CheckContext): void {
  const refuse = () => new DevnetRefusal('TAPOS_ERROR', 'Tapos check error.')
  if (transaction.refBlockBytes.length !== 2) throw refuse()
  const low = Number.parseInt(toBareHex(transaction.refBlockBytes), 16)
  const head = context.head.number
  let number = head - (head % 65_536) + low
  if (number > head) number -= 65_536
  const block = number < 0 ? undefined : context.getBlock(number)
  if (!block || refBlockOf(block).refBlockHash !== toBareHex(transaction.refBlockHash)) throw refuse()
}
