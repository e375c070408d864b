import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Devnet, deployContracts, startDevnet } from '../../devnet/index.ts'
import { bytesToHex, type Hex, hexToBytes } from '../base/index.ts'
import { addressOfPrivateKey, type Network, signDigest, type TransactionSigner } from '../tron/index.ts'
import { type Amount, toAmount, toFeeSun } from '../units/index.ts'
import { createKeySigner } from '../wallet/key-signer.ts'
import type { Chain, RedeemRow } from './chain.ts'
import { channelId } from './channel-id.ts'
import { planOpening } from './channel-note.ts'
import { connectChain } from './connect-chain.ts'
import { openDigest, releaseDigest, voucherDigest } from './digests.ts'
import type { SeatLeaf } from './types.ts'

const BTT = 10n ** 18n
const btt = (whole: number): Amount => toAmount(BigInt(whole) * BTT)
const sessionKey = new Uint8Array(32).fill(7)
const sessionAddress = addressOfPrivateKey(sessionKey)
const salt = (byte: number): Hex => bytesToHex(new Uint8Array(32).fill(byte))

let devnet: Devnet
let network: Network
let chain: Chain
let payer: TransactionSigner
let untilSec: bigint

beforeAll(async () => {
  devnet = await startDevnet()
  network = devnet.toNetwork(await deployContracts(devnet))
  const { viewer } = devnet.accounts
  await devnet.fundAccount(viewer.address, { trxSun: toFeeSun(5_000_000_000n), bttAmount: btt(10_000) })
  chain = await connectChain(network)
  payer = createKeySigner(viewer.privateKey)
  untilSec = BigInt(Math.floor(Date.now() / 1000) + 86_400)
  await chain.send({ kind: 'approve', amount: btt(5_000) }, payer)
})
afterAll(() => devnet?.stop())

function planChannel(caps: readonly number[], saltByte: number) {
  const { alice, bob, carol } = devnet.accounts
  const payees = [alice, bob, carol]
  const leaves: SeatLeaf[] = caps.map((cap, i) => ({
    payee: payees[i]!.address,
    delegate: sessionAddress,
    cap: btt(cap),
  }))
  const terms = { payer: payer.address, signer: sessionAddress, closeDelaySec: 3600 }
  const opening = planOpening(leaves, terms, new Uint8Array(16).fill(saltByte))
  return { ...opening, leaves, id: channelId(opening.channel, network) }
}

type Plan = ReturnType<typeof planChannel>

function voucherRow(plan: Plan, seat: number, cumulative: Amount): RedeemRow {
  const leaf = plan.leaves[seat]!
  const voucher = { channelId: plan.id, payee: leaf.payee, cumulative }
  const signature = signDigest(sessionKey, voucherDigest(voucher, network))
  return {
    ...voucher,
    signature,
    proof: { channel: plan.channel, leaf, path: plan.tree.proofOf(leaf.payee) },
  }
}

function release(plan: Plan, seat: number, cumulative: Amount) {
  const voucher = { channelId: plan.id, payee: plan.leaves[seat]!.payee, cumulative }
  return { ...voucher, signature: signDigest(sessionKey, releaseDigest(voucher, network)) }
}

