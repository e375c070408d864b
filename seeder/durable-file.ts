/** Small files that are whole or not there, also after a power cut. */
import { link, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** For its owner alone; puts nothing over a file that is there already (EEXIST). */
export async function createFile(path: string, text: string): Promise<void> {
  await writeBeside(path, text, (draft) => link(draft, path))
}

/** Puts the new text in the old one's place in one step. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await writeBeside(path, text, (draft) => rename(draft, path))
}

async function writeBeside(
  path: string,
  text: string,
  place: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = `${path}.${process.pid}.new`
  await mkdir(dirname(path), { recursive: true })
  try {
    const file = await open(draft, 'w', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await place(draft)
  } finally {
    await rm(draft, { force: true })
  }
  await syncFolder(dirname(path))
}

/** A name is on the disk once its folder is; where folders cannot be opened, the system sees to it. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null)
  await folder?.sync().catch(() => undefined)
  await folder?.close()
}
