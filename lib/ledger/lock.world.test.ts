import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openFileLedger } from './file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-lock-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A process that opens the ledger, says so, and stays. */
async function spawnHolder(path: string) {
  const ledger = fileURLToPath(new URL('./file.ts', import.meta.url))
  const script = `
    const { openFileLedger } = await import(${JSON.stringify(ledger)})
    await openFileLedger({}, ${JSON.stringify(path)}).then(() => console.log('open'), (error) => console.log(error.code))
    setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return {
    line,
    async kill() {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

it('refuses a second process while the first lives, and takes over once that one is killed', async () => {
  const path = join(folder, 'a.jsonl')
  const holder = await spawnHolder(path)
  expect(holder.line).toBe('open')
  await expect(openFileLedger({}, path)).rejects.toMatchObject({
    name: 'StorageError',
    code: 'ledger-in-use',
  })
  await holder.kill()
  const ledger = await openFileLedger({}, path)
  const late = await spawnHolder(path)
  expect(late.line).toBe('ledger-in-use')
  await late.kill()
  await ledger.close()
  expect(await readdir(folder)).toEqual(['a.jsonl'])
})

it('refuses a second opening in one process, and gives way after close', async () => {
  const path = join(folder, 'b.jsonl')
  const first = await openFileLedger({}, path)
  await expect(openFileLedger({}, path)).rejects.toMatchObject({ code: 'ledger-in-use' })
  await first.close()
  await (await openFileLedger({}, path)).close()
})

it.each([
  ['names nobody', ''],
  ['is not a number', 'nonsense\n'],
  ['names a process that began at another time', `${process.pid} 1\n`],
])('takes over a lock that %s', async (_, content) => {
  const path = join(folder, 'c.jsonl')
  await writeFile(`${path}.lock`, content)
  await (await openFileLedger({}, path)).close()
})

it('lets go of a ledger that it could not read', async () => {
  const path = join(folder, 'd.jsonl')
  await writeFile(path, 'garbage\n{"puts":[],"receipts":[]}\n')
  for (let tries = 0; tries < 2; tries++) {
    await expect(openFileLedger({}, path)).rejects.toMatchObject({ code: 'ledger-damaged' })
  }
})
