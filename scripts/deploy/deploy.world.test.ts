import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Deployment, type Devnet, deployContracts, startDevnet } from '../../devnet/index.ts'
import { bytesToHex } from '../../lib/base/index.ts'
import { channelId, connectChain, planOpening } from '../../lib/channels/index.ts'
import { parseConfig } from '../../lib/config/index.ts'
import { addressOfPrivateKey, addressToBytes } from '../../lib/tron/index.ts'
import { toAmount, toFeeSun } from '../../lib/units/index.ts'
import { createKeySigner } from '../../lib/wallet/key-signer.ts'
import { readArtifact } from './contract-code.ts'
import { type DeployIo, deploy } from './deploy.ts'
import { parseOptions } from './options.ts'
import { startProxy } from './testing/start-proxy.ts'

let devnet: Devnet
let deployment: Deployment
let clean: string
let folder: string
let configPath: string
let recordPath: string

beforeAll(async () => {
  devnet = await startDevnet({ chainLabel: 'deploy test', solidLagBlocks: 19 })
  deployment = await deployContracts(devnet)
  clean = await devnet.takeSnapshot()
})
afterAll(() => devnet.stop())

beforeEach(async () => {
  await devnet.restoreSnapshot(clean)
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-deploy-'))
  configPath = join(folder, 'config.json')
  recordPath = join(folder, 'record/devnet.json')
  await copyFile(fileURLToPath(new URL('../../public/config.json', import.meta.url)), configPath)
})
afterEach(async () => {
  devnet.faults.clear()
  await rm(folder, { recursive: true })
})

/** Runs the deployment as alice; `lines` is everything that was said. */
async function run(args: readonly string[], changes: Partial<DeployIo> = {}) {
  const lines: string[] = []
  const options = parseOptions([
    ...['--network', 'devnet', '--node', devnet.url, '--token', deployment.token],
    ...['--config', configPath, '--record', recordPath, ...args],
  ])!
  const outcome = await deploy(options, {
    artifact: readArtifact('SwarmChannels'),
    signer: createKeySigner(devnet.accounts.alice.privateKey),
    ask: async () => null,
    ...changes,
    say: (line) => {
      lines.push(line)
      changes.say?.(line)
    },
  }).catch((error: unknown) => error as Error)
  return { outcome, text: lines.join('\n') }
}

/** A person who types these answers, and is then gone. */
function answering(typed: readonly string[]): Partial<DeployIo> {
  const left = [...typed]
  return { ask: async () => left.shift() ?? null }
}

const readConfig = () => readFile(configPath, 'utf8')
const countContracts = () => devnet.chain.contracts.list().length
const readNetwork = async () => parseConfig(JSON.parse(await readConfig())).network

/** Everything is as before: the chain, the configuration, no record, no file half written. */
async function expectNothingDone(before: { readonly config: string }) {
  expect(await readConfig()).toBe(before.config)
  expect(devnet.chain.listTransactions(bytesToHex(addressToBytes(devnet.accounts.alice.address)))).toEqual([])
  expect(countContracts()).toBe(2)
  expect((await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.json'))).toEqual([
    'config.json',
  ])
}
const look = async () => ({ config: await readConfig() })

