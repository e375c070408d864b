/**
 * Differential: our ids, digests and seat trees equal those of the contract that ships, deployed on a devnet and asked over
 * HTTP with the client that the page uses; what one side refuses, the other refuses.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Devnet, deployContracts, startDevnet } from '../../devnet/index.ts'
import { bytesToHex, ChainError, ChannelError, type Hex } from '../base/index.ts'
import type { Network, TransactionSigner } from '../tron/index.ts'
import {
  type AbiInterface,
  type Address,
  addressFromBytes,
  addressOfPrivateKey,
  callConstant,
  createNodeClient,
  loadTronCodec,
  signDigest,
  toAbiAddress,
} from '../tron/index.ts'
import { type Amount, toAmount, toFeeSun } from '../units/index.ts'
import { createKeySigner } from '../wallet/key-signer.ts'
import { encodeCall } from './calls.ts'
import type { Chain, RedeemRow } from './chain.ts'
import { channelId } from './channel-id.ts'
import { planOpening } from './channel-note.ts'
import { connectChain } from './connect-chain.ts'
import { domainSeparator, openDigest, releaseDigest, voucherDigest } from './digests.ts'
import { swarmChannelsAbi } from './generated/abi.ts'
import { buildSeatTree, verifySeatProof } from './seat-tree.ts'
import { anyAddress, anyAmount, anyBytes32, anyChannel, anyLeaves } from './testing/arbitraries.ts'
import type { ChannelFields, SeatLeaf, SeatProof } from './types.ts'

const MAX_UINT128 = (1n << 128n) - 1n
const SIGNER_KEY = new Uint8Array(32).fill(7)
let devnet: Devnet
let network: Network
let abi: AbiInterface
let chain: Chain
let payer: TransactionSigner
let saltCount = 0

beforeAll(async () => {
  devnet = await startDevnet()
  network = devnet.toNetwork(await deployContracts(devnet))
  abi = (await loadTronCodec()).createInterface(swarmChannelsAbi)
  chain = await connectChain(network)
  const { viewer } = devnet.accounts
  payer = createKeySigner(viewer.privateKey)
  const [trxSun, bttAmount] = [toFeeSun(10n ** 12n), toAmount(10n ** 30n)]
  await devnet.fundAccount(viewer.address, { trxSun, bttAmount })
  await chain.send({ kind: 'approve', amount: bttAmount }, payer)
})
afterAll(() => devnet?.stop())

/** A view of the deployed contract, by a constant call. */
async function view(functionName: string, ...args: unknown[]): Promise<ArrayLike<unknown>> {
  const call = { target: network.contract, functionName, args, from: network.contract }
  return (await callConstant(createNodeClient(network.fullHost), call, abi)).output
}

/** As the ABI has it, by the encoder that transactions use. */
const channelTuple = (channel: ChannelFields): unknown =>
  encodeCall({ kind: 'startClose', channel }, () => true).args[0]
const leafTuples = (leaves: readonly SeatLeaf[]): unknown[] =>
  leaves.map((leaf) => [toAbiAddress(leaf.payee), toAbiAddress(leaf.delegate), leaf.cap])

describe('ids and digests', () => {
  it('have the same domain', async () => {
    expect([...Array.from(await view('domainSeparator'))]).toEqual([bytesToHex(domainSeparator(network))])
  })

  it('give channels the same ids', async () => {
    await fc.assert(
      fc.asyncProperty(anyChannel, async (channel) => {
        const [id] = Array.from(await view('channelId', channelTuple(channel)))
        expect(id).toBe(channelId(channel, network))
      }),
    )
  })

  it('are what vouchers, releases and openings are signed over', async () => {
    await fc.assert(
      fc.asyncProperty(anyBytes32, anyAddress, anyAmount, async (id, payee, cumulative) => {
        const message = { channelId: id, payee, cumulative }
        const args = [id, toAbiAddress(payee), cumulative]
        const [voucher] = Array.from(await view('voucherDigest', ...args))
        const [release] = Array.from(await view('releaseDigest', ...args))
        const [open] = Array.from(await view('openDigest', id))
        expect(voucher).toBe(bytesToHex(voucherDigest(message, network)))
        expect(release).toBe(bytesToHex(releaseDigest(message, network)))
        expect(open).toBe(bytesToHex(openDigest(message, network)))
      }),
      { numRuns: 60 },
    )
  })
})

