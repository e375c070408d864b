/** 32-byte words of `abi.encode`, and its packed integers. */
import { bytesToHex, type Hex, hexToBytes } from '../base/index.ts'
import { type Address, addressToBytes } from './address.ts'

const MAX_UINT128 = (1n << 128n) - 1n

/** Big-endian Uint8Array(lengthBytes). Throws RangeError when the value is negative or does not fit. */
export function uintToBytes(value: bigint, lengthBytes: number): Uint8Array {
  if (value < 0n || value >> BigInt(lengthBytes * 8) !== 0n) throw new RangeError('integer out of range')
  return hexToBytes(value.toString(16).padStart(lengthBytes * 2, '0'))
}

/** A uint word. Throws RangeError outside of uint256. */
export function uintWord(value: bigint): Uint8Array {
  return uintToBytes(value, 32)
}

/** A uint128 word. Throws RangeError outside of uint128. */
export function uint128Word(value: bigint): Uint8Array {
  if (value > MAX_UINT128) throw new RangeError('integer out of range')
  return uintToBytes(value, 32)
}

/** An address word: 20 bytes, zeroes before them. */
export function addressWord(address: Address): Uint8Array {
  const word = new Uint8Array(32)
  word.set(addressToBytes(address), 12)
  return word
}

/** The bytes of a bytes32. Throws RangeError on another length. */
export function bytes32(hex: Hex): Uint8Array {
  const bytes = hexToBytes(hex)
  if (bytes.length !== 32) throw new RangeError('32 bytes expected')
  return bytes
}

/** An address as the EVM's ABI has it: 0x and 20 bytes. */
export function toAbiAddress(address: Address): Hex {
  return bytesToHex(addressToBytes(address))
}
