/** What a deployment would do and cost, read from the chain and written for people. Nothing here sends anything. */

import type { Hex } from '../../lib/base/index.ts'
import { swarmChannelsAbi } from '../../lib/channels/index.ts'
import type { ChainPrices, FeeQuote, TronCodec } from '../../lib/tron/index.ts'
import {
  type Address,
  bandwidthOf,
  callConstant,
  checkSize,
  createPriceReader,
  decodeRefusal,
  decodeRevert,
  feeLimitOf,
  type NodeClient,
  parseAddress,
  quoteFee,
  readCount,
  readHead,
  readHex,
  readObject,
  readWords,
  toAccountHex,
  trc20Abi,
} from '../../lib/tron/index.ts'
import { BTT, type FeeSun, formatDecimal, TRX, toFeeSun } from '../../lib/units/index.ts'
import { type Artifact, creationCode } from './contract-code.ts'
import { buildDeployment } from './deployment-transaction.ts'
import type { TargetNetwork } from './options.ts'

export const CONTRACT_NAME = 'SwarmChannels'
/** BTT's: prices and budgets of the page count on it. */

export interface DeploymentPlan {
  readonly quote: FeeQuote
  readonly prices: ChainPrices
  readonly feeLimitSun: FeeSun
  /** Creation code with the token. */
  readonly code: Hex
  readonly tokenSymbol: string
  readonly tokenDecimals: number
  /** Null when nobody is named. */
  readonly balanceSun: FeeSun | null
}

export interface PlanRequest {
  readonly artifact: Artifact
  readonly chainId: number
  readonly token: Address
  /** Whose balance to show; null in a dry run without a key. */
  readonly deployer: Address | null
}

/** Prices a deployment on the node. Throws ChainError: the revert of the constructor, or what the node fails at. */
export async function planDeployment(
  node: NodeClient,
  codec: TronCodec,
  request: PlanRequest,
): Promise<DeploymentPlan> {
  const { artifact, token, deployer } = request
  const owner = deployer ?? token
  const code = creationCode(artifact, token)
  const [energy, prices, head, words, balanceSun] = await Promise.all([
    simulateCreation(node, codec, code, owner),
    createPriceReader(node)(),
    readHead(node),
    readToken(node, codec, token),
    deployer && readBalance(node, deployer),
  ])
  const feeLimitSun = feeLimitOf(energy, prices)
  const terms = {
    owner,
    name: CONTRACT_NAME,
    abi: artifact.abi,
    code,
    feeLimitSun,
    head,
    nowMs: head.timestampMs,
  }
  const { unsigned } = buildDeployment(codec, terms)
  checkSize(unsigned)
  const quote = quoteFee(energy, bandwidthOf(unsigned.raw_data_hex), prices)
  return { quote, prices, feeLimitSun, code, balanceSun, ...words }
}

/** The energy that the constructor takes; a call to no contract runs creation code. Throws ChainError. */
export async function simulateCreation(
  node: NodeClient,
  codec: TronCodec,
  code: Hex,
  owner: Address,
): Promise<number> {
  const reply = await node.post('/wallet/triggerconstantcontract', {
    owner_address: toAccountHex(owner),
    data: code.slice(2),
    visible: false,
  })
  const result = readObject(reply.result ?? {}, 'result')
  const words = readWords(result.message)
  if (result.result !== true) throw decodeRefusal(String(result.code ?? ''), words)
  if (words !== '') {
    const results = Array.isArray(reply.constant_result) ? reply.constant_result : []
    const data = readHex(results[0] ?? '', null, 'constant_result')
    throw decodeRevert(data, codec.createInterface(swarmChannelsAbi), words)
  }
  return readCount(reply.energy_used, 'energy_used')
}

async function readBalance(node: NodeClient, owner: Address): Promise<FeeSun> {
  const account = await node.post('/wallet/getaccount', { address: toAccountHex(owner) })
  return toFeeSun(BigInt(readCount(account.balance, 'balance')))
}

async function readToken(
  node: NodeClient,
  codec: TronCodec,
  token: Address,
): Promise<Pick<DeploymentPlan, 'tokenSymbol' | 'tokenDecimals'>> {
  const abi = codec.createInterface(trc20Abi)
  const read = async (functionName: string) =>
    (await callConstant(node, { target: token, functionName, args: [], from: token }, abi)).output[0]
  const [symbol, decimals] = await Promise.all([read('symbol'), read('decimals')])
  return { tokenSymbol: readWords(symbol), tokenDecimals: Number(decimals) }
}

/** The plan as lines. */
export function describePlan(
  plan: DeploymentPlan,
  about: PlanRequest & { readonly target: TargetNetwork; readonly codeBytes: number },
): readonly string[] {
  const { quote, prices } = plan
  const { target, chainId } = about
  return [
    `Deploy SwarmChannels to ${target.label}`,
    `  node       ${target.nodeUrl}`,
    `  chain id   ${chainId} (0x${chainId.toString(16)}), by the node’s block 0`,
    `  token      ${about.token} (${plan.tokenSymbol}, ${plan.tokenDecimals} decimals)`,
    ...(plan.tokenDecimals === BTT.decimals
      ? []
      : [`             WARNING: BTT has ${BTT.decimals} decimals; the page would show wrong amounts`]),
    `  deployer   ${about.deployer ?? 'nobody yet: there is no key'}`,
    ...(plan.balanceSun === null ? [] : [`  balance    ${formatFee(plan.balanceSun)}`]),
    `  code       ${about.codeBytes} bytes, compiled by solc ${about.artifact.compiler.version}`,
    `  energy     ${quote.energy} at ${prices.energySun} sun`,
    `  bandwidth  ${quote.bandwidthBytes} bytes at ${prices.bandwidthSun} sun`,
    `  cost       ${formatFee(quote.feeSun)}, less what staking and free bandwidth cover`,
    `  fee limit  ${formatFee(plan.feeLimitSun)} for energy: more is never burned`,
  ]
}

/** "312.4 TRX (312400000 sun)". */
export function formatFee(feeSun: FeeSun): string {
  return `${formatDecimal(feeSun, TRX.decimals, TRX.decimals)} TRX (${feeSun} sun)`
}

/** The token to use: as the options say, or on a devnet the one that the configuration names. */
export function chooseToken(
  target: TargetNetwork,
  configured: Readonly<Record<string, unknown>>,
): Address | null {
  if (target.token || target.name !== 'devnet' || configured.name !== 'devnet') return target.token
  return parseAddress(configured.token)
}
