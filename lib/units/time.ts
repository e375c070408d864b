/** Times. Chain time is a bigint of seconds (`…Sec`); browser time is a number of milliseconds (`…Ms`). */

/** "1:04" or "1:02:03" of a position or length in seconds. */
export function formatPosition(positionSec: number): string {
  const total = Math.max(0, Math.floor(positionSec))
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor((total % 3600) / 60)
  const seconds = String(total % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`
}

/** "3 min", "2 h", "45 s": a duration for people, one unit. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000))
  if (seconds < 90) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return `${minutes} min`
  return `${Math.round(minutes / 60)} h`
}
