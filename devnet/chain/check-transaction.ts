/**
 * Checks that come before a transaction's effect, in java-tron's order: signatures, reference block, size, lifetime,
 * duplicate. Source: java-tron, framework/…/core/db/Manager.java (pushTransaction, validateTapos, validateCommon,
 * validateDup) and chainbase/…/core/capsule/TransactionCapsule.java; codes: framework/…/core/Wallet.java.
 */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hexToBytes } from '../../lib/base/index.ts'
import type { Address } from '../../lib/tron/index.ts'
import { type AccountId, accountIdToAddress } from '../codec/account-id.ts'
import type { Permission } from '../codec/contract-body.ts'
import { encodeSignedTransaction, type Transaction } from '../codec/transaction.ts'
import { toBareHex } from '../codec/transaction-json.ts'
import { DevnetRefusal } from '../devnet-error.ts'
import { allowsType, MAX_SIGNATURES } from './account-permissions.ts'
import { type Block, refBlockOf } from './block.ts'
import { addressFromPublicKey } from './demo-accounts.ts'
import { MAX_TRANSACTION_BYTES, RESULT_SIZE_BYTES } from './fees.ts'

const MAX_LIFETIME_MS = 86_400_000

export interface CheckContext {
  readonly head: Block
  /** The block of a number, while the chain has it. */
  readonly getBlock: (number: number) => Block | undefined
  readonly isKnown: (txId: string) => boolean
  readonly findPermission: FindPermission
}

export type FindPermission = (owner: AccountId, permissionId: number) => Permission | undefined

/** Throws DevnetRefusal with java-tron's code and words. */
export function checkTransaction(transaction: Transaction, context: CheckContext): void {
  checkSignatures(transaction, context.findPermission)
  checkReference(transaction, context)
  checkSize(transaction)
  const { expirationMs } = transaction
  const headMs = context.head.timestampMs
  if (expirationMs <= headMs || expirationMs > headMs + MAX_LIFETIME_MS) {
    throw new DevnetRefusal('TRANSACTION_EXPIRATION_ERROR', 'Transaction expired')
  }
  if (context.isKnown(transaction.txId)) {
    throw new DevnetRefusal('DUP_TRANSACTION_ERROR', 'Dup transaction.')
  }
}

function checkSize(transaction: Transaction): void {
  // Room for a result twice: the transaction's and its contract's.
  const lengthBytes = encodeSignedTransaction(transaction).length + 2 * RESULT_SIZE_BYTES
  if (lengthBytes <= MAX_TRANSACTION_BYTES) return
  throw new DevnetRefusal(
    'TOO_BIG_TRANSACTION_ERROR',
    `Too big transaction with result, TxId ${transaction.txId}, the size is ${lengthBytes} bytes, maxTxSize ${MAX_TRANSACTION_BYTES}`,
  )
}

/** Why a transaction's signatures do not count; the words are java-tron's. */
export class SignatureProblem extends Error {
  readonly code: 'PERMISSION_ERROR' | 'SIGNATURE_FORMAT_ERROR' | 'COMPUTE_ADDRESS_ERROR' | 'OTHER_ERROR'
  constructor(code: SignatureProblem['code'], message: string) {
    super(message)
    this.code = code
  }
}

function checkSignatures(transaction: Transaction, find: FindPermission): void {
  const refuse = (reason: string) => new DevnetRefusal('SIGERROR', `Validate signature error: ${reason}`)
  const { signatures } = transaction
  if (signatures.length === 0) throw refuse('miss sig or contract')
  if (signatures.length > MAX_SIGNATURES) throw refuse('too many signatures')
  try {
    const permission = selectPermission(transaction, find)
    if (weighSignatures(transaction, permission).weight < permission.threshold) throw refuse('sig error')
  } catch (error) {
    if (error instanceof SignatureProblem) throw refuse(error.message)
    throw error
  }
}

/** The permission that a transaction is signed under. Throws SignatureProblem. */
export function selectPermission(transaction: Transaction, find: FindPermission): Permission {
  const { permissionId, body, contractType } = transaction
  const permission = find(body.owner, permissionId)
  if (!permission) throw new SignatureProblem('PERMISSION_ERROR', "permission isn't exit")
  if (permissionId !== 0 && !allowsType(permission, contractType.number)) {
    throw new SignatureProblem('PERMISSION_ERROR', 'Permission denied')
  }
  return permission
}

/** Who signed, and the sum of their weights. Throws SignatureProblem. */
export function weighSignatures(
  transaction: Transaction,
  permission: Permission,
): { readonly signers: readonly Address[]; readonly weight: bigint } {
  const { signatures, txId } = transaction
  const { keys } = permission
  if (signatures.length > keys.length) {
    throw new SignatureProblem(
      'PERMISSION_ERROR',
      `Signature count is ${signatures.length} more than key counts of permission : ${keys.length}`,
    )
  }
  const signers: Address[] = []
  let weight = 0n
  for (const signature of signatures) {
    const signer = requireSigner(txId, signature)
    const key = keys.find(({ address }) => accountIdToAddress(address) === signer)
    if (!key) {
      throw new SignatureProblem(
        'PERMISSION_ERROR',
        `${toBareHex(signature)} is signed by ${signer} but it is not contained of permission.`,
      )
    }
    if (signers.includes(signer))
      throw new SignatureProblem('PERMISSION_ERROR', `${signer} has signed twice!`)
    signers.push(signer)
    weight += key.weight
  }
  return { signers, weight }
}

/** Throws SignatureProblem. */
export function requireSigner(txId: string, signature: Uint8Array): Address {
  if (signature.length < 65) {
    throw new SignatureProblem('SIGNATURE_FORMAT_ERROR', `Signature size is ${signature.length}`)
  }
  const signer = recoverSigner(txId, signature)
  if (!signer)
    throw new SignatureProblem('COMPUTE_ADDRESS_ERROR', 'Could not recover public key from signature')
  return signer
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
