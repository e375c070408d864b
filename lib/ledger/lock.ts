/**
 * One process a ledger (Node): a file with the holder's pid beside it. Two writers would each sign from their own idea of
 * the highest voucher. A holder that was killed leaves the file behind; whoever comes next sees that it is gone.
 */
import { link, open, readFile, rename, rm } from 'node:fs/promises'
import { StorageError } from '../base/index.ts'

/** Where the system tells when a process began, a pid that was given to another one is no holder. */
async function readStartTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The fields after the name, which may hold spaces and brackets; the start time is the 20th of them.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

async function describeProcess(pid: number): Promise<string> {
  return `${pid} ${await readStartTime(pid)}\n`
}

async function isHeld(holder: string): Promise<boolean> {
  const pid = Number.parseInt(holder, 10)
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process is alive all the same.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return holder === (await describeProcess(pid))
}

/** Makes `path` in one step with its content; false when it is there already. */
async function create(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${process.pid}.new`
  const file = await open(draft, 'w')
  await file.writeFile(content)
  await file.close()
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** Takes away a file that a dead process left; puts it back if it has a living holder by now. */
async function clear(path: string, stale: string): Promise<void> {
  const aside = `${path}.${process.pid}.old`
  await rename(path, aside).catch(() => undefined)
  const moved = await readFile(aside, 'utf8').catch(() => stale)
  if (moved !== stale) await link(aside, path).catch(() => undefined)
  await rm(aside, { force: true })
}

/** Holds the ledger at `ledgerPath`; the result lets go of it. Throws StorageError 'ledger-in-use' while another one does. */
export async function lockLedger(ledgerPath: string): Promise<() => Promise<void>> {
  const path = `${ledgerPath}.lock`
  const own = await describeProcess(process.pid)
  for (let tries = 0; tries < 3; tries++) {
    if (await create(path, own)) return () => rm(path, { force: true })
    const holder = await readFile(path, 'utf8').catch(() => null)
    if (holder === null) continue
    if (await isHeld(holder)) break
    await clear(path, holder)
  }
  throw new StorageError('ledger-in-use', `another process uses the ledger at ${ledgerPath}`)
}
