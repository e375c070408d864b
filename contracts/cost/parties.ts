/** Who takes part in a measurement. */

import { bytesToHex, type Hex } from '../../lib/base/index.ts'
import { MAX_SEATS } from '../../lib/channels/index.ts'
import { type Address, addressOfPrivateKey, addressToBytes } from '../../lib/tron/index.ts'

export const BTT = 10n ** 18n
/** An end of a purse that never comes. */
export const FAR_SEC = 4_000_000_000n

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
export const SIGNER_KEY = key(2)
export const PAYEE_KEYS = Array.from({ length: MAX_SEATS }, (_, index) => key(10 + index))
export const payer = addressOfPrivateKey(key(1))
export const signer = addressOfPrivateKey(SIGNER_KEY)
export const payees = PAYEE_KEYS.map(addressOfPrivateKey)

/** As the ABI has it: 0x and 20 bytes. */
export const raw = (address: Address): Hex => bytesToHex(addressToBytes(address))
