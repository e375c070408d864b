/**
 * The deployment, step by step. Invariants: what it costs is shown before anything is signed; a transaction is on the
 * disk before it is sent; the configuration is written only for code that was read back and is the artifact's.
 */

import { ChainError, type Hex, hexToBytes, ProgramError } from '../../lib/base/index.ts'
import { swarmChannelsAbi } from '../../lib/channels/index.ts'
import type { Address, Network, TransactionReceipt, TransactionSigner } from '../../lib/tron/index.ts'
import {
  broadcast,
  checkAffordable,
  checkSigned,
  createNodeClient,
  isFateUnknown,
  isMined,
  loadTronCodec,
  type NodeClient,
  readChainId,
  readHead,
  readReceipt,
  type TronCodec,
  waitForReceipt,
} from '../../lib/tron/index.ts'
import { type Artifact, expectedCode, hashCode } from './contract-code.ts'
import {
  CONTRACT_NAME,
  chooseToken,
  type DeploymentPlan,
  describePlan,
  formatFee,
  planDeployment,
} from './deployment-plan.ts'
import { type DeploymentRecord, deleteRecord, readRecord, writeRecord } from './deployment-record.ts'
import { buildDeployment } from './deployment-transaction.ts'
import { type DeployOptions, KEY_VARIABLE, type TargetNetwork, toTarget } from './options.ts'
import { CODE_READS_WHEN_FRESH, readCodeHash } from './read-code-hash.ts'
import { checkConfig, readConfigNetwork, writeConfigNetwork } from './rewrite-config.ts'

/** Past a transaction's expiry the chain may still be late to show it. */
const GRACE_MS = 30_000

export interface DeployIo {
  readonly artifact: Artifact
  /** Null without a key: then it is a dry run. */
  readonly signer: TransactionSigner | null
  say(line: string): void
  /** What a person types; null when nobody is there. */
  ask(question: string): Promise<string | null>
  /** Ends the wait for a receipt; what was sent stays sent. */
  readonly signal?: AbortSignal
}

/** `unknown`: something was sent whose fate nobody knows yet; the same command finds it again. */
export type DeployOutcome = 'deployed' | 'dry' | 'declined' | 'unknown'

interface Site {
  readonly node: NodeClient
  readonly codec: TronCodec
  readonly options: DeployOptions
  readonly io: DeployIo
  readonly target: TargetNetwork
  readonly chainId: number
  readonly token: Address
  /** The configuration's network before. */
  readonly before: Readonly<Record<string, unknown>>
  readonly isDry: boolean
}

/** Deploys, or finds what an earlier run deployed. Throws AppError or ChainError; then nothing new stands anywhere. */
export async function deploy(options: DeployOptions, io: DeployIo): Promise<DeployOutcome> {
  const site = await survey(options, io)
  const found = await findEarlier(site)
  if (found === 'pending') return 'unknown'
  if (found) return site.isDry ? 'dry' : finish(site, found, null)
  const { artifact, signer, say } = io
  const deployer = signer?.address ?? options.from
  const request = { artifact, chainId: site.chainId, token: site.token, deployer }
  const plan = await planDeployment(site.node, site.codec, request)
  const codeBytes = hexToBytes(artifact.deployedBytecode).length
  for (const line of describePlan(plan, { ...request, target: site.target, codeBytes })) say(line)
  say(`  config     ${options.configPath}: its contract is ${String(site.before.contract)} now`)
  if (site.isDry || !signer) {
    say(
      options.isDryRun
        ? 'A dry run: nothing was sent.'
        : `A dry run, for want of a key in ${KEY_VARIABLE}: nothing was sent.`,
    )
    return 'dry'
  }
  await checkAffordable(site.node, signer.address, plan.quote, plan.prices)
  if (!(await isAgreed(site))) {
    say('Nothing was sent.')
    return 'declined'
  }
  return send(site, plan, signer)
}

