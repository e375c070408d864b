import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Devnet, deployContracts, startDevnet } from '../../devnet/index.ts'

const KEY_VARIABLE = 'PIECEMEAL_DEPLOYER_KEY'

let devnet: Devnet
let token: string
let folder: string
beforeAll(async () => {
  devnet = await startDevnet({ chainLabel: 'deploy command' })
  token = (await deployContracts(devnet)).token
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-deploy-main-'))
  await copyFile(
    fileURLToPath(new URL('../../public/config.json', import.meta.url)),
    join(folder, 'config.json'),
  )
})
afterAll(async () => {
  await devnet.stop()
  await rm(folder, { recursive: true })
})

/** Runs the command with nobody at its terminal. */
async function command(args: readonly string[], key?: string) {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    cwd: folder,
    env: { ...process.env, ...(key ? { [KEY_VARIABLE]: key } : {}) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  const [code] = await once(child, 'close')
  return { code, text }
}

describe('npm run deploy', () => {
  it('deploys with the key from the environment, which nobody gets to read', async () => {
    const key = devnet.accounts.alice.privateKey
    const args = ['--network', 'devnet', '--node', devnet.url, '--token', token, '--config', 'config.json']
    const waiting = await command(args, key)
    expect(waiting).toMatchObject({ code: 1, text: expect.stringContaining('nobody is there to ask: --yes') })
    const done = await command([...args, '--yes'], key)
    expect(done).toMatchObject({ code: 0, text: expect.stringContaining('Verified') })
    const { network } = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))
    expect(network).toMatchObject({ token, chainId: devnet.chainId, fullHost: devnet.url })
    expect(`${waiting.text}${done.text}`.toLowerCase()).not.toContain(key.slice(2).toLowerCase())
  })

  it('refuses a key that is none, and does not repeat it', async () => {
    const secret = 'c0ffee'.repeat(10)
    const { code, text } = await command(['--network', 'devnet'], secret)
    expect(code).toBe(1)
    expect(text).toMatch(/^deploy: .+\n$/)
    expect(text).not.toContain(secret)
  })

  it('explains itself', async () => {
    const { code, text } = await command(['--help'])
    expect(code).toBe(0)
    expect(text).toContain(KEY_VARIABLE)
  })
})
