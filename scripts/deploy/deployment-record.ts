/**
 * What was deployed, or is under way: written before a transaction is sent, so that a run that was cut off is found
 * again and nothing is deployed twice. Nothing in it is secret.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Hex } from '../../lib/base/index.ts'
import { StorageError } from '../../lib/base/index.ts'
import { type Address, parseAddress } from '../../lib/tron/index.ts'

export interface DeploymentRecord {
  /** `deployed` once its code was compared on the chain. */
  readonly status: 'sent' | 'deployed'
  readonly chainId: number
  readonly txId: Hex
  readonly contract: Address
  readonly token: Address
  readonly deployer: Address
  /** keccak of the code that stands or is to stand there. */
  readonly codeHash: Hex
  readonly expiresAtMs: number
}

/** Null when there is none. Throws StorageError when it cannot be read: then nobody can tell what is under way. */
export async function readRecord(path: string): Promise<DeploymentRecord | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new StorageError('record', `${path} cannot be read`, { cause })
  }
  const record = parseRecord(text)
  if (!record)
    throw new StorageError('record', `${path} is damaged: look the transaction up by hand, then delete it`)
  return record
}

/** Replaces the record, all or nothing. Throws StorageError. */
export async function writeRecord(path: string, record: DeploymentRecord): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(`${path}.new`, `${JSON.stringify(record, null, 2)}\n`, { flush: true })
    await rename(`${path}.new`, path)
  } catch (cause) {
    throw new StorageError('record', `${path} cannot be written`, { cause })
  }
}

export async function deleteRecord(path: string): Promise<void> {
  await rm(path, { force: true })
}

function parseRecord(text: string): DeploymentRecord | null {
  let value: Record<string, unknown> | null
  try {
    value = JSON.parse(text) as Record<string, unknown> | null
  } catch {
    return null
  }
  const contract = parseAddress(value?.contract)
  const token = parseAddress(value?.token)
  const deployer = parseAddress(value?.deployer)
  const { status, chainId, txId, codeHash, expiresAtMs } = value ?? {}
  const isHash = (hash: unknown): hash is Hex => typeof hash === 'string' && /^0x[0-9a-f]{64}$/.test(hash)
  if ((status !== 'sent' && status !== 'deployed') || !contract || !token || !deployer) return null
  if (!isHash(txId) || !isHash(codeHash)) return null
  if (typeof chainId !== 'number' || typeof expiresAtMs !== 'number') return null
  return { status, chainId, txId, contract, token, deployer, codeHash, expiresAtMs }
}
