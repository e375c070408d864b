/** Numbers of bytes for people. */

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
