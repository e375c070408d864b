/** One seeder a data folder: two that append to one log of vouchers would lose some. A killed one's lock is taken over. */
import { rmSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StorageError } from '../lib/units/index.ts'

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Takes the folder, made when missing; returns what lets it go. Throws StorageError 'data-in-use', 'data-unwritable'. */
export async function lockData(dataDir: string): Promise<() => void> {
  const path = join(dataDir, 'seeder.pid')
  try {
    await mkdir(dataDir, { recursive: true })
    const holder = Number(await readFile(path, 'utf8').catch(() => '0'))
    if (Number.isSafeInteger(holder) && holder > 0 && holder !== process.pid && isAlive(holder)) {
      throw new StorageError(
        'data-in-use',
        `The data folder ${dataDir} is in use by process ${holder}. If that is no seeder, delete ${path}.`,
      )
    }
    await writeFile(path, String(process.pid))
  } catch (cause) {
    if (cause instanceof StorageError) throw cause
    throw new StorageError('data-unwritable', `The data folder ${dataDir} cannot be written to.`, { cause })
  }
  return () => rmSync(path, { force: true })
}