describe('a deployment', () => {
  it('stands on the chain as compiled, is named in the configuration, and opens channels', async () => {
    const before = JSON.parse(await readConfig())
    const { outcome, text } = await run(['--yes'])
    expect(outcome).toBe('deployed')
    const network = await readNetwork()
    expect(network).toEqual({ ...devnet.toNetwork(), contract: network.contract, token: deployment.token })
    expect(network.contract).not.toBe(deployment.contract)
    const after = JSON.parse(await readConfig())
    expect({ ...after, network: null }).toEqual({ ...before, network: null })
    expect(text).toContain(`contract ${before.network.contract} -> ${network.contract}`)
    const energy = /energy +(\d+) at 100 sun/.exec(text)?.[1]
    expect(text).toContain(`: ${energy} energy, `)
    expect(text).toMatch(/keccak256 0x[0-9a-f]{64}/)

    const { viewer, bob } = devnet.accounts
    const amount = toAmount(10n ** 18n)
    await devnet.fundAccount(viewer.address, { trxSun: toFeeSun(1_000_000_000n), bttAmount: amount })
    const chain = await connectChain(network)
    const payer = createKeySigner(viewer.privateKey)
    const signer = addressOfPrivateKey(new Uint8Array(32).fill(7))
    const { channel, note } = planOpening(
      [{ payee: bob.address, delegate: signer, cap: amount }],
      { payer: payer.address, signer, closeDelaySec: 3_600 },
      new Uint8Array(16).fill(1),
    )
    await chain.send({ kind: 'approve', amount }, payer)
    const untilSec = BigInt(Math.floor(devnet.chain.nowMs() / 1000) + 86_400)
    await chain.send({ kind: 'fundAndOpen', amount, untilSec, channel, note }, payer)
    expect(await chain.getChannel(channelId(channel, network))).toEqual({ status: 'open', signer })
  })

  it('says what it costs, and asks, before anything is signed', async () => {
    const said: string[] = []
    let asked = ''
    const { outcome } = await run([], {
      say: (line) => said.push(line),
      ask: async (question) => {
        asked = `${said.join('\n')}\n${question}`
        return 'yes'
      },
    })
    expect(outcome).toBe('deployed')
    expect(asked).toMatch(/cost +[\d.]+ TRX \(\d+ sun\)/)
    expect(asked).toContain(`chain id   ${devnet.chainId} `)
    expect(asked).toContain(`token      ${deployment.token} (BTT, 18 decimals)`)
    expect(asked).toContain('balance    10,000 TRX')
    expect(asked).toMatch(/Deploy\? \(yes\/no\) $/)
    expect(asked).not.toContain('Sending')
  })

  it('keeps the key out of everything it says and writes', async () => {
    const key = devnet.accounts.alice.privateKey.slice(2)
    const { text } = await run(['--yes'])
    const files = await Promise.all([configPath, recordPath].map((path) => readFile(path, 'utf8')))
    for (const where of [text, ...files]) expect(where.toLowerCase()).not.toContain(key.toLowerCase())
  })

  it('is not made twice: a second run finds it, unless another is asked for', async () => {
    await run(['--yes'])
    const first = await readNetwork()
    const contracts = countContracts()
    await copyFile(fileURLToPath(new URL('../../public/config.json', import.meta.url)), configPath)
    const again = await run(['--yes'])
    expect(again.outcome).toBe('deployed')
    expect(again.text).toContain(`deployed already, at ${first.contract}`)
    expect(countContracts()).toBe(contracts)
    expect(await readNetwork()).toEqual(first)
    await run(['--yes', '--again'])
    expect(countContracts()).toBe(contracts + 1)
    expect((await readNetwork()).contract).not.toBe(first.contract)
  })

  it('is made anew when a reorganisation took it away', async () => {
    await run(['--yes'])
    const first = await readNetwork()
    await devnet.reorganise({ dropBlocks: 1, transactions: 'forget' })
    const { outcome, text } = await run(['--yes'])
    expect(outcome).toBe('deployed')
    expect(text).toContain(`${first.contract}, which an earlier run deployed, is not on this chain`)
    expect((await readNetwork()).contract).not.toBe(first.contract)
  })
})