/** Looks at everything that could stand in the way, before anything costs. */
async function survey(options: DeployOptions, io: DeployIo): Promise<Site> {
  const target = toTarget(options)
  const before = await readConfigNetwork(options.configPath)
  const token = chooseToken(target, before)
  if (!token) throw new ProgramError('no-token', `no BTT is known on ${target.label}: name one with --token`)
  const node = createNodeClient(target.nodeUrl)
  const chainId = await readChainId(node).catch((cause: unknown) => {
    if (!(cause instanceof ChainError) || cause.code !== 'unreachable') throw cause
    const message = `the node ${target.nodeUrl} cannot be reached: nothing could be priced, and nothing was sent`
    throw new ChainError('unreachable', message, { cause })
  })
  if (target.chainId !== null && chainId !== target.chainId)
    throw new ChainError(
      'wrong-network',
      `the node ${target.nodeUrl} serves chain ${chainId}, and ${target.label} is ${target.chainId}: nothing was sent`,
    )
  const isDry = options.isDryRun || io.signer === null
  const site = { node, codec: await loadTronCodec(), options, io, target, chainId, token, before, isDry }
  await checkConfig(options.configPath, toNetwork(site, token))
  return site
}

/** What an earlier run left: a contract that stands, a transaction that may still come, or nothing that matters. */
async function findEarlier(site: Site): Promise<DeploymentRecord | 'pending' | null> {
  const { options, io } = site
  const record = await readRecord(options.recordPath)
  if (!record) return null
  if (record.chainId !== site.chainId) {
    // A devnet begins anew as it likes; a public network has one chain.
    if (site.target.name === 'devnet') return null
    throw new ProgramError(
      'record',
      `${options.recordPath} is about another chain: name another with --record`,
    )
  }
  if (record.status === 'deployed') return findDeployed(site, record)
  io.say(`An earlier run sent ${record.txId.slice(2)}; looking it up.`)
  const reply = await site.node.post('/wallet/gettransactioninfobyid', { value: record.txId.slice(2) })
  if (isMined(reply)) {
    try {
      readReceipt(reply, record.txId, site.codec.createInterface(swarmChannelsAbi))
    } catch (error) {
      if (!(error instanceof ChainError) || error.code === 'bad-reply') throw error
      io.say(`It failed on the chain: ${error.message}`)
      if (!site.isDry) await deleteRecord(options.recordPath)
      return null
    }
    io.say('It is in a block.')
    return record
  }
  const head = await readHead(site.node)
  if (head.timestampMs > record.expiresAtMs + GRACE_MS) {
    io.say('No block took it, and none can any more.')
    if (!site.isDry) await deleteRecord(options.recordPath)
    return null
  }
  io.say(
    `No block has it yet. One may take it until ${new Date(record.expiresAtMs).toISOString()}: run this again after that.`,
  )
  return 'pending'
}

async function findDeployed(site: Site, record: DeploymentRecord): Promise<DeploymentRecord | null> {
  const { io, options, token, chainId } = site
  const wanted = hashCode(expectedCode(io.artifact, { chainId, token, contract: record.contract }))
  if (options.mayRepeat || wanted !== record.codeHash) return null
  if ((await readCodeHash(site.node, record.contract, 1)) !== wanted) {
    io.say(`${record.contract}, which an earlier run deployed, is not on this chain.`)
    return null
  }
  io.say(`This code is deployed already, at ${record.contract}; --again deploys another.`)
  return record
}

/** Asks; on mainnet the network's name is to be typed besides. Throws AppError when nobody is there to ask. */
async function isAgreed({ options, io, target }: Site): Promise<boolean> {
  const ask = async (question: string, flag: string): Promise<string> => {
    const answer = await io.ask(question)
    if (answer === null)
      throw new ProgramError('no-terminal', `nobody is there to ask: ${flag} agrees beforehand`)
    return answer.trim().toLowerCase()
  }
  if (!options.isSure && !/^y(es)?$/.test(await ask('Deploy? (yes/no) ', '--yes'))) return false
  if (target.name !== 'mainnet') return true
  const typed =
    options.typedName ??
    (await ask('This spends real TRX. Type the network’s name to go on: ', '--confirm mainnet'))
  return typed === 'mainnet'
}

