/** Values that tronweb decoded by an ABI, held to their shapes. */
import { bytesToHex, type Hex, hexToBytes } from '../base/index.ts'
import { type Address, addressFromBytes } from './address.ts'
import { badReply, readHex } from './node-client.ts'

/** A decoded uint as a bigint. Throws ChainError 'bad-reply'. */
export function readBigint(value: unknown): bigint {
  if (typeof value !== 'bigint' || value < 0n) throw badReply('a number is missing')
  return value
}

/** A decoded address. Throws ChainError 'bad-reply'. */
export function readAbiAddress(value: unknown): Address {
  return addressFromBytes(hexToBytes(readHex(value, 20, 'address')))
}

/** A decoded bytes32, lower case. Throws ChainError 'bad-reply'. */
export function readBytes32(value: unknown): Hex {
  return bytesToHex(hexToBytes(readHex(value, 32, 'bytes32')))
}