describe('a dry run', () => {
  it('needs no key, prices the deployment and changes nothing', async () => {
    const before = await look()
    const { outcome, text } = await run([], { signer: null })
    expect(outcome).toBe('dry')
    expect(text).toMatch(/cost +[\d.]+ TRX/)
    expect(text).toContain('nobody yet')
    expect(text).toContain('PIECEMEAL_DEPLOYER_KEY: nothing was sent')
    await expectNothingDone(before)
    const asked = await run(['--dry-run', '--yes'])
    expect(asked.outcome).toBe('dry')
    const from = await run(['--from', devnet.accounts.bob.address], { signer: null })
    expect(from.text).toContain('balance    10,000 TRX')
    await expectNothingDone(before)
  })

  it('says so when the node cannot be reached', async () => {
    const before = await look()
    await devnet.goDown()
    const { outcome } = await run([], { signer: null })
    await devnet.comeBack()
    expect(outcome).toMatchObject({ code: 'unreachable' })
    expect((outcome as Error).message).toContain(`${devnet.url} cannot be reached`)
    await expectNothingDone(before)
  })

  it('finds what an earlier run deployed and leaves the configuration alone', async () => {
    await run(['--yes'])
    await copyFile(fileURLToPath(new URL('../../public/config.json', import.meta.url)), configPath)
    const before = await readConfig()
    const { outcome, text } = await run([], { signer: null })
    expect(outcome).toBe('dry')
    expect(text).toContain('deployed already')
    expect(await readConfig()).toBe(before)
  })
})

describe('nothing is deployed', () => {
  it.each([
    ['the person says no', [], answering(['no']), 'declined'],
    ['the person says nothing', [], answering(['']), 'declined'],
    ['nobody is there to ask', [], {}, { code: 'no-terminal' }],
    [
      'it was interrupted before',
      ['--yes'],
      { signal: AbortSignal.abort(new Error('stop')) },
      { message: 'stop' },
    ],
    ['the node is of another network', ['--network', 'nile', '--yes'], {}, { code: 'wrong-network' }],
    ['no token is known', ['--network', 'shasta', '--token', ''], {}, { code: 'bad-option' }],
  ] as const)('when %s', async (_name, args, changes, expected) => {
    const before = await look()
    const { outcome } = await run(args, changes as Partial<DeployIo>).catch((error: unknown) => ({
      outcome: error,
    }))
    if (typeof expected === 'string') expect(outcome).toBe(expected)
    else expect(outcome).toMatchObject(expected)
    await expectNothingDone(before)
  })

  it('when Shasta is named without a token', async () => {
    const options = parseOptions(['--network', 'shasta', '--node', devnet.url, '--config', configPath])!
    const io = {
      artifact: readArtifact('SwarmChannels'),
      signer: null,
      say: () => undefined,
      ask: async () => null,
    }
    await expect(deploy(options, io)).rejects.toMatchObject({ code: 'no-token' })
  })

  it('when the account has too little TRX', async () => {
    const key = `0x${'5e'.repeat(32)}`
    const signer = createKeySigner(key)
    await devnet.fundAccount(signer.address, { trxSun: toFeeSun(100_000_000n), bttAmount: toAmount(0n) })
    await devnet.mine()
    const before = await look()
    const { outcome, text } = await run(['--yes'], { signer })
    expect(outcome).toMatchObject({ code: 'too-little-trx' })
    expect(text).toContain('balance    100 TRX')
    await expectNothingDone(before)
  })

  it('when the token is no contract', async () => {
    const before = await look()
    const { outcome } = await run(['--yes', '--token', devnet.accounts.bob.address])
    expect(outcome).toBeInstanceOf(Error)
    await expectNothingDone(before)
  })

  it('when the configuration could not be written afterwards', async () => {
    await writeFile(configPath, '{"network": {}, "trackers": 7}')
    const before = await look()
    expect((await run(['--yes'])).outcome).toMatchObject({ code: 'config' })
    await expectNothingDone(before)
  })

  it('when the record cannot be read: something may be under way', async () => {
    await run(['--yes'])
    await writeFile(recordPath, '{"status":')
    const contracts = countContracts()
    expect((await run(['--yes'])).outcome).toMatchObject({ code: 'record' })
    expect(countContracts()).toBe(contracts)
  })
})

