/** TIP-191: texts that wallets show and sign. */
import { keccak256 } from './keccak.ts'

/** What a wallet signs of a text: keccak256 of TIP-191's prefix, the length in bytes, the text. Uint8Array(32). */
export function messageDigest(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text)
  const prefix = new TextEncoder().encode(`\x19TRON Signed Message:\n${bytes.length}`)
  const whole = new Uint8Array(prefix.length + bytes.length)
  whole.set(prefix)
  whole.set(bytes, prefix.length)
  return keccak256(whole)
}
