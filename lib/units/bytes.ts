/** Bytes and hex. Hex strings here are lower case with a 0x prefix. */

export type Hex = `0x${string}`

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** "8.1 MB", decimal units as people know them from file managers. */
export function formatBytes(lengthBytes: number): string {
  let value = lengthBytes
  let unit = 0
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`
}

/** "1.2 MB/s". */
export function formatRate(bytesPerSec: number): string {
  return `${formatBytes(bytesPerSec)}/s`
}

const BYTE_HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Lower-case 0x hex of bytes. */
export function bytesToHex(bytes: Uint8Array): Hex {
  let text = ''
  for (const byte of bytes) text += BYTE_HEX[byte]
  return `0x${text}`
}

/** Bytes of a hex string, 0x optional. Throws RangeError on anything else. */
export function hexToBytes(hex: string): Uint8Array {
  const body = hex.startsWith('0x') ? hex.slice(2) : hex
  if (body.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(body)) throw new RangeError('not a hex string')
  const bytes = new Uint8Array(body.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(body.slice(i * 2, i * 2 + 2), 16)
  return bytes
}
