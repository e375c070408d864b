/**
 * Test only: the `Chain` port in memory, with SwarmChannels' rules as far as payments can see them. Every amount moves
 * between wallets and the contract; `assertSums` says whether they add up. Faults are injected by `failNext`.
 */

import { bytesToHex, type ChainCode, ChainError, type Hex } from '../../base/index.ts'
import {
  buildSeatTree,
  type Chain,
  type ChannelFields,
  type ChannelOpening,
  type ChannelState,
  type ContractCall,
  channelId,
  isNoteOf,
  openDigest,
  rebuildSeatTree,
  releaseDigest,
  type Settlement,
  type SwarmEvent,
  verifySeatProof,
  voucherDigest,
} from '../../channels/index.ts'
import {
  type AccountMeans,
  type Address,
  addressFromBytes,
  FailedTransaction,
  type Network,
  recoverSigner,
} from '../../tron/index.ts'
import { type Amount, toAmount, toFeeSun } from '../../units/index.ts'

const addressOf = (fill: number): Address => addressFromBytes(new Uint8Array(20).fill(fill))

/** A network that no node serves. */
export const testNetwork: Network = {
  name: 'devnet',
  label: 'Test chain',
  fullHost: 'http://127.0.0.1:9',
  chainId: 0x1234abcd,
  contract: addressOf(0xc0),
  token: addressOf(0xbb),
  explorerUrl: null,
  isTestnet: true,
  faucetUrl: null,
}

export type ChainFault =
  /** Refused before the node has it. */
  | 'beforeBroadcast'
  /** The effects stand, the answer is lost. */
  | 'afterEffect'
  /** Broadcast, but a block never takes it. */
  | 'lost'
  /** In a block, and ran out of time there: burns a fee, moves nothing. */
  | 'outOfTime'
  /** The simulation says so: nothing is sent. */
  | 'outOfTimeSimulated'

/** What a transaction that ran out of time burns. */
export const BURNED_SUN = toFeeSun(70_000_000n)

interface ChannelSlot {
  readonly fields: ChannelFields
  state: ChannelState
}

export interface LedgerChain extends Chain {
  balances: Map<Address, bigint>
  /** Seconds; `startClose` and expiry go by it. */
  nowSec: bigint
  failNext(kind: ContractCall['kind'], fault: ChainFault): void
  /** What each account pays fees with. */
  means: AccountMeans
  /** False: a node without an event server. */
  hasEvents: boolean
  /** While true every method throws 'unreachable'. */
  isDown: boolean
  readonly sent: readonly ContractCall['kind'][]
  /** wallets + purses + reserved = what was minted. */
  getTotalSupply(): bigint
}

