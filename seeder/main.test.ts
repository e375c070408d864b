import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deployContracts, startDevnet } from '../devnet/index.ts'

const program = fileURLToPath(new URL('main.ts', import.meta.url))
let folder: string
const children: ChildProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-seeder-program-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'test', ...env },
  })
  children.push(child)
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, ended, output: () => output, errors: () => errors }
}

test('explains itself', async () => {
  const program = run(['--help'])
  expect(await program.ended).toBe(0)
  expect(program.output()).toContain('--ask <BTT>')
})

test('says what is wrong with its arguments and its key', async () => {
  const noKey = run(['film.bin', '--config', join(folder, 'none.json')])
  expect(await noKey.ended).toBe(1)
  expect(noKey.errors()).toContain('none.json cannot be read')
})

test('starts, logs JSON lines and stops on SIGTERM', async () => {
  const devnet = await startDevnet()
  const network = devnet.toNetwork(await deployContracts(devnet))
  const config = join(folder, 'config.json')
  await writeFile(config, JSON.stringify({ network, trackers: [], iceServers: [], demos: [] }))
  const film = join(folder, 'film.bin')
  await writeFile(film, new Uint8Array(100_000).fill(7))
  const program = run([film, '--config', config, '--data', join(folder, 'data'), '--ask', '2'], {
    PIECEMEAL_SEEDER_KEY: devnet.accounts.seeder.privateKey,
  })
  await expect.poll(() => program.output() + program.errors(), { timeout: 15_000 }).toContain('\n')
  expect(program.errors()).toBe('')
  expect(JSON.parse(program.output().split('\n')[0] ?? '')).toMatchObject({
    event: 'started',
    payee: devnet.accounts.seeder.address,
    askPerMiB: '2000000000000000000',
  })
  program.child.kill('SIGTERM')
  expect(await program.ended).toBe(0)
  expect(program.output()).toContain('"event":"stopped"')
  await devnet.stop()
})
