/** Puts the compiled SwarmChannels and the BTT test token on a devnet. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { utils } from 'tronweb'
import { bytesToHex, hexToBytes } from '../lib/base/index.ts'
import type { Address } from '../lib/tron/index.ts'
import { addressToBytes } from '../lib/tron/index.ts'
import type { Blockchain } from './chain/blockchain.ts'
import { FAUCET_ACCOUNT } from './chain/demo-accounts.ts'
import { sendAs } from './chain/local-sender.ts'
import { accountIdToAddress, formatAccountId } from './codec/account-id.ts'
import { DevnetRefusal } from './devnet-error.ts'

export interface Deployment {
  /** The SwarmChannels instance. */
  readonly contract: Address
  /** The TRC-20 BTT. */
  readonly token: Address
}

interface Artifact {
  readonly abi: readonly AbiFragment[]
  /** Creation code, hex. */
  readonly bytecode: string
}
type AbiFragment = Readonly<Record<string, unknown>> & {
  readonly type: string
  readonly inputs?: readonly unknown[]
}

const TOKEN_NAME = 'BttToken'
const CONTRACT_NAME = 'SwarmChannels'

/**
 * Deploys both; on a restored chain only what is missing or was compiled from other sources. The faucet account owns the
 * token's supply.
 */
export async function deployContracts(devnet: { readonly chain: Blockchain }): Promise<Deployment> {
  const { chain } = devnet
  const tokenArtifact = readArtifact(TOKEN_NAME)
  const contractArtifact = readArtifact(CONTRACT_NAME)
  const oldToken = findByName(chain, TOKEN_NAME, tokenArtifact)
  const oldContract = findByName(chain, CONTRACT_NAME, contractArtifact)
  if (oldToken && oldContract) return { contract: oldContract, token: oldToken }
  const token =
    oldToken ??
    (await deploy(chain, TOKEN_NAME, tokenArtifact, constructorArguments(tokenArtifact, TOKEN_NAME)))
  const contract = await deploy(chain, CONTRACT_NAME, contractArtifact, [bytesToHex(addressToBytes(token))])
  return { contract, token }
}

/** The newest contracts of the faucet account under our names; null without both. */
export function findDeployment(chain: Blockchain): Deployment | null {
  const token = findByName(chain, TOKEN_NAME, null)
  const contract = findByName(chain, CONTRACT_NAME, null)
  return token && contract ? { contract, token } : null
}

/** With an artifact, only a contract that was made from it. Gives the contract its full ABI. */
function findByName(chain: Blockchain, name: string, artifact: Artifact | null): Address | null {
  const deployer = bytesToHex(addressToBytes(FAUCET_ACCOUNT.address))
  const found = chain.contracts.findByName(deployer, name)
  if (!found) return null
  const code = artifact ? hexToBytes(artifact.bytecode) : new Uint8Array(0)
  if (Buffer.compare(found.creation.bytecode.subarray(0, code.length), code) !== 0) return null
  if (!found.hasFullAbi) chain.contracts.registerAbi(found.address, readArtifact(name).abi)
  return accountIdToAddress(found.address)
}

function readArtifact(name: string): Artifact {
  const path = fileURLToPath(new URL(`../contracts/artifacts/${name}.json`, import.meta.url))
  return JSON.parse(readFileSync(path, 'utf8')) as Artifact
}

/** The token's constructor takes nothing, or the account that gets the supply. */
function constructorArguments(artifact: Artifact, name: string): readonly string[] {
  const inputs = artifact.abi.find((fragment) => fragment.type === 'constructor')?.inputs ?? []
  if (inputs.length === 0) return []
  if (inputs.length === 1) return [bytesToHex(addressToBytes(FAUCET_ACCOUNT.address))]
  throw new DevnetRefusal(
    'CONTRACT_VALIDATE_ERROR',
    `the constructor of ${name} is not one that the devnet knows`,
  )
}

async function deploy(
  chain: Blockchain,
  name: string,
  artifact: Artifact,
  addresses: readonly string[],
): Promise<Address> {
  const parameters = utils.ethersUtils.AbiCoder.defaultAbiCoder()
    .encode(
      addresses.map(() => 'address'),
      [...addresses],
    )
    .slice(2)
  const origin = formatAccountId(bytesToHex(addressToBytes(FAUCET_ACCOUNT.address)), false)
  const info = await sendAs(chain, FAUCET_ACCOUNT, 'CreateSmartContract', {
    new_contract: {
      origin_address: origin,
      name,
      abi: { entrys: artifact.abi },
      bytecode: artifact.bytecode.replace(/^0x/, '') + parameters,
      consume_user_resource_percent: 100,
      origin_energy_limit: 10_000_000,
    },
  })
  chain.contracts.registerAbi(info.contract!, artifact.abi)
  return accountIdToAddress(info.contract!)
}