describe('seat trees', () => {
  it('have the same root and total, for 1 to 128 seats', async () => {
    await fc.assert(
      fc.asyncProperty(anyLeaves(128), async (leaves) => {
        const tree = buildSeatTree(leaves)
        const [root, total] = Array.from(await view('seatTree', leafTuples(tree.leaves)))
        expect(root).toBe(tree.root)
        expect(total).toBe(tree.total)
      }),
      { numRuns: 25 },
    )
  })

  const payeeOf = (index: number): Address =>
    addressFromBytes(Uint8Array.from({ length: 20 }, (_, i) => (i < 18 ? 1 : i === 18 ? index >> 8 : index)))
  const leaf = (index: number, cap: bigint): SeatLeaf => ({
    payee: payeeOf(index),
    delegate: payeeOf(index),
    cap: cap as Amount,
  })
  const zeroAddress = addressFromBytes(new Uint8Array(20))

  it.each<[string, SeatLeaf[]]>([
    ['no seat at all', []],
    ['17 seats', Array.from({ length: 17 }, (_, index) => leaf(index, 1n))],
    ['a payee twice', [leaf(1, 5n), leaf(2, 5n), leaf(2, 6n)]],
    ['a cap of zero', [leaf(1, 5n), leaf(2, 0n)]],
    ['the zero address as a payee', [{ ...leaf(1, 5n), payee: zeroAddress }, leaf(2, 5n)]],
    ['caps that exceed uint128 together', [leaf(1, MAX_UINT128), leaf(2, 1n)]],
    ['caps that exceed it one level up', [leaf(1, 1n << 127n), leaf(2, 1n), leaf(3, 1n << 127n)]],
  ])('are refused by both for %s', async (_, leaves) => {
    expect(() => buildSeatTree(leaves)).toThrow(ChannelError)
    await expect(view('seatTree', leafTuples(leaves))).rejects.toThrow(ChainError)
  })

  it('are no trees to the contract when out of order, which our builder puts right', async () => {
    const [first, second] = [leaf(1, 5n), leaf(2, 6n)]
    await expect(view('seatTree', leafTuples([second, first]))).rejects.toThrow(ChainError)
    expect(buildSeatTree([second, first]).root).toBe(
      Array.from(await view('seatTree', leafTuples([first, second])))[0],
    )
  })
})

/** Opens a channel for the leaves; every figure is small beside what the payer has. */
async function openChannel(leaves: readonly SeatLeaf[]) {
  saltCount += 1
  const terms = { payer: payer.address, signer: addressOfPrivateKey(SIGNER_KEY), closeDelaySec: 3600 }
  const { channel, note, tree } = planOpening(leaves, terms, new Uint8Array(16).fill(saltCount))
  const untilSec = 4_000_000_000n
  await chain.send({ kind: 'fundAndOpen', amount: tree.total, untilSec, channel, note }, payer)
  return { tree, channel, id: channelId(channel, network) }
}

function voucherRow(channel: ChannelFields, leaf: SeatLeaf, path: SeatProof, cumulative: Amount): RedeemRow {
  const message = { channelId: channelId(channel, network), payee: leaf.payee, cumulative }
  const signature: Hex = signDigest(SIGNER_KEY, voucherDigest(message, network))
  return { ...message, signature, proof: { channel, leaf, path } }
}

const anySmallLeaves = anyLeaves(11).map((leaves) =>
  leaves.map((leaf, index) => ({ ...leaf, cap: toAmount((leaf.cap % 10n ** 20n) + BigInt(index) + 1n) })),
)

describe('paths', () => {
  it('of every seat are taken by both: the contract pays each its whole cap', async () => {
    await fc.assert(
      fc.asyncProperty(anySmallLeaves, async (leaves) => {
        const { tree, channel, id } = await openChannel(leaves)
        const rows = leaves.map((leaf) => voucherRow(channel, leaf, tree.proofOf(leaf.payee), leaf.cap))
        await chain.send({ kind: 'redeem', rows }, payer)
        for (const leaf of leaves) {
          expect(verifySeatProof(leaf, tree.proofOf(leaf.payee), tree.root, tree.total)).toBe(true)
          expect(await chain.getSeat(id, leaf.payee)).toEqual({ cap: leaf.cap, claimed: leaf.cap })
        }
      }),
      { numRuns: 8 },
    )
  })

  it('that were bent are refused by both, and spoil no other row', async () => {
    await fc.assert(
      fc.asyncProperty(anySmallLeaves, fc.nat(), async (leaves, pick) => {
        const { tree, channel, id } = await openChannel(leaves)
        const good = leaves[pick % leaves.length] as SeatLeaf
        const path = tree.proofOf(good.payee)
        for (const [leaf, bent] of bend(good, path)) {
          expect(verifySeatProof(leaf, bent, tree.root, tree.total)).toBe(false)
          const bad = { kind: 'redeem', rows: [voucherRow(channel, leaf, bent, toAmount(1n))] } as const
          await expect(chain.send(bad, payer)).rejects.toMatchObject({ code: 'nothing-to-redeem' })
          expect(await chain.getSeat(id, leaf.payee)).toEqual({ cap: 0n, claimed: 0n })
        }
        await chain.send({ kind: 'redeem', rows: [voucherRow(channel, good, path, good.cap)] }, payer)
        expect((await chain.getSeat(id, good.payee)).claimed).toBe(good.cap)
      }),
      { numRuns: 4 },
    )
  })
})

/** A seat and its path, wrong in one thing each. */
function bend(leaf: SeatLeaf, path: SeatProof): [SeatLeaf, SeatProof][] {
  const first = path[0] ?? { hash: bytesToHex(new Uint8Array(32)), sum: toAmount(0n), side: 'left' as const }
  const rest = path.slice(1)
  return [
    [{ ...leaf, cap: toAmount(leaf.cap + 1n) }, path],
    [{ ...leaf, delegate: addressOfPrivateKey(SIGNER_KEY) }, path],
    [leaf, [{ ...first, sum: toAmount(first.sum + 1n) }, ...rest]],
    [leaf, [{ ...first, side: first.side === 'left' ? 'right' : 'left' }, ...rest]],
    [leaf, [...path, first]],
    [leaf, Array.from({ length: 8 }, () => first)],
    ...(path.length > 0 ? ([[leaf, rest]] as [SeatLeaf, SeatProof][]) : []),
    [{ ...leaf, cap: toAmount(leaf.cap + 1n) }, [{ ...first, sum: toAmount(MAX_UINT128) }, ...rest]],
  ]
}
