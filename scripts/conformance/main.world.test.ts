import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Devnet, startDevnet } from '../../devnet/index.ts'
import { bytesToHex } from '../../lib/base/index.ts'
import { addressToBytes } from '../../lib/tron/index.ts'
import { createCast } from './cast.ts'
import { EXIT_CODES } from './exit-codes.ts'
import { readFigures, STEPS_OF } from './figures.ts'
import type { ConformanceReport } from './report.ts'
import type { RunState } from './run-state.ts'

let devnet: Devnet
let folder: string
beforeAll(async () => {
  devnet = await startDevnet({ chainLabel: 'conformance command', controls: true })
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-conformance-'))
})
afterAll(async () => {
  await devnet.stop()
  await rm(folder, { recursive: true })
})

/** Runs the command with nobody at its terminal; it is killed once it has printed `killAt`. */
async function command(args: readonly string[], key?: string, killAt?: string) {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    cwd: folder,
    env: { ...process.env, ...(key ? { TEST_KEY: key } : {}) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  let words = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    if (killAt && text.includes(killAt)) child.kill('SIGKILL')
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    words += chunk
  })
  const [code] = await once(child, 'close')
  return { code, text: `${words}${text}`, lastLine: text.trimEnd().split('\n').at(-1) ?? '' }
}

// A loaded machine may be slow.
describe('npm run conformance', { timeout: 120_000 }, () => {
  it('goes on after a kill, pays nothing twice, keeps no key, and finds our devnet as recorded', async () => {
    const { address, privateKey } = devnet.accounts.alice
    const path = join(folder, 'run.json')
    const args = ['--node', devnet.url, '--key-env', 'TEST_KEY', '--state', path, '--yes']
    const killed = await command(args, privateKey, 'redeemFirst')
    expect(killed.code).toBeNull()
    const { code, text, lastLine } = await command(args, privateKey)
    const report = JSON.parse(lastLine) as ConformanceReport
    expect(report).toMatchObject({ ok: true, node: devnet.url, chainId: devnet.chainId, solid: true })
    expect([code, report.reason]).toEqual([EXIT_CODES.ok, null])
    expect(report.probes).toEqual({ equal: 59, different: [] })
    for (const { node, devnet: recorded } of Object.values(report.energy)) expect(node).toBe(recorded)
    const { funded, paid, refunded, purses, reserved } = report.money!
    expect(BigInt(funded)).toBe(BigInt(paid) + BigInt(refunded))
    expect([purses, reserved]).toEqual(['0', '0'])

    const figures = readFigures()
    expect(Object.keys(report.steps).sort()).toEqual(Object.keys(figures).sort())
    const account = bytesToHex(addressToBytes(address))
    const byHelpers = STEPS_OF.relay.length + STEPS_OF.session.length
    expect(devnet.chain.listTransactions(account)).toHaveLength(Object.keys(figures).length - byHelpers)

    const written = await readFile(path, 'utf8')
    const state = JSON.parse(written) as RunState
    const { payer, session, relay, stranger, delegate, payees } = createCast(privateKey, state.runId)
    const everything = `${killed.text}${text}${written}`.toLowerCase()
    for (const { key } of [payer, session, relay, stranger, delegate, ...payees])
      expect(everything).not.toContain(bytesToHex(key).slice(2))

    const again = await command(args, privateKey)
    expect(again.code).toBe(EXIT_CODES.ok)
    expect(devnet.chain.listTransactions(account)).toHaveLength(Object.keys(figures).length - byHelpers)
  })

  it('shows its cost and asks', async () => {
    const args = ['--node', devnet.url, '--key-env', 'TEST_KEY']
    const { code, text, lastLine } = await command(args, devnet.accounts.bob.privateKey)
    expect(code).toBe(EXIT_CODES.declined)
    expect(text).toMatch(/cost +[\d.]+ TRX \(\d+ sun\)/)
    expect(JSON.parse(lastLine)).toMatchObject({ ok: false, ending: 'declined', steps: {} })
  })

  it('refuses a key that is none, and does not repeat it', async () => {
    const secret = 'c0ffee'.repeat(10)
    const { code, text, lastLine } = await command(['--node', devnet.url, '--key-env', 'TEST_KEY'], secret)
    expect(code).toBe(EXIT_CODES['bad-arguments'])
    expect(text).not.toContain(secret)
    expect(JSON.parse(lastLine)).toMatchObject({ ok: false, ending: 'bad-arguments' })
  })
})
