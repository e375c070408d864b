/** Differential: ids, digests and trees equal those of the compiled contract, run in an EVM on random inputs. */
import { readFileSync } from 'node:fs'
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { createEVM, type EVM } from '@ethereumjs/evm'
import { createAddressFromString } from '@ethereumjs/util'
import fc from 'fast-check'
import { utils } from 'tronweb'
import { beforeAll, describe, expect, it } from 'vitest'
import { bytesToHex, type Hex, hexToBytes } from '../units/index.ts'
import { type Address, addressFromBytes, addressToBytes } from './address.ts'
import type { ChannelFields } from './channel.ts'
import { channelId } from './channel-id.ts'
import { swarmChannelsAbi } from './generated/abi.ts'
import { buildSeatTree, verifySeatProof } from './seat-tree.ts'
import { anyAddress, anyAmount, anyBytes32, anyChannel, anyLeaves } from './test-arbitraries.ts'
import {
  domainSeparator,
  openDigest,
  releaseDigest,
  type TypedDataDomain,
  voucherDigest,
} from './typed-data.ts'

type ViewName =
  | 'channelId'
  | 'domainSeparator'
  | 'voucherDigest'
  | 'openDigest'
  | 'releaseDigest'
  | 'seatTree'

const CHAIN_ID = 0x2b6653dc
let evm: EVM
let domain: TypedDataDomain

const readArtifact = (name: string): { bytecode: Hex } =>
  JSON.parse(readFileSync(new URL(`../../contracts/artifacts/${name}.json`, import.meta.url), 'utf8'))

async function deploy(bytecode: string): Promise<string> {
  const { execResult, createdAddress } = await evm.runCall({
    data: hexToBytes(bytecode),
    gasLimit: 30_000_000n,
  })
  if (execResult.exceptionError || !createdAddress) throw new Error(execResult.exceptionError?.error)
  return createdAddress.toString()
}

async function view(name: ViewName, ...args: unknown[]): Promise<readonly Hex[]> {
  const entry = swarmChannelsAbi.find((candidate) => 'name' in candidate && candidate.name === name)
  const data = utils.abi.encodeFunctionData(entry as never, args)
  const { execResult } = await evm.runCall({
    to: createAddressFromString(bytesToHex(addressToBytes(domain.contract))),
    data: hexToBytes(data),
    gasLimit: 100_000_000n,
  })
  if (execResult.exceptionError) throw new Error(execResult.exceptionError.error)
  const answer = execResult.returnValue
  return Array.from({ length: answer.length / 32 }, (_, i) =>
    bytesToHex(answer.subarray(i * 32, i * 32 + 32)),
  )
}

const raw = (address: Address): Hex => bytesToHex(addressToBytes(address))
const channelTuple = (channel: ChannelFields): unknown[] => [
  raw(channel.payer),
  raw(channel.signer),
  channel.root,
  channel.total,
  channel.closeDelaySec,
  channel.salt,
]

beforeAll(async () => {
  const common = new Common({
    chain: { ...Mainnet, chainId: CHAIN_ID },
    hardfork: Hardfork.Shanghai,
  })
  evm = await createEVM({ common })
  const token = await deploy(readArtifact('BttToken').bytecode)
  const contract = await deploy(readArtifact('SwarmChannels').bytecode + token.slice(2).padStart(64, '0'))
  domain = { chainId: CHAIN_ID, contract: addressFromBytes(hexToBytes(contract)) }
})

describe('the TypeScript twins and the contract', () => {
  it('agree on the domain separator', async () => {
    expect(await view('domainSeparator')).toEqual([bytesToHex(domainSeparator(domain))])
  })

  it('agree on channel ids', async () => {
    await fc.assert(
      fc.asyncProperty(anyChannel, async (channel) => {
        expect(await view('channelId', channelTuple(channel))).toEqual([channelId(channel, domain)])
      }),
    )
  })

  it('agree on voucher, release and open digests', async () => {
    await fc.assert(
      fc.asyncProperty(anyBytes32, anyAddress, anyAmount, async (id, payee, cumulative) => {
        const message = { channelId: id, payee, cumulative }
        const voucher = await view('voucherDigest', id, raw(payee), cumulative)
        const release = await view('releaseDigest', id, raw(payee), cumulative)
        expect(voucher).toEqual([bytesToHex(voucherDigest(message, domain))])
        expect(release).toEqual([bytesToHex(releaseDigest(message, domain))])
        expect(await view('openDigest', id)).toEqual([bytesToHex(openDigest(message, domain))])
      }),
    )
  })

  it('agree on the root and sum of seats, for trees of 1 to 128', async () => {
    await fc.assert(
      fc.asyncProperty(anyLeaves(128), async (leaves) => {
        const tree = buildSeatTree(leaves)
        const tuples = tree.leaves.map((leaf) => [raw(leaf.payee), raw(leaf.delegate), leaf.cap])
        const [root, total] = await view('seatTree', tuples)
        expect(root).toBe(tree.root)
        expect(BigInt(total as Hex)).toBe(tree.total)
        for (const leaf of leaves) {
          expect(verifySeatProof(leaf, tree.proofOf(leaf.payee), tree.root, tree.total)).toBe(true)
        }
      }),
      { numRuns: 40 },
    )
  })
})
