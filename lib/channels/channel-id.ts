/** A channel's name on one chain and contract: never reused, so that no signature stands for two channels. */
import { concatBytes } from '@noble/hashes/utils.js'
import { bytesToHex, type Hex } from '../base/index.ts'
import type { TypedDataDomain } from '../tron/index.ts'
import { addressWord, bytes32, keccak256, uint128Word, uintWord } from '../tron/index.ts'
import type { ChannelFields } from './types.ts'

/**
 * `keccak256(abi.encode(chainId, contract, payer, signer, root, total, closeDelaySec, salt))`.
 * Throws RangeError when a field does not fit its type.
 */
export function channelId(fields: ChannelFields, domain: TypedDataDomain): Hex {
  if (!Number.isInteger(fields.closeDelaySec) || fields.closeDelaySec > 0xffffffff) {
    throw new RangeError('closeDelaySec is a uint32')
  }
  return bytesToHex(
    keccak256(
      concatBytes(
        uintWord(BigInt(domain.chainId)),
        addressWord(domain.contract),
        addressWord(fields.payer),
        addressWord(fields.signer),
        bytes32(fields.root),
        uint128Word(fields.total),
        uintWord(BigInt(fields.closeDelaySec)),
        bytes32(fields.salt),
      ),
    ),
  )
}
