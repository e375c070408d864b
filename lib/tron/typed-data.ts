/** TIP-712: what binds a signature to one contract on one chain, and the digests of typed words. */
import { concatBytes } from '@noble/hashes/utils.js'
import { addressWord, uintWord } from './abi-word.ts'
import type { Address } from './address.ts'
import { keccak256 } from './keccak.ts'

/** A contract on a chain; `Network` is one. */
export interface TypedDataDomain {
  /** `block.chainid & 0xffffffff`. */
  readonly chainId: number
  readonly contract: Address
}

/** A struct's fields as wallets want them (`signTypedData`). */
export type TypedFields = readonly { readonly name: string; readonly type: string }[]

export interface TypedDataHasher {
  /** The domain's hash, Uint8Array(32). Remembers the last one: a page speaks to one contract. Do not write into it. */
  domainSeparator(domain: TypedDataDomain): Uint8Array
  /** The digest of a struct, Uint8Array(32), of its type's hash and its words. */
  digest(domain: TypedDataDomain, ...words: readonly Uint8Array[]): Uint8Array
}

const DOMAIN_TYPE_HASH = hashText(
  'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)',
)
const PREFIX = Uint8Array.of(0x19, 0x01)

/** keccak256 of a text's UTF-8, Uint8Array(32): a `string` in typed data. */
export function hashText(text: string): Uint8Array {
  return keccak256(new TextEncoder().encode(text))
}

/** The hash of a struct's type, Uint8Array(32). */
export function hashType(name: string, fields: TypedFields): Uint8Array {
  return hashText(`${name}(${fields.map((field) => `${field.type} ${field.name}`).join(',')})`)
}

/** Digests for the contract that calls itself `name`, of that version. */
export function createTypedDataHasher(name: string, version: string): TypedDataHasher {
  const nameHash = hashText(name)
  const versionHash = hashText(version)
  let last: { readonly domain: TypedDataDomain; readonly bytes: Uint8Array } | null = null

  function domainSeparator({ chainId, contract }: TypedDataDomain): Uint8Array {
    if (last?.domain.chainId === chainId && last.domain.contract === contract) return last.bytes
    const words = [DOMAIN_TYPE_HASH, nameHash, versionHash, uintWord(BigInt(chainId)), addressWord(contract)]
    const bytes = keccak256(concatBytes(...words))
    last = { domain: { chainId, contract }, bytes }
    return bytes
  }
  return {
    domainSeparator,
    digest: (domain, ...words) =>
      keccak256(concatBytes(PREFIX, domainSeparator(domain), keccak256(concatBytes(...words)))),
  }
}
