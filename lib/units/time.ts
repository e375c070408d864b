/** Times. Chain time is a bigint of seconds (`…Sec`); browser time is a number of milliseconds (`…Ms`). */

/** "1:04" or "1:02:03" of a position or length in seconds. */
export function formatPosition(positionSec: number): string {
  const total = Number.isFinite(positionSec) ? Math.max(0, Math.floor(positionSec)) : 0
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor((total % 3600) / 60)
  const seconds = String(total % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`
}
