/** Where the demo keeps its chain and vouchers between starts. One process at a time may write there. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface StateDir {
  /** null: another demo has it, and this one forgets everything at its end. */
  readonly path: string | null
  release(): void
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false // No such process: its lock is left over from a crash.
  }
}

function readHolder(lockPath: string): number | null {
  try {
    return Number.parseInt(readFileSync(lockPath, 'utf8'), 10)
  } catch {
    return null // Nobody has it.
  }
}

/** Takes `path` for this process, unless one that lives has it. */
export function takeStateDir(path: string): StateDir {
  mkdirSync(path, { recursive: true })
  const lockPath = join(path, 'pid')
  const holder = readHolder(lockPath)
  if (holder !== null && holder !== process.pid && isAlive(holder))
    return { path: null, release: () => undefined }
  writeFileSync(lockPath, String(process.pid))
  return { path, release: () => rmSync(lockPath, { force: true }) }
}