export function createLedgerChain(minted: ReadonlyMap<Address, bigint>): LedgerChain {
  const balances = new Map(minted)
  const allowances = new Map<Address, bigint>()
  const purses = new Map<string, { balance: bigint; untilSec: bigint }>()
  const channels = new Map<Hex, ChannelSlot>()
  const reserved = new Map<Hex, bigint>()
  const openings = new Map<Hex, ChannelOpening>()
  const seats = new Map<string, { cap: bigint; claimed: bigint }>()
  const receipts = new Map<Hex, SwarmEvent[]>()
  const faults: { kind: ContractCall['kind']; fault: ChainFault }[] = []
  const sent: ContractCall['kind'][] = []
  let serial = 0

  const fail = (code: ChainCode): never => {
    throw new ChainError(code, code)
  }
  const purseKey = (payer: Address, signer: Address): string => `${payer}/${signer}`
  const add = (to: Address, amount: bigint): void => void balances.set(to, (balances.get(to) ?? 0n) + amount)
  const alive = (): void => {
    if (chain.isDown) fail('unreachable')
  }

  function fund(from: Address, signer: Address, amount: bigint, untilSec: bigint): void {
    if ((balances.get(from) ?? 0n) < amount || (allowances.get(from) ?? 0n) < amount)
      fail('SwarmChannels_TokenRefused')
    add(from, -amount)
    allowances.set(from, (allowances.get(from) ?? 0n) - amount)
    const before = purses.get(purseKey(from, signer))?.balance ?? 0n
    purses.set(purseKey(from, signer), { balance: before + amount, untilSec })
  }

  function open(fields: ChannelFields, note: Hex, txId: Hex): SwarmEvent {
    const id = channelId(fields, testNetwork)
    if (!isNoteOf(note, fields)) fail('SwarmChannels_NoteMismatch')
    const purse = purses.get(purseKey(fields.payer, fields.signer))
    if (channels.has(id)) fail('SwarmChannels_AlreadyOpened')
    if (!purse || purse.balance < fields.total) return fail('SwarmChannels_PurseTooLow')
    purse.balance -= fields.total
    channels.set(id, { fields, state: { status: 'open', signer: fields.signer } })
    openings.set(txId, { channel: fields, leaves: rebuildSeatTree(note, fields).leaves, note })
    reserved.set(id, fields.total)
    return { kind: 'Opened', channelId: id, payer: fields.payer, total: fields.total, txId }
  }

  function pay(id: Hex, payee: Address, amount: bigint, txId: Hex): SwarmEvent {
    reserved.set(id, (reserved.get(id) ?? 0n) - amount)
    add(payee, amount)
    return { kind: 'SeatPaid', channelId: id, payee, amount: toAmount(amount), txId }
  }

  function settle({ channel, leaves, releases }: Settlement, txId: Hex): SwarmEvent[] {
    const id = channelId(channel, testNetwork)
    const slot = channels.get(id)
    if (!slot || slot.state.status === 'settled') return fail('SwarmChannels_NotOpen')
    const tree = buildSeatTree(leaves)
    if (tree.root !== channel.root || tree.total !== channel.total) fail('SwarmChannels_TreeMismatch')
    const isOver = slot.state.status === 'closing' && chain.nowSec >= slot.state.closeAtSec
    const events: SwarmEvent[] = []
    let refund: bigint = channel.total
    for (const leaf of leaves) {
      const claimed = seats.get(`${id}/${leaf.payee}`)?.claimed ?? 0n
      const release = releases.find(({ payee }) => payee === leaf.payee)
      let last = claimed
      if (release) {
        const by = recoverSigner(releaseDigest({ ...release, channelId: id }, testNetwork), release.signature)
        if ((by !== leaf.payee && by !== leaf.delegate) || release.cumulative > leaf.cap)
          fail('SwarmChannels_BadRelease')
        if (release.cumulative > claimed) last = release.cumulative
      } else if (!isOver && claimed !== leaf.cap) fail('SwarmChannels_SeatStillOpen')
      refund -= last
      if (last > claimed) events.push(pay(id, leaf.payee, last - claimed, txId))
    }
    slot.state = { status: 'settled' }
    reserved.set(id, 0n)
    add(channel.payer, refund)
    return [...events, { kind: 'Settled', channelId: id, refund: toAmount(refund), txId }]
  }

  function redeem(call: Extract<ContractCall, { kind: 'redeem' }>, txId: Hex): SwarmEvent[] {
    return call.rows.flatMap((row) => {
      const slot = channels.get(row.channelId)
      if (!slot || (slot.state.status !== 'open' && slot.state.status !== 'closing')) return []
      const key = `${row.channelId}/${row.payee}`
      const seat = seats.get(key) ?? { cap: 0n, claimed: 0n }
      const { proof } = row
      if (proof && verifySeatProof(proof.leaf, proof.path, slot.fields.root, slot.fields.total)) {
        seat.cap = proof.leaf.cap
      }
      if (row.cumulative <= seat.claimed || row.cumulative > seat.cap) return []
      if (recoverSigner(voucherDigest(row, testNetwork), row.signature) !== slot.fields.signer) return []
      const amount = row.cumulative - seat.claimed
      seats.set(key, { cap: seat.cap, claimed: row.cumulative })
      return [pay(row.channelId, row.payee, amount, txId)]
    })
  }

  function execute(call: ContractCall, from: Address, txId: Hex): SwarmEvent[] {
    switch (call.kind) {
      case 'approve':
        allowances.set(from, call.amount)
        return []
      case 'fund':
        fund(from, call.signer, call.amount, call.untilSec)
        return []
      case 'fundAndOpen':
        if (from !== call.channel.payer) fail('SwarmChannels_NotAllowed')
        fund(from, call.channel.signer, call.amount, call.untilSec)
        return [open(call.channel, call.note, txId)]
      case 'open': {
        const { payer, signer } = call.channel
        const id = channelId(call.channel, testNetwork)
        const isSigned =
          call.signature !== null &&
          recoverSigner(openDigest({ channelId: id }, testNetwork), call.signature) === signer
        const isInTime = chain.nowSec < (purses.get(purseKey(payer, signer))?.untilSec ?? 0n)
        if (from !== payer && !(isSigned && isInTime)) fail('SwarmChannels_BadSignature')
        return [open(call.channel, call.note, txId)]
      }
      case 'defund':
        return fail('SwarmChannels_NotAllowed')
      case 'redeem':
        return redeem(call, txId)
      case 'startClose': {
        const id = channelId(call.channel, testNetwork)
        const slot = channels.get(id)
        if (slot?.state.status !== 'open') return fail('SwarmChannels_NotOpen')
        const closeAtSec = chain.nowSec + BigInt(call.channel.closeDelaySec)
        slot.state = { status: 'closing', signer: call.channel.signer, closeAtSec }
        return [{ kind: 'Closing', channelId: id, closeAtSec, txId }]
      }
      case 'settle':
        return settle(call.settlement, txId)
      case 'closeOut': {
        const events = call.settlements.flatMap((one) => settle(one, txId))
        const purse = purses.get(purseKey(from, call.signer))
        add(from, purse?.balance ?? 0n)
        if (purse) purse.balance = 0n
        return events
      }
      default:
        return call satisfies never
    }
  }

  const chain: LedgerChain = {
    network: testNetwork,
    balances,
    nowSec: 1_700_000_000n,
    isDown: false,
    hasEvents: true,
    means: {
      balanceSun: toFeeSun(1_000_000_000n),
      energy: 0,
      stakedBytes: 0,
      freeBytes: 0,
      bttold: 0n as never,
    },
    sent,
    failNext: (kind, fault) => void faults.push({ kind, fault }),
    getTotalSupply() {
      const sum = (values: Iterable<bigint>): bigint => [...values].reduce((total, one) => total + one, 0n)
      return (
        sum(balances.values()) +
        sum([...purses.values()].map(({ balance }) => balance)) +
        sum(reserved.values())
      )
    },
    async getPrices() {
      alive()
      return { energySun: 100n, bandwidthSun: 1_000n }
    },
    async getTrxBalance() {
      alive()
      return chain.means.balanceSun
    },
    async getMeans() {
      alive()
      return { ...chain.means }
    },
    async getBttBalance(address) {
      alive()
      return toAmount(balances.get(address) ?? 0n)
    },
    async getHeadTimeMs() {
      alive()
      return Number(chain.nowSec) * 1000
    },
    async getAllowance(owner) {
      alive()
      return toAmount(allowances.get(owner) ?? 0n)
    },
    async getPurse(payer, signer) {
      alive()
      const purse = purses.get(purseKey(payer, signer))
      return { balance: toAmount(purse?.balance ?? 0n), untilSec: purse?.untilSec ?? 0n }
    },
    async getChannel(id) {
      alive()
      return channels.get(id)?.state ?? { status: 'unknown' }
    },
    async getSeat(id, payee) {
      alive()
      const seat = seats.get(`${id}/${payee}`)
      return { cap: toAmount(seat?.cap ?? 0n), claimed: toAmount(seat?.claimed ?? 0n) }
    },
    async estimateFee() {
      alive()
      return { energy: 20_000, bandwidthBytes: 300, feeSun: toFeeSun(2_300_000n) }
    },
    async send(call, signer, onBroadcast) {
      alive()
      const isNext = faults.findIndex(({ kind }) => kind === call.kind)
      if (faults[isNext]?.fault === 'outOfTimeSimulated') {
        faults.splice(isNext, 1)
        return fail('out-of-time')
      }
      serial += 1
      const txId = bytesToHex(new Uint8Array(32).fill(serial))
      await signer.signTransaction({ call, txID: txId.slice(2) })
      const index = faults.findIndex(({ kind }) => kind === call.kind)
      const fault = index < 0 ? null : faults.splice(index, 1)[0]?.fault
      if (fault === 'beforeBroadcast') return fail('refused')
      sent.push(call.kind)
      if (fault === 'lost') {
        onBroadcast?.(txId)
        return fail('unreachable')
      }
      if (fault === 'outOfTime') {
        onBroadcast?.(txId)
        throw new FailedTransaction(new ChainError('out-of-time', 'out of time'), {
          txId,
          feeSun: BURNED_SUN,
        })
      }
      receipts.set(txId, execute(call, signer.address, txId))
      onBroadcast?.(txId)
      if (fault === 'afterEffect') return fail('unreachable')
      return receiptOf(txId)
    },
    async getReceipt(txId) {
      alive()
      return receipts.has(txId) ? receiptOf(txId) : null
    },
    async getFate(txId) {
      alive()
      if (!receipts.has(txId)) return { status: 'missing' }
      const { blockNumber, feeSun } = receiptOf(txId)
      return { status: 'mined', blockNumber, feeSun, failure: null }
    },
    async getHeads() {
      alive()
      const head = { number: serial, blockId: '0x', timestampMs: Number(chain.nowSec) * 1000 } as const
      return { head, solid: head }
    },
    async getPayout(txId, payee) {
      alive()
      const paid = (receipts.get(txId) ?? []).flatMap((event) =>
        event.kind === 'SeatPaid' && event.payee === payee ? event.amount : [],
      )
      return toAmount(paid.reduce<bigint>((sum, amount) => sum + amount, 0n))
    },
    async getOpening(txId) {
      alive()
      return openings.get(txId) ?? null
    },
    async findTraces(owner) {
      alive()
      if (!chain.hasEvents) return null
      return chain.scanTraces(owner, { from: { block: 1 } })
    },
    async scanTraces(owner, { onProgress }) {
      alive()
      onProgress?.(10, 1, 10)
      const own = [...openings].filter(([, { channel }]) => channel.payer === owner)
      const keys = [...purses.keys()].map((key) => key.split('/') as [Address, Address])
      return {
        signers: keys.filter(([payer]) => payer === owner).map(([, signer]) => signer),
        openings: own.map(([txId, { channel }]) => ({ channelId: channelId(channel, testNetwork), txId })),
      }
    },
    async build(call) {
      alive()
      return {
        unsigned: { call },
        quote: { energy: 20_000, bandwidthBytes: 300, feeSun: toFeeSun(2_300_000n) },
      }
    },
    async getEvents(txId) {
      alive()
      return receipts.get(txId) ?? []
    },
  }

  function receiptOf(txId: Hex) {
    return { txId, blockNumber: serial, feeSun: toFeeSun(1_000n), energy: 10 }
  }

  return chain
}

/** What a wallet holds on the test chain. */
export function balanceOf(chain: LedgerChain, address: Address): Amount {
  return toAmount(chain.balances.get(address) ?? 0n)
}