describe('a node that falls silent', () => {
  const silenceWhenSent = (moment: 'before' | 'after') => ({
    say: (line: string) => {
      if (line.startsWith('Sending')) devnet.faults.add({ effect: { kind: 'reset' }, moment })
    },
  })

  it('having taken the transaction, leaves its id and a second run that finds it', async () => {
    const before = await readConfig()
    const contracts = countContracts()
    const silent = await run(['--yes'], silenceWhenSent('after'))
    const txId = /Sending ([0-9a-f]{64})/.exec(silent.text)?.[1]
    expect(silent.outcome).toBe('unknown')
    expect(silent.text).toContain(`whether transaction ${txId} was taken`)
    expect(silent.text).toContain('Run the same command again')
    expect(await readConfig()).toBe(before)
    devnet.faults.clear()
    const again = await run(['--yes'])
    expect(again.outcome).toBe('deployed')
    expect(again.text).toContain(`An earlier run sent ${txId}`)
    expect(countContracts()).toBe(contracts + 1)
  })

  it('without having taken it, is not overtaken by a second deployment before the first has expired', async () => {
    const contracts = countContracts()
    expect((await run(['--yes'], silenceWhenSent('before'))).outcome).toBe('unknown')
    devnet.faults.clear()
    const early = await run(['--yes'])
    expect(early.outcome).toBe('unknown')
    expect(early.text).toContain('No block has it yet')
    expect(countContracts()).toBe(contracts)
    await devnet.advance(300)
    const late = await run(['--yes'])
    expect(late.text).toContain('none can any more')
    expect(late.outcome).toBe('deployed')
    expect(countContracts()).toBe(contracts + 1)
  })

  it('is waited for until it is interrupted, and a second run finds what was sent', async () => {
    const slow = await startDevnet({ chainLabel: 'slow deploy', blockTime: 60_000 })
    const { token } = await deployContracts(slow)
    await slow.mine()
    const stopping = new AbortController()
    const args = ['--yes', '--node', slow.url, '--token', token]
    const stopped = await run(args, {
      signal: stopping.signal,
      say: (line) => line.startsWith('Sending') && stopping.abort(new Error('stop')),
    })
    expect(stopped.outcome).toBe('unknown')
    await slow.mine()
    expect((await run(args)).outcome).toBe('deployed')
    expect(slow.chain.contracts.list()).toHaveLength(3)
    await slow.stop()
  })
})

describe('a node that lies', () => {
  it('about the energy gets a failed transaction, and the configuration stays', async () => {
    const proxy = await startProxy(devnet.url, (path, body, reply) =>
      path === '/wallet/triggerconstantcontract' && !body.contract_address
        ? { ...reply, energy_used: 1_000 }
        : reply,
    )
    const before = await readConfig()
    const { outcome } = await run(['--yes', '--node', proxy.url])
    expect(outcome).toMatchObject({ code: 'out-of-energy' })
    expect(await readConfig()).toBe(before)
    expect((await run(['--yes'])).text).not.toContain('An earlier run')
    await proxy.stop()
  })

  it('about its chain is found out by the code that it runs; mainnet’s name is to be typed', async () => {
    const proxy = await startProxy(devnet.url, (path, body, reply) =>
      path === '/wallet/getblockbynum' && body.num === 0
        ? { ...reply, blockID: `${'0'.repeat(56)}2b6653dc` }
        : reply,
    )
    const before = await look()
    const mainnet = ['--network', 'mainnet', '--node', proxy.url]
    expect((await run(mainnet, answering(['yes', 'yes']))).outcome).toBe('declined')
    expect((await run([...mainnet, '--yes'])).outcome).toMatchObject({ code: 'no-terminal' })
    expect((await run([...mainnet, '--yes', '--confirm', 'nile'])).outcome).toBe('declined')
    await expectNothingDone(before)
    const { outcome } = await run(mainnet, answering(['yes', 'mainnet']))
    expect(outcome).toMatchObject({ code: 'code-differs' })
    expect(await readConfig()).toBe(before.config)
    await proxy.stop()
  })
})
