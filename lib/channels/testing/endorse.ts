/** Test only: endorsements by a key at hand. */
import { addressOfPrivateKey, messageDigest, signDigest, type TypedDataDomain } from '../../tron/index.ts'
import { type Endorsement, endorsementText } from '../endorsement.ts'

/** Endorses a key by the payee's own (32 bytes). Throws on a bad key. */
export function endorse(
  payeeKey: Uint8Array,
  { delegate, untilSec }: Pick<Endorsement, 'delegate' | 'untilSec'>,
  domain: TypedDataDomain,
): Endorsement {
  const terms = { payee: addressOfPrivateKey(payeeKey), delegate, untilSec }
  return { ...terms, signature: signDigest(payeeKey, messageDigest(endorsementText(terms, domain))) }
}
