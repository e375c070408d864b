/** Bytes: what a block is, and numbers of them for people. */

/** A block, the unit of requests (BEP 3): 16 KiB. The last one of a torrent may be shorter. */
export const BLOCK_BYTES = 16_384

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** "8.1 MB", decimal units as people know them from file managers. "—" for what is no size. */
export function formatBytes(lengthBytes: number): string {
  if (!(lengthBytes >= 0) || !Number.isFinite(lengthBytes)) return '—'
  let value = lengthBytes
  let unit = 0
  // What would round up to four digits is said in the next unit.
  while (Math.round(value) >= 1000 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  const rounded = value.toFixed(1)
  return `${unit === 0 || Number(rounded) >= 100 ? Math.round(value) : rounded} ${UNITS[unit]}`
}

/** "1.2 MB/s". */
export function formatRate(bytesPerSec: number): string {
  return `${formatBytes(bytesPerSec)}/s`
}
