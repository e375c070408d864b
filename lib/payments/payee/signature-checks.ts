/** One signature check for each signer, kept while it is in use: the second voucher of a payer costs a third of the first. */

import type { Hex } from '../../base/index.ts'
import { type Address, createSignatureCheck } from '../../tron/index.ts'

/** The table of a signer's key takes a quarter of a megabyte. */
const MAX_SIGNERS = 64

/** True when `signature` of `digest` (32 bytes) is the signer's. Forgets the signer that was asked for longest ago. */
export function createSignatureChecks(
  maxSigners = MAX_SIGNERS,
): (signer: Address, digest: Uint8Array, signature: Hex) => boolean {
  const checks = new Map<Address, ReturnType<typeof createSignatureCheck>>()
  return (signer, digest, signature) => {
    const check = checks.get(signer) ?? createSignatureCheck(signer)
    checks.delete(signer)
    checks.set(signer, check)
    const [oldest] = checks.keys()
    if (checks.size > maxSigners && oldest) checks.delete(oldest)
    return check(digest, signature)
  }
}