describe('connectChain against the devnet', () => {
  it('reads balances and the allowance', async () => {
    expect(await chain.getBttBalance(payer.address)).toBeGreaterThanOrEqual(btt(10_000))
    expect(await chain.getTrxBalance(payer.address)).toBeGreaterThan(4_000_000_000n)
    expect(await chain.getAllowance(payer.address)).toBe(btt(5_000))
    expect(await chain.getTrxBalance(addressOfPrivateKey(new Uint8Array(32).fill(99)))).toBe(0n)
  })

  it('funds and opens, redeems with one proof a seat, settles, and paid + refunded = funded', async () => {
    const plan = planChannel([30, 20], 1)
    const before = await chain.getBttBalance(payer.address)
    let broadcastId: Hex | null = null
    const quote = await chain.estimateFee(
      { kind: 'fundAndOpen', amount: btt(60), untilSec, channel: plan.channel, note: plan.note },
      payer.address,
    )
    const opened = await chain.send(
      { kind: 'fundAndOpen', amount: btt(60), untilSec, channel: plan.channel, note: plan.note },
      payer,
      (txId) => {
        broadcastId = txId
      },
    )
    expect(broadcastId).toBe(opened.txId)
    expect(opened.energy).toBe(quote.energy)
    expect(opened.feeSun).toBeLessThanOrEqual(quote.feeSun)
    expect(await chain.getChannel(plan.id)).toEqual({ status: 'open', signer: sessionAddress })
    expect(await chain.getPurse(payer.address, sessionAddress)).toEqual({ balance: btt(10), untilSec })
    expect(await chain.getEvents(opened.txId)).toEqual([
      { kind: 'Opened', channelId: plan.id, payer: payer.address, total: btt(50), txId: opened.txId },
    ])

    const seeder = createKeySigner(devnet.accounts.seeder.privateKey)
    const rows = [voucherRow(plan, 0, btt(5)), voucherRow(plan, 0, btt(7)), voucherRow(plan, 1, btt(4))]
    const redeemed = await chain.send({ kind: 'redeem', rows }, seeder)
    const payee = plan.leaves[0]!.payee
    expect(await chain.getSeat(plan.id, payee)).toEqual({ cap: btt(30), claimed: btt(7) })
    expect(await chain.getPayout(redeemed.txId, payee)).toBe(btt(7))
    expect(await chain.getPayout(redeemed.txId, plan.leaves[1]!.payee)).toBe(btt(4))
    expect(await chain.getPayout(opened.txId, payee)).toBe(0n)

    const later = await chain.estimateFee(
      { kind: 'redeem', rows: [voucherRow(plan, 0, btt(9))] },
      seeder.address,
    )
    expect(later.bandwidthBytes).toBeLessThan(600)

    const settlement = {
      channel: plan.channel,
      leaves: [...plan.leaves].reverse(),
      releases: [release(plan, 1, btt(6)), release(plan, 0, btt(9))],
    }
    const settled = await chain.send(
      { kind: 'closeOut', settlements: [settlement], signer: sessionAddress },
      payer,
    )
    expect(await chain.getChannel(plan.id)).toEqual({ status: 'settled' })
    const refund = (await chain.getEvents(settled.txId)).find((event) => event.kind === 'Settled')
    expect(refund).toMatchObject({ refund: btt(50 - 15) })
    expect(await chain.getBttBalance(payer.address)).toBe(before - btt(15))
    expect(await chain.getReceipt(settled.txId)).toEqual(settled)
  })

  it('gives a channel and its seats back from the opening’s transaction alone', async () => {
    const plan = planChannel([3, 2, 1], 9)
    const { channel, note } = plan
    const call = { kind: 'fundAndOpen', amount: btt(6), untilSec, channel, note } as const
    const funded = await chain.send(call, payer)
    expect(await chain.getOpening(funded.txId)).toEqual({ channel, leaves: plan.tree.leaves, note })
    const next = planChannel([2], 10)
    await chain.send({ kind: 'fund', signer: sessionAddress, amount: btt(2), untilSec }, payer)
    const signature = signDigest(sessionKey, openDigest({ channelId: next.id }, network))
    const relay = createKeySigner(devnet.accounts.seeder.privateKey)
    const opened = await chain.send(
      { kind: 'open', channel: next.channel, note: next.note, signature },
      relay,
    )
    expect(await chain.getOpening(opened.txId)).toEqual({
      channel: next.channel,
      leaves: next.tree.leaves,
      note: next.note,
    })
    const closing = await chain.send({ kind: 'startClose', channel }, payer)
    expect(await chain.getOpening(closing.txId)).toBeNull()
    expect(await chain.getOpening(salt(5))).toBeNull()
  })

  it('sends no opening whose note is not the channel’s', async () => {
    const { channel } = planChannel([1], 11)
    const { note } = planChannel([2], 11)
    const call = { kind: 'fundAndOpen', amount: btt(1), untilSec, channel, note } as const
    await expect(chain.send(call, payer)).rejects.toMatchObject({ code: 'SwarmChannels_NoteMismatch' })
  })

  it('sends no redemption that would move nothing', async () => {
    const plan = planChannel([5], 12)
    const { channel, note } = plan
    await chain.send({ kind: 'fundAndOpen', amount: btt(5), untilSec, channel, note }, payer)
    const seeder = createKeySigner(devnet.accounts.seeder.privateKey)
    const over = { kind: 'redeem', rows: [voucherRow(plan, 0, btt(6))] } as const
    await expect(chain.estimateFee(over, seeder.address)).rejects.toMatchObject({ code: 'nothing-to-redeem' })
    const good = { kind: 'redeem', rows: [voucherRow(plan, 0, btt(4))] } as const
    await chain.send(good, seeder)
    const before = await chain.getTrxBalance(seeder.address)
    await expect(chain.send(good, seeder)).rejects.toMatchObject({ code: 'nothing-to-redeem' })
    expect(await chain.getTrxBalance(seeder.address)).toBe(before)
  })

  it('starts to close, and names the time', async () => {
    const plan = planChannel([1], 2)
    await chain.send(
      { kind: 'fundAndOpen', amount: btt(1), untilSec, channel: plan.channel, note: plan.note },
      payer,
    )
    const closing = await chain.send({ kind: 'startClose', channel: plan.channel }, payer)
    const state = await chain.getChannel(plan.id)
    expect(state.status).toBe('closing')
    expect((await chain.getEvents(closing.txId))[0]).toMatchObject({
      kind: 'Closing',
      closeAtSec: state.status === 'closing' ? state.closeAtSec : 0n,
    })
  })

  it('names the contract’s own error before anything is signed', async () => {
    const refusing: TransactionSigner = {
      address: payer.address,
      signTransaction: () => Promise.reject(new Error('must not be asked')),
    }
    const call = { kind: 'defund', signer: sessionAddress, amount: btt(999) } as const
    await expect(chain.send(call, refusing)).rejects.toMatchObject({ code: 'SwarmChannels_PurseTooLow' })
  })

  it('names an error of the contract that has no arguments', async () => {
    const { channel, note } = planChannel([1], 13)
    const call = { kind: 'open', channel, note, signature: `0x${'00'.repeat(65)}` } as const
    await expect(chain.estimateFee(call, devnet.accounts.seeder.address)).rejects.toMatchObject({
      code: 'SwarmChannels_BadSignature',
    })
  })

  it('says that BTT or its approval is missing', async () => {
    const { channel, note } = planChannel([1], 3)
    const fund = (amount: Amount) => ({ kind: 'fundAndOpen', amount, untilSec, channel, note }) as const
    await expect(chain.estimateFee(fund(btt(1e9)), payer.address)).rejects.toMatchObject({
      code: 'too-little-btt',
    })
    await expect(chain.estimateFee(fund(btt(9_000)), payer.address)).rejects.toMatchObject({
      code: 'not-approved',
    })
  })

  it('does not ask an account without TRX to sign', async () => {
    const poor = createKeySigner(bytesToHex(new Uint8Array(32).fill(42)))
    await devnet.fundAccount(poor.address, { trxSun: toFeeSun(1n), bttAmount: btt(1) })
    const attempt = chain.send({ kind: 'approve', amount: btt(1) }, poor)
    await expect(attempt).rejects.toMatchObject({ name: 'ChainError', code: 'too-little-trx' })
  })

  it('refuses what a wallet altered or signed with another account', async () => {
    const stranger = createKeySigner(bytesToHex(new Uint8Array(32).fill(43)))
    const call = { kind: 'approve', amount: btt(1) } as const
    const wrong = { address: payer.address, signTransaction: stranger.signTransaction }
    await expect(chain.send(call, wrong)).rejects.toMatchObject({
      name: 'WalletError',
      code: 'wrong-account',
    })
    const altering = {
      address: payer.address,
      signTransaction: async (transaction: unknown) => ({
        ...(transaction as object),
        txID: 'ff'.repeat(32),
      }),
    }
    await expect(chain.send(call, altering)).rejects.toMatchObject({ code: 'altered-transaction' })
  })

  it('refuses a node of another chain, and one that is away', async () => {
    const other = await connectChain({ ...network, chainId: 1 })
    await expect(other.getBttBalance(payer.address)).rejects.toMatchObject({ code: 'wrong-network' })
    const away = await connectChain({ ...network, fullHost: 'http://127.0.0.1:9' })
    await expect(away.getBttBalance(payer.address)).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('knows nothing of a transaction that was never sent', async () => {
    expect(await chain.getReceipt(salt(5))).toBeNull()
    expect(await chain.getEvents(salt(5))).toEqual([])
    expect(await chain.getChannel(salt(6))).toEqual({ status: 'unknown' })
  })

  it('stops waiting when it is told to, with the id kept', async () => {
    const stop = new AbortController()
    const sent = chain.send({ kind: 'approve', amount: btt(4_000) }, payer, () => stop.abort(), stop.signal)
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' })
    expect(hexToBytes(salt(1))).toHaveLength(32)
  })
})