async function send(site: Site, plan: DeploymentPlan, signer: TransactionSigner): Promise<DeployOutcome> {
  const { io, options, node, codec, token, chainId } = site
  const owner = signer.address
  const { unsigned, contract, expiresAtMs } = buildDeployment(codec, {
    owner,
    name: CONTRACT_NAME,
    abi: io.artifact.abi,
    code: plan.code,
    feeLimitSun: plan.feeLimitSun,
    head: await readHead(node),
    nowMs: Date.now(),
  })
  const signed = checkSigned(unsigned, await signer.signTransaction(unsigned), owner)
  const txId: Hex = `0x${signed.txID}`
  const codeHash = hashCode(expectedCode(io.artifact, { chainId, token, contract }))
  io.signal?.throwIfAborted()
  const record: DeploymentRecord = {
    status: 'sent',
    ...{ chainId, txId, contract, token, deployer: owner, codeHash, expiresAtMs },
  }
  await writeRecord(options.recordPath, record)
  io.say(`Sending ${signed.txID}`)
  let receipt: TransactionReceipt
  try {
    await broadcast(node, signed)
    const abi = codec.createInterface(swarmChannelsAbi)
    receipt = await waitForReceipt(node, { txId, expiresAtMs }, abi, io.signal)
  } catch (error) {
    if (!isFateUnknown(error) && !io.signal?.aborted) {
      await deleteRecord(options.recordPath)
      throw error
    }
    io.say(`Nobody can tell yet whether transaction ${signed.txID} was taken.`)
    io.say(
      `It is noted in ${options.recordPath}. Run the same command again: it looks the transaction up, and deploys nothing twice.`,
    )
    return 'unknown'
  }
  io.say(`In block ${receipt.blockNumber}: ${receipt.energy} energy, ${formatFee(receipt.feeSun)} burned`)
  return finish(site, record, receipt)
}

/** Compares the code on the chain, then notes the contract and writes the configuration. */
async function finish(
  site: Site,
  record: DeploymentRecord,
  receipt: TransactionReceipt | null,
): Promise<DeployOutcome> {
  const { io, options, before } = site
  const { contract, codeHash } = record
  const actual = await readCodeHash(site.node, contract, receipt ? CODE_READS_WHEN_FRESH : 1)
  if (actual !== codeHash)
    throw new ChainError(
      'code-differs',
      `the code at ${contract} is ${actual ?? 'missing'}, and ${codeHash} was to be there: the configuration stays as it was`,
    )
  io.say(`Verified   the code at ${contract} is the artifact’s, immutables included: keccak256 ${actual}`)
  await writeRecord(options.recordPath, { ...record, status: 'deployed' })
  await writeConfigNetwork(options.configPath, toNetwork({ ...site, token: record.token }, contract))
  io.say(`Written    ${options.configPath}: contract ${String(before.contract)} -> ${contract}`)
  if (before.name !== site.target.name || before.token !== record.token)
    io.say(
      `           network ${String(before.name)} -> ${site.target.name}, token ${String(before.token)} -> ${record.token}`,
    )
  return 'deployed'
}

/** Fields that stay the operator's. */
const KEPT = ['label', 'fullHost', 'otherHosts', 'apiKey', 'explorerUrl', 'faucetUrl'] as const

/**
 * What the configuration is to name. Where it had this network already, its host and links stay the operator's: the node
 * of a deployment may be private. A devnet is all in one place.
 */
function toNetwork(
  { target, before, chainId, token }: Pick<Site, 'target' | 'before' | 'chainId' | 'token'>,
  contract: Address,
): Network {
  const { label, fullHost, explorerUrl, isTestnet, faucetUrl, name } = target
  const fresh = { name, label, fullHost, chainId, contract, token, explorerUrl, isTestnet, faucetUrl }
  if (name === 'devnet' || before.name !== name) return fresh
  const kept = KEPT.filter((key) => key in before)
  return { ...fresh, ...(Object.fromEntries(kept.map((key) => [key, before[key]])) as Partial<Network>) }
}
