/** SHA-1 of a piece (BEP 3), off the main thread where the browser can. */
import { sha1 } from '@noble/hashes/legacy.js'
import { bytesToHex } from '../../base/index.ts'

/** 40 lower-case hex digits, as in webtorrent's list of hashes. */
export async function hashPiece(bytes: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle
  const digest = subtle
    ? new Uint8Array(await subtle.digest('SHA-1', bytes as Uint8Array<ArrayBuffer>))
    : sha1(bytes)
  return bytesToHex(digest).slice(2)
}
