/** TIP-712 digests of what session keys and seeders sign for SwarmChannels. Same bytes as TypedData.sol. */
import { concatBytes } from '@noble/hashes/utils.js'
import { type Hex, hexToBytes } from '../base/index.ts'
import type { Address } from '../tron/index.ts'
import {
  addressWord,
  bytes32,
  createTypedDataHasher,
  hashText,
  hashType,
  type TypedDataDomain,
  uint128Word,
} from '../tron/index.ts'
import type { Voucher } from './types.ts'

/** The types as wallets want them (`signTypedData`), besides `EIP712Domain`. */
export const typedDataTypes = {
  Voucher: [
    { name: 'channel', type: 'bytes32' },
    { name: 'payee', type: 'address' },
    { name: 'cumulative', type: 'uint128' },
  ],
  Open: [{ name: 'channel', type: 'bytes32' }],
  Release: [
    { name: 'channel', type: 'bytes32' },
    { name: 'payee', type: 'address' },
    { name: 'cumulative', type: 'uint128' },
  ],
  SeatProof: [
    { name: 'channel', type: 'bytes32' },
    { name: 'payee', type: 'address' },
    { name: 'delegate', type: 'address' },
    { name: 'infoHash', type: 'bytes20' },
    { name: 'nonce', type: 'bytes32' },
    { name: 'purpose', type: 'string' },
  ],
} as const

const { domainSeparator, digest } = createTypedDataHasher('SwarmChannels', '1')

export { domainSeparator }

const VOUCHER_TYPE_HASH = hashType('Voucher', typedDataTypes.Voucher)
const OPEN_TYPE_HASH = hashType('Open', typedDataTypes.Open)
const RELEASE_TYPE_HASH = hashType('Release', typedDataTypes.Release)
const SEAT_PROOF_TYPE_HASH = hashType('SeatProof', typedDataTypes.SeatProof)

/** Digest of `Voucher(channel, payee, cumulative)`, Uint8Array(32). Throws RangeError when a field does not fit its type. */
export function voucherDigest(voucher: Voucher, domain: TypedDataDomain): Uint8Array {
  return digest(
    domain,
    VOUCHER_TYPE_HASH,
    bytes32(voucher.channelId),
    addressWord(voucher.payee),
    uint128Word(voucher.cumulative),
  )
}

/** Digest of `Open(channel)`, Uint8Array(32). Throws RangeError on an id that is not 32 bytes. */
export function openDigest(message: { readonly channelId: Hex }, domain: TypedDataDomain): Uint8Array {
  return digest(domain, OPEN_TYPE_HASH, bytes32(message.channelId))
}

/** Digest of `Release(channel, payee, cumulative)`, Uint8Array(32). Throws RangeError when a field does not fit its type. */
export function releaseDigest(release: Voucher, domain: TypedDataDomain): Uint8Array {
  return digest(
    domain,
    RELEASE_TYPE_HASH,
    bytes32(release.channelId),
    addressWord(release.payee),
    uint128Word(release.cumulative),
  )
}

/**
 * Digest of `SeatProof(channel, payee, delegate, infoHash, nonce, purpose)`, Uint8Array(32): what a channel's signer tells the
 * seller of one wire. Throws RangeError when a field does not fit its type.
 */
export function seatProofDigest(
  claim: {
    readonly channelId: Hex
    readonly payee: Address
    readonly delegate: Address
    /** 40 hex digits. */
    readonly infoHash: string
    readonly nonce: Hex
    readonly purpose: string
  },
  domain: TypedDataDomain,
): Uint8Array {
  const infoHash = hexToBytes(claim.infoHash)
  if (infoHash.length !== 20) throw new RangeError('an info-hash is 20 bytes')
  return digest(
    domain,
    SEAT_PROOF_TYPE_HASH,
    bytes32(claim.channelId),
    addressWord(claim.payee),
    addressWord(claim.delegate),
    concatBytes(infoHash, new Uint8Array(12)),
    bytes32(claim.nonce),
    hashText(claim.purpose),
  )
}
